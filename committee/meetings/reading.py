"""Meetings as pages, messages and documents show them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from agreements.models import Version
from committee.meetings.models import (
    DEFERRED,
    AgendaDocument,
    AgendaItem,
    ItemOutcome,
    Meeting,
    MeetingState,
    Reply,
    total_minutes,
)
from committee.meetings.words import format_hour
from conventions.models import Convention
from ctg_portal.house import OfferedItem, house, in_turn
from ctg_portal.templatetags.french import in_words, long_date


@dataclass(frozen=True)
class PlannedItem:
    """An item of an agenda, with the time at which it is planned to begin. ``number``: its place,
    from 1. ``versions``: the points to validate that it is about."""

    number: int
    item: AgendaItem
    begins: datetime.time
    versions: list[Version]

    @property
    def hour(self) -> str:
        return format_hour(self.begins)


def planned_items(meeting: Meeting) -> list[PlannedItem]:
    """Return the items of a meeting in their order, each with its time; in three queries."""
    versions = Version.objects.numbered().with_subjects().defer("text", "search_text")
    rows = meeting.items.prefetch_related(
        Prefetch("versions", versions.order_by("proposed_at", "pk")), "documents__document"
    ).order_by("rank", "pk")
    return list(_planned(rows, meeting.begins_at))


def _planned(items: Iterable[AgendaItem], begins_at: datetime.time) -> Iterable[PlannedItem]:
    """Yield items with the time at which each begins; beyond midnight they begin at 23 h 59."""
    minute, last = begins_at.hour * 60 + begins_at.minute, 24 * 60 - 1
    for number, item in enumerate(items, start=1):
        hour, left = divmod(min(minute, last), 60)
        yield PlannedItem(number, item, datetime.time(hour, left), list(item.versions.all()))
        minute += item.minutes


def excess_minutes(meeting: Meeting, planned: list[PlannedItem]) -> int:
    """Return by how many minutes an agenda is longer than its meeting; 0 where it fits."""
    return max(total_minutes(row.item for row in planned) - meeting.minutes_planned, 0)


def meetings_of(convention: Convention) -> list[Meeting]:
    """Return the meetings of a convention, those without a day and the latest first, each with
    ``item_count``, ``coming_count`` and ``convened_count``; one query."""
    return list(
        Meeting.objects.of(convention)
        .with_body()
        .annotate(
            item_count=Count("items", distinct=True),
            convened_count=Count("attendees", distinct=True),
            coming_count=Count(
                "attendees", filter=Q(attendees__reply=Reply.PRESENT), distinct=True
            ),
        )
    )


def offered_items(meeting: Meeting, today: datetime.date) -> list[OfferedItem]:
    """Return the items that were put off in earlier meetings of the body, then the standing items
    that rooms offer; those that the meeting does not have yet."""
    present = set(meeting.items.exclude(standing="").values_list("standing", flat=True))
    offered = in_turn(house().agenda_items, meeting.convention, today)
    return deferred_items(meeting) + [item for item in offered if item.key not in present]


def deferred_items(meeting: Meeting) -> list[OfferedItem]:
    """Return what was put off in meetings of the body that took place, and no other meeting has
    taken up; its points are those that are still proposed."""
    meetings = Meeting.objects.filter(body=meeting.body_id).exclude(pk=meeting.pk)
    taken_up = AgendaItem.objects.filter(
        meeting__body=meeting.body_id, standing__startswith=DEFERRED
    ).exclude(meeting__state=MeetingState.CANCELLED)
    taken = set(taken_up.values_list("standing", flat=True))
    rows = AgendaItem.objects.filter(
        outcome=ItemOutcome.DEFERRED, meeting__in=meetings.filter(state=MeetingState.HELD)
    ).select_related("meeting")
    rows = rows.prefetch_related("versions").order_by("meeting__day", "rank", "pk")
    return [
        OfferedItem(
            row.deferred_key, row.title,
            f"Renvoyé à plus tard le {long_date(row.meeting.day)}.", row.minutes,
            [version for version in row.versions.all() if version.is_proposed],
        )
        for row in rows
        if row.deferred_key not in taken
    ]  # fmt: skip


def points_item(convention: Convention, today: datetime.date) -> Iterable[OfferedItem]:
    """Yield the item of the points that await an answer, where there are any."""
    versions = list(Version.objects.of(convention).proposed().order_by("proposed_at", "pk"))
    if versions:
        waiting = in_words(len(versions), "point attend une réponse,points attendent une réponse")
        note = f"{waiting[:1].upper()}{waiting[1:]}."
        yield OfferedItem("points", "Points à valider", note, 30, versions)


def agenda_documents(convention: Convention) -> list:
    """Return a queryset of the keys of stored files that are read with agendas."""
    rows = AgendaDocument.objects.filter(item__meeting__convention=convention)
    return [rows.values("document")]


def text_of(version: Version) -> list[tuple[str, str]]:
    """Return label and text of what a version states beside its title; none where it is read on a
    page of its own, or ends its row."""
    if version.commitment.is_read_apart or version.ends:
        return []
    return [
        (line.label, line.text)
        for line in version.commitment.lines(version.content)
        if line.is_informative and line.text != version.title
    ]
