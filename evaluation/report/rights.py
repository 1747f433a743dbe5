"""Decide who may have a report composed, and download it."""

from accounts.models import User
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal
from evaluation.editions.rights import may_read_drafts
from evaluation.report.models import Report


def may_build_report(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not have a report composed, or None; ``asker=None`` is the
    system."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_download_report(asker: User, report: Report) -> Refusal | None:
    """Return why ``asker`` may not download a report, or None: those who write, validate or agree
    may. The caller has checked that ``asker`` sees the convention."""
    if not report.is_ready:
        return Refusal("Ce rapport n’est pas encore prêt.")
    return may_read_drafts(asker, report.convention)


def may_take_files(asker: User, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not take files of what the report would say now, or None. The caller
    has checked that ``asker`` sees the convention."""
    return may_read_drafts(asker, convention)
