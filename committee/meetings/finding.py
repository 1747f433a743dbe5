"""Search in the meetings: bodies, items of agendas, places. Everybody who reads the convention
reads them."""

from collections.abc import Iterator

from django.urls import reverse

from committee.meetings.decisions.models import Decision
from committee.meetings.models import AgendaItem, Meeting
from committee.meetings.words import describe_when
from conventions.search.hits import Hit, SearchRequest, ranked
from ctg_portal.search.query import narrowed


def meeting_hits(asked: SearchRequest):
    """Yield the ranked hits of meetings and of the items of their agendas."""
    convention = asked.convention
    items = AgendaItem.objects.filter(meeting__convention=convention)
    meetings, items, decisions = narrowed(
        asked.query,
        (Meeting.objects.of(convention).with_body(), ("body__name", "place")),
        (items.select_related("meeting__body"), ("title", "note", "presenter")),
        (Decision.objects.of(convention).select_related("meeting__body"), ("text",)),
    )
    yield ranked(asked, "Réunions", _hits(asked, meetings, items))
    yield ranked(asked, "Décisions", _decision_hits(asked, decisions))


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
