"""What was decided, by meeting: decisions, and points that came into force or were given up."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from agreements.models import Agreement, State, Version
from committee.meetings.decisions.models import Decision
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.models import Meeting
from committee.words import format_answer_count
from conventions.models import Convention
from ctg_portal.house import OfferedItem


@dataclass(frozen=True)
class PointDecided:
    """A point that came into force on a ``day``, with the answers of the parties. ``sign``,
    ``word``: its light today."""

    version: Version
    day: datetime.date
    answers: list[Agreement]

    @property
    def is_given_up(self) -> bool:
        return self.version.ends

    @property
    def sign(self) -> str:
        """The light of the point: « change » where it was given up, « ok » where it is in force, «
        again » where it no longer is."""
        if self.is_given_up:
            return "change"
        return "ok" if self.version.state == State.IN_FORCE else "again"

    @property
    def word(self) -> str:
        """« en vigueur », « remplacé », « abandonné »."""
        if self.is_given_up:
            return "abandonné"
        return "en vigueur" if self.version.state == State.IN_FORCE else "remplacé"


@dataclass
class Sitting:
    """What a meeting has decided; without a ``meeting``, what was agreed to in writing."""

    meeting: Meeting | None
    decisions: list[Decision] = field(default_factory=list)
    points: list[PointDecided] = field(default_factory=list)


@dataclass
class Decided:
    """The decisions of a ``year``, by meeting, the latest first; ``years``: those with some."""

    year: int
    years: list[int]
    sittings: list[Sitting]

    @property
    def decisions(self) -> list[Decision]:
        return [decision for sitting in self.sittings for decision in sitting.decisions]

    @property
    def points(self) -> list[PointDecided]:
        return [point for sitting in self.sittings for point in sitting.points]


def read_decided(convention: Convention, asked: str, today: datetime.date) -> Decided:
    """Return what was decided in the year ``asked``, the latest year with something where it names
    none."""
    moments = dict(decided_versions(convention).values_list("pk", "in_force_at"))
    days = {pk: timezone.localdate(moment) for pk, moment in moments.items()}
    taken = Decision.objects.of(convention).values_list("year", flat=True).distinct()
    years = sorted({day.year for day in days.values()} | set(taken), reverse=True)
    year = int(asked) if asked.isdecimal() and int(asked[:5]) in years else max(years, default=0)
    year = year or today.year
    meetings = Meeting.objects.of(convention).with_body().filter(state="held", day__year=year)
    sittings = {meeting.pk: Sitting(meeting) for meeting in meetings}
    in_writing = Sitting(None)
    decisions = Decision.objects.of(convention).filter(year=year).select_related("owner")
    for decision in decisions.order_by("number"):
        sitting = sittings.get(decision.meeting_id)
        (sitting or in_writing).decisions.append(decision)
    for point in _points(convention, {pk: day for pk, day in days.items() if day.year == year}):
        sitting = next(
            (row for row in sittings.values() if row.meeting and row.meeting.day == point.day), None
        )
        (sitting or in_writing).points.append(point)
    rows = [*sittings.values(), in_writing]
    return Decided(year, years, [row for row in rows if row.decisions or row.points])


def _points(convention: Convention, days: dict[int, datetime.date]) -> list[PointDecided]:
    """Return the points with these days, the latest first, with their answers."""
    versions = list(
        Version.objects.filter(pk__in=days)
        .with_subjects()
        .defer("text", "search_text")
        .order_by("-in_force_at", "-pk")
    )
    answers: dict[int, list[Agreement]] = defaultdict(list)
    entries = Agreement.objects.current().filter(version__in=days).select_related("organisation")
    for entry in entries.order_by("created_at", "pk"):
        answers[entry.version_id].append(entry)
    return [PointDecided(row, days[row.pk], answers[row.pk]) for row in versions]


def decisions_item(convention: Convention, today: datetime.date) -> Iterable[OfferedItem]:
    """Yield the item of decisions to follow up, which opens an agenda: late ones are named."""
    rows = list(Decision.objects.of(convention).to_follow())
    if not rows:
        return
    late = [row for row in rows if row.is_late(today)]
    waiting = format_answer_count(len(rows), "décision est à suivre,décisions sont à suivre")
    note = f"{waiting[:1].upper()}{waiting[1:]}."
    if late:
        marks = ", ".join(row.mark for row in reversed(late))
        note += f" En retard : {marks}."
    yield OfferedItem("decisions", "Suites des décisions", note, 10, opens=True)


def decided_versions(convention: Convention):
    """Return the versions of the committee that came into force, the latest first, without
    minutes, which only report decisions."""
    rows = Version.objects.of(convention).from_committee().filter(in_force_at__isnull=False)
    rows = rows.exclude(kind=MinutesCommitment.kind)
    return rows.with_subjects().defer("text", "search_text").order_by("-in_force_at", "-pk")
