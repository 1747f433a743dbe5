"""Who may have a report composed, and download it."""

from accounts.models import User
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal
from evaluation.editions.rights import may_read_drafts
from evaluation.report.models import Report


def may_build_report(asker: User | None, convention: Convention) -> Refusal | None:
    """Have the annual evaluation composed."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_download_report(asker: User, report: Report) -> Refusal | None:
    """A project is read by who writes, validates or agrees; who sees the convention is the caller's
    to check."""
    if not report.is_ready:
        return Refusal("Ce rapport n’est pas encore prêt.")
    return may_read_drafts(asker, report.convention)


def may_take_files(asker: User, convention: Convention) -> Refusal | None:
    """Take what the report would say now as files: as a project of it; who sees the convention is
    the caller's to check."""
    return may_read_drafts(asker, convention)
