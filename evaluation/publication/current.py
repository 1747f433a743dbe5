"""What the portal says now of what was frozen: whether it is still what the parties are asked."""

from dataclasses import asdict

from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.rules import Refusal
from evaluation.models import Edition
from evaluation.period import Period
from evaluation.publication import rights
from evaluation.publication.differences import ContentChange, changes_between
from evaluation.publication.frozen import plain_of
from evaluation.publication.published import OF_YEARS, told_content
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


@cached(*OF_YEARS)
def changes_by_now(
    convention: Convention, period: Period, edition: int, *, is_public: bool
) -> list[ContentChange]:
    """What the portal says otherwise by now than an edition, by its primary key; ``is_public``: as
    a year is told (``told_content``)."""
    frozen = Edition.objects.of(convention).select_related("snapshot").get(pk=edition).snapshot
    now = told_content(convention, period, is_public=is_public)
    return changes_between(plain_of(frozen), asdict(now))
