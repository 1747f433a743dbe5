"""Search in the meetings: bodies, items of agendas, places, decisions; and in the minutes that are
submitted or approved: a draft is the coordination's alone. Everybody who reads the convention reads
them."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from agreements.models import Version
from committee.meetings.decisions.models import Decision
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.models import Minutes
from committee.meetings.models import AgendaItem, Meeting
from committee.meetings.words import describe_when
from conventions.search.hits import Hit, SearchRequest, ranked
from ctg_portal.search.query import narrowed


def meeting_hits(asked: SearchRequest):
    """Yield the ranked hits of meetings and of the items of their agendas, of decisions, and of
    introductions and notes in minutes."""
    convention = asked.convention
    items = AgendaItem.objects.filter(meeting__convention=convention).select_related(
        "meeting__body"
    )
    decisions = Decision.objects.of(convention).select_related("meeting__body")
    live = Version.objects.live().filter(kind=MinutesCommitment.kind)
    minutes = Minutes.objects.of(convention).with_meeting()
    minutes = minutes.filter(Exists(live.filter(object_id=OuterRef("pk"))))
    discussed = items.filter(
        Exists(live.filter(object_id=OuterRef("meeting__written_minutes__pk")))
    )
    meetings, items, decisions, minutes, discussed = narrowed(
        asked.query,
        (Meeting.objects.of(convention).with_body(), ("body__name", "place")),
        (items, ("title", "note", "presenter")),
        (decisions, ("text",)),
        (minutes, ("introduction",)),
        (discussed, ("notes",)),
    )
    yield ranked(asked, "Réunions", _hits(asked, meetings, items))
    yield ranked(asked, "Décisions", _decision_hits(asked, decisions))
    yield ranked(asked, "Comptes rendus", _minutes_hits(asked, minutes, discussed))


def _decision_hits(asked: SearchRequest, decisions) -> Iterator[Hit]:
    """Yield a hit for each decision, with its meeting and state."""
    for decision in decisions:
        url = reverse("committee:decision", args=[asked.convention.slug, decision.pk])
        within = f"{decision.meeting}, {decision.get_state_display()}"
        yield Hit(str(decision), url, decision.text, within)


def _hits(asked: SearchRequest, meetings, items) -> Iterator[Hit]:
    """Yield a hit for each meeting, then for each item, which leads to its meeting."""
    slug = asked.convention.slug
    for meeting in meetings:
        url = reverse("committee:meeting", args=[slug, meeting.pk])
        yield Hit(meeting.body.name, url, meeting.place, describe_when(meeting))
    for item in items:
        url = reverse("committee:meeting", args=[slug, item.meeting_id])
        within = f"{item.meeting.body.name}, {describe_when(item.meeting)}"
        yield Hit(item.title, f"{url}#point-{item.pk}", item.note, within)


def _minutes_hits(asked: SearchRequest, minutes, items) -> Iterator[Hit]:
    """Yield a hit for each of the minutes, then for each item."""
    slug = asked.convention.slug
    for row in minutes:
        url = reverse("committee:minutes", args=[slug, row.meeting_id])
        yield Hit(str(row), url, row.introduction, "Introduction")
    for item in items:
        url = reverse("committee:minutes", args=[slug, item.meeting_id])
        yield Hit(item.title, url, item.notes, f"Compte rendu : {item.meeting}")
