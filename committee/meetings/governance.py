"""How the committee has worked in a period: who sat, who met, who was there, what was decided and
what became of it. Plain data, as the period stood on its last day."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from agreements.answers.lights import required_of
from agreements.models import SeatKind
from agreements.seats.voices import bench_of
from committee.meetings.decisions.models import Decision, DecisionState
from committee.meetings.models import Attendee, Meeting, MeetingState
from committee.words import format_answer_count
from conventions.models import Convention, Party
from ctg_portal.templatetags.french import long_date, plural

# Seats as they are counted, in their order.
SEATS = (
    (SeatKind.MEMBER, "membre,membres"),
    (SeatKind.SUBSTITUTE, "suppléant,suppléants"),
    (SeatKind.ADVISORY, "siège à titre consultatif,sièges à titre consultatif"),
    (SeatKind.ADVISER, "instructeur,instructeurs"),
)


@dataclass(frozen=True)
class SeatsLine:
    """The seats of an organisation on the last day, and at how many of the meetings of the comité
    de pilotage it was there or represented: « 3 sur 4 », empty where none was held."""

    name: str
    seats: str
    attendance: str


@dataclass(frozen=True)
class MeetingLine:
    """A meeting that was held: ``present``, how many people were there, empty where nobody ticked
    it; ``represented``, which of the parties were."""

    title: str
    present: str
    represented: str


@dataclass(frozen=True)
class DecisionLine:
    """A decision with what had become of it on the last day."""

    title: str
    text: str
    owner: str
    deadline: str
    state: str


@dataclass(frozen=True)
class Governance:
    """How the committee has worked; ``sentence`` counts it."""

    sentence: str
    seats: list[SeatsLine]
    meetings: list[MeetingLine]
    decisions: list[DecisionLine]


def read_governance(
    convention: Convention, first: datetime.date, last: datetime.date
) -> Governance | None:
    """Return how the committee has worked from one day to another, both included; None where no
    meeting was held."""
    meetings = list(
        Meeting.objects.of(convention)
        .with_body()
        .filter(state=MeetingState.HELD, day__range=(first, last))
        .order_by("day", "begins_at", "pk")
    )
    if not meetings:
        return None
    attendees = defaultdict(list)
    rows = Attendee.objects.filter(meeting__in=meetings).select_related("proxy")
    for row in rows:
        attendees[row.meeting_id].append(row)
    decisions = _decisions(meetings, last)
    counts = [format_answer_count(len(meetings), "réunion tenue,réunions tenues")]
    if decisions:
        done = sum(line.state == DecisionState.DONE.label for line in decisions)
        counts.append(format_answer_count(len(decisions), "décision prise,décisions prises"))
        if done:
            counts.append(f"dont {format_answer_count(done, 'faite,faites')}")
    sentence = ", ".join(counts)
    return Governance(
        sentence=f"{sentence[:1].upper()}{sentence[1:]}.",
        seats=_seats(convention, last, meetings, attendees),
        meetings=_meetings(convention, meetings, attendees),
        decisions=decisions,
    )


def _there(attendees: list[Attendee]) -> set[int | None]:
    """Return the keys of the organisations of which somebody was there, or represented by somebody
    who was."""
    return {
        row.organisation_id
        for row in attendees
        if row.is_present or (row.proxy is not None and row.proxy.is_present)
    }


def _seats(
    convention: Convention, last: datetime.date, meetings: list[Meeting],
    attendees: dict[int, list[Attendee]],
) -> list[SeatsLine]:  # fmt: skip
    """Return a line for each organisation with seats on the last day, the parties that must agree
    first: its seats, and at how many of the comités de pilotage where presence was noted it was
    there."""
    bench = bench_of(convention, last)
    steering = [meeting for meeting in meetings if meeting.body.is_steering]
    ticked = [row for row in steering if any(a.is_present for a in attendees[row.pk])]
    seats = defaultdict(list)
    for seat in bench.seats:
        if bench.sits(seat):
            seats[seat.organisation].append(seat.kind)
    order = [party.pk for party in required_of(convention)]
    lines = []
    places = {pk: place for place, pk in enumerate(order)}
    for organisation in sorted(seats, key=lambda row: (places.get(row.pk, len(places)), row.name)):
        kinds = seats[organisation]
        counts = [plural(kinds.count(kind), words) for kind, words in SEATS if kind in kinds]
        times = sum(organisation.pk in _there(attendees[row.pk]) for row in ticked)
        attendance = f"{times} sur {len(ticked)}" if ticked else ""
        lines.append(SeatsLine(organisation.name, ", ".join(counts), attendance))
    return lines


def _meetings(
    convention: Convention, meetings: list[Meeting], attendees: dict[int, list[Attendee]]
) -> list[MeetingLine]:
    """Return a line for each meeting: how many were present (empty where nobody was noted), and the
    acronyms of the parties that were there or represented."""
    parties = Party.objects.of(convention).select_related("organisation").order_by("rank", "pk")
    names = {party.organisation_id: party.organisation.acronym for party in parties}
    lines = []
    for meeting in meetings:
        people = attendees[meeting.pk]
        count = sum(row.is_present is True for row in people)
        there = _there(people)
        lines.append(
            MeetingLine(
                title=str(meeting),
                present=str(count) if count else "",
                represented=", ".join(name for pk, name in names.items() if pk in there),
            )
        )
    return lines


def _decisions(meetings: list[Meeting], last: datetime.date) -> list[DecisionLine]:
    """Return the decisions of these meetings, each in its state on the last day; one that was typed
    in later, in its first state."""
    rows = Decision.objects.filter(meeting__in=meetings).select_related("owner")
    rows = rows.prefetch_related("transitions").order_by("year", "number")
    lines = []
    for row in rows:
        acts = sorted(row.transitions.all(), key=lambda act: (act.created_at, act.pk))
        until = [act for act in acts if timezone.localdate(act.created_at) <= last] or acts[:1]
        state = DecisionState(until[-1].to_state) if until else DecisionState(row.state)
        lines.append(
            DecisionLine(
                title=str(row),
                text=row.text,
                owner=row.owner.name if row.owner else "",
                deadline=long_date(row.due_on) if row.due_on else "",
                state=str(state.label),
            )
        )
    return lines
