"""What the portal says now of what was frozen: whether it is still what the parties are asked."""

from ctg_portal.rules import Refusal
from evaluation.models import Edition
from evaluation.publication import rights
from evaluation.report.content import ReportContent
from evaluation.report.reading import read_period


def changed_since(edition: Edition) -> Refusal | None:
    """Why the frozen content is no longer what the portal says: nothing, without a collection."""
    content = current_content(edition)
    if content is None:
        return rights.CHANGED
    if content.digest == edition.snapshot.digest:
        return None
    return rights.not_ready(content) or rights.CHANGED


def current_content(edition: Edition) -> ReportContent | None:
    """What the evaluation of its period says now; None where its collection was cancelled."""
    return read_period(edition.evaluation.convention, edition.period)
