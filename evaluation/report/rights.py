"""Who may have a report composed, and download it."""

from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal
from evaluation.models import Report


def may_build_report(asker, convention: Convention) -> Refusal | None:
    """Have the annual evaluation composed."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_download_report(asker, report: Report) -> Refusal | None:
    """Every member reads it once it is there; who sees the convention is the caller's to check."""
    return None if report.is_ready else Refusal("Ce rapport n’est pas encore prêt.")
