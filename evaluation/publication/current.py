"""Compare what was frozen with what the portal says now."""

from dataclasses import asdict, replace

from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import STATISTICS
from ctg_portal.rules import Refusal
from evaluation.editions.frozen import FORMAT, plain_of
from evaluation.editions.models import Edition, Snapshot
from evaluation.period import Period
from evaluation.publication import rights
from evaluation.publication.differences import ContentChange, changes_between
from evaluation.report.content import ReportContent
from evaluation.report.for_reader import content_for_reader
from evaluation.report.reading import read_period
from evaluation.year.for_reader import OF_YEARS


def changed_since(edition: Edition) -> Refusal | None:
    """Return why a submitted content may no longer be agreed to or published: the portal says
    something else now, a figure waits for its secrecy to be decided, or the collection was
    cancelled. None where its digest is still the same."""
    content = current_content(edition)
    if content is None:
        return rights.CHANGED
    if says_the_same(content, edition.snapshot):
        return None
    return rights.refuse_pending(content) or rights.CHANGED


def says_the_same(content: ReportContent, snapshot: Snapshot) -> bool:
    """Return whether a content is the frozen one. Of one that an earlier release froze, whose
    digest is of its own format, whether nothing that is read in it differs; the usual order of
    sections, which came with a release, aside."""
    if content.digest == snapshot.digest:
        return True
    if snapshot.schema == FORMAT:
        return False
    frozen = plain_of(snapshot)
    same_sections = replace(content, sections=frozen.get("sections", content.sections))
    return not changes_between(frozen, asdict(same_sections))


def current_content(edition: Edition) -> ReportContent | None:
    """Return what the evaluation of the edition's period would say if it were submitted now; None
    where its collection was cancelled."""
    return read_period(edition.evaluation.convention, edition.period)


@cached(*OF_YEARS, shared=(STATISTICS,))
def changes_by_now(
    convention: Convention, period: Period, edition: int, *, is_public: bool
) -> list[ContentChange]:
    """Return the differences from an edition, by its primary key, to what the portal says now: to
    everybody (``is_public``), or with drafts."""
    frozen = Edition.objects.of(convention).select_related("snapshot").get(pk=edition).snapshot
    now = content_for_reader(convention, period, is_public=is_public)
    return changes_between(plain_of(frozen), asdict(now))
