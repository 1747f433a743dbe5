"""The pack of a meeting: agenda, notes, points, past decisions, what moved since the last one."""

import datetime
from dataclasses import dataclass
from operator import attrgetter

from agreements.models import Version
from committee.meetings.decisions.models import Decision
from committee.meetings.models import Meeting, MeetingState
from committee.meetings.reading import PlannedItem, planned_items, text_of
from committee.meetings.words import describe_when, format_minutes
from committee.words import heading_of
from ctg_portal.house import PackChapter, house, in_turn
from ctg_portal.templatetags.french import long_date
from documents.models import StoredFile

# What is attached to a file that is read on a telephone, in bytes; the rest is named.
MOST_ATTACHED = 25 * 1024**2


@dataclass(frozen=True)
class PackPoint:
    """A point to validate as it is proposed: its text by field, and why."""

    heading: str
    title: str
    note: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class PackItem:
    """An item of the agenda. ``documents``: names of files that are read with it."""

    number: int
    hour: str
    title: str
    details: str
    note: str
    documents: list[str]
    points: list[PackPoint]


@dataclass(frozen=True)
class PackDecision:
    """A decision that is still to be followed up."""

    mark: str
    text: str
    details: str


@dataclass(frozen=True)
class Pack:
    """All that a pack shows. ``since``: the day of the meeting before, in words. ``attached``: the
    keys of the files that it carries, ``left_out`` the names of those that are too heavy."""

    convention: str
    title: str
    when: str
    place: str
    items: list[PackItem]
    decisions: list[PackDecision]
    chapters: list[PackChapter]
    since: str
    attached: list[int]
    left_out: list[str]


def read_pack(meeting: Meeting, today: datetime.date) -> Pack:
    """Return the pack of a meeting, as everybody who reads the convention may read it today."""
    convention = meeting.convention
    planned = planned_items(meeting)
    keys = {version.pk for row in planned for version in row.versions}
    texts = Version.objects.filter(pk__in=keys).with_subjects().in_bulk()
    since = _last_day(meeting, today)
    chapters = in_turn(house().pack_chapters, convention, since, today)
    attached, left_out = _attached(planned)
    decisions = Decision.objects.of(convention).to_follow().select_related("owner")
    return Pack(
        convention=str(convention),
        title=f"{meeting.body.name} : livret de séance",
        when=describe_when(meeting),
        place=meeting.place,
        items=[_item(row, texts) for row in planned],
        decisions=[_decision(row, today) for row in decisions.order_by("year", "number")],
        chapters=sorted(chapters, key=attrgetter("rank")),
        since=long_date(since),
        attached=attached,
        left_out=left_out,
    )


def _last_day(meeting: Meeting, today: datetime.date) -> datetime.date:
    """Return the day of the last meeting of the same body that was held; without one, the first day
    of the convention, or a year ago where it has none."""
    before = Meeting.objects.of(meeting.convention).filter(
        body=meeting.body_id, state=MeetingState.HELD, day__lt=meeting.day or today
    )
    last = before.exclude(pk=meeting.pk).order_by("-day").first()
    if last is not None:
        return last.date
    return meeting.convention.start or today - datetime.timedelta(days=365)


def _item(row: PlannedItem, texts: dict[int, Version]) -> PackItem:
    """Return an item of the agenda as the pack shows it. ``texts``: the versions, by key, with
    texts."""
    item = row.item
    details = [item.get_kind_display(), format_minutes(item.minutes)]
    if item.presenter:
        details.append(f"présenté par {item.presenter}")
    return PackItem(
        number=row.number,
        hour=row.hour,
        title=item.title,
        details=", ".join(details),
        note=item.note,
        documents=[attached.document.name for attached in item.documents.all()],
        points=[_point(texts[version.pk]) for version in row.versions],
    )


def _point(version: Version) -> PackPoint:
    """Return a point as the pack shows it, its heading saying where it would be given up."""
    heading = heading_of(version)
    return PackPoint(
        heading=f"{heading}, à abandonner" if version.ends else heading,
        title=version.title,
        note=version.note,
        lines=text_of(version),
    )


def _decision(decision: Decision, today: datetime.date) -> PackDecision:
    """Return a decision to follow up, with who is in charge and until when, late or not."""
    details = [decision.owner.name] if decision.owner else []
    if decision.due_on:
        late = ", en retard" if decision.is_late(today) else ""
        details.append(f"pour le {long_date(decision.due_on)}{late}")
    return PackDecision(decision.mark, decision.text, ", ".join(details))


def _attached(planned: list[PlannedItem]) -> tuple[list[int], list[str]]:
    """Return the keys of the documents that are attached, in the order of the agenda, and the names
    of those that would make the file too heavy."""
    weight, keys, left_out = 0, [], []
    for row in planned:
        for attached in row.item.documents.all():
            stored: StoredFile = attached.document
            if stored.erased_at:
                continue
            if weight + stored.size > MOST_ATTACHED:
                left_out.append(stored.name)
                continue
            weight += stored.size
            keys.append(stored.pk)
    return keys, left_out
