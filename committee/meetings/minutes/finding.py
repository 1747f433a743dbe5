"""Search in the minutes that are submitted or approved: a draft is the coordination's alone."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from agreements.models import Version
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.models import Minutes
from committee.meetings.models import AgendaItem
from conventions.search.hits import Hit, SearchRequest, ranked
from ctg_portal.search.query import narrowed


def minutes_hits(asked: SearchRequest):
    """Yield the ranked hits in introductions and in the notes of items."""
    live = Version.objects.live().filter(kind=MinutesCommitment.kind)
    minutes = Minutes.objects.of(asked.convention).with_meeting()
    minutes = minutes.filter(Exists(live.filter(object_id=OuterRef("pk"))))
    items = AgendaItem.objects.filter(meeting__convention=asked.convention)
    items = items.filter(
        Exists(live.filter(object_id=OuterRef("meeting__written_minutes__pk")))
    ).select_related("meeting__body")
    written, discussed = narrowed(asked.query, (minutes, ("introduction",)), (items, ("notes",)))
    yield ranked(asked, "Comptes rendus", _hits(asked, written, discussed))


def _hits(asked: SearchRequest, minutes, items) -> Iterator[Hit]:
    """Yield a hit for each of the minutes, then for each item."""
    slug = asked.convention.slug
    for row in minutes:
        url = reverse("committee:minutes", args=[slug, row.meeting_id])
        yield Hit(str(row), url, row.introduction, "Introduction")
    for item in items:
        url = reverse("committee:minutes", args=[slug, item.meeting_id])
        yield Hit(item.title, url, item.notes, f"Compte rendu : {item.meeting}")
