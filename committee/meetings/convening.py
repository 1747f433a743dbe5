"""Who is asked to come to a meeting, and whether each party will be there."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils import timezone

from agreements.models import SeatKind
from agreements.seats.voices import bench_of
from committee.meetings.models import (
    Attendee,
    Meeting,
    Reply,
)
from committee.meetings.rules import rules_for
from conventions.models import Organisation
from ctg_portal.templatetags.french import in_words, plural

# Of several seats of one person, the one that comes first here.
ORDER = [SeatKind.MEMBER, SeatKind.SUBSTITUTE, SeatKind.ADVISER, SeatKind.ADVISORY]


def people_to_convene(meeting: Meeting, day: datetime.date) -> list[Attendee]:
    """Return unsaved rows for who sits in the body of a meeting on a day: the seats of the comité
    de pilotage that count, the members of another body. One row a person."""
    if not meeting.body.is_steering:
        members = meeting.body.members.select_related("user", "organisation")
        return [
            Attendee(
                meeting=meeting, organisation=member.organisation, user=member.user,
                name=member.name, capacity=member.capacity, email=member.email,
            )
            for member in members
        ]  # fmt: skip
    # The seats are those that the page has read; which of them count is asked of the day.
    bench = replace(bench_of(meeting.convention, timezone.localdate()), day=day)
    rows: dict[object, Attendee] = {}
    sitting = [seat for seat in bench.seats if bench.sits(seat)]
    for seat in sorted(sitting, key=lambda seat: ORDER.index(SeatKind(seat.kind))):
        rows.setdefault(
            seat.user_id or ("seat", seat.pk),
            Attendee(
                meeting=meeting, organisation=seat.organisation, seat=seat, user=seat.user,
                name=seat.name, capacity=seat.capacity, commits=seat.speaks,
            ),
        )  # fmt: skip
    return list(rows.values())


@dataclass
class PartyReplies:
    """What the people of one organisation have answered, the party's name and the number of
    members who are to be there at least (0: none is asked)."""

    organisation: Organisation | None
    least: int = 0
    is_required: bool = False
    attendees: list[Attendee] = field(default_factory=list)

    def of(self, reply: str) -> list[Attendee]:
        return [attendee for attendee in self.attendees if attendee.reply == reply]

    @property
    def coming(self) -> int:
        """The number of members who come or are represented by somebody who comes; a substitute
        counts in the place of a member who does not."""
        return len(counted(self.attendees))

    @property
    def is_there(self) -> bool:
        """Whether as many come as the convention asks, one at least."""
        return self.coming >= max(self.least, 1)

    @property
    def is_absent(self) -> bool:
        """Whether everybody who commits the party has answered that they do not come."""
        committing = [attendee for attendee in self.attendees if attendee.commits]
        return all(attendee.reply == Reply.ABSENT for attendee in committing)

    @property
    def state(self) -> str:
        """The light of the party."""
        return "ok" if self.is_there else "change" if self.is_absent else "awaited"

    @property
    def word(self) -> str:
        """The words of the light: « sera là », « ne sera pas là », « réponse attendue »."""
        if self.is_there:
            return "sera là"
        if self.is_absent:
            return "ne sera pas là"
        if self.coming:
            return f"{self.coming} sur {self.least} attendus"
        return "réponse attendue"


def counted(attendees: Iterable[Attendee]) -> list[Attendee]:
    """Return those of one organisation who count as there: members who come, then those whose
    pouvoir is with somebody who comes, then substitutes for the members who do not."""
    committing = [attendee for attendee in attendees if attendee.commits]
    members = [row for row in committing if not _substitutes(row)]
    coming = {attendee.pk for attendee in committing if attendee.comes}
    there = [row for row in members if row.comes or (row.proxy_id and row.proxy_id in coming)]
    missing = max(len(members) - len(there), 0 if members else len(committing))
    substitutes = [row for row in committing if _substitutes(row) and row.comes]
    return [*there, *substitutes[:missing]]


def _substitutes(attendee: Attendee) -> bool:
    return attendee.seat is not None and attendee.seat.kind == SeatKind.SUBSTITUTE


class Replies:
    """What everybody who was convened to a meeting has answered, by organisation: the parties
    whose agreement is required first."""

    def __init__(self, meeting: Meeting, required: list[Organisation]):
        """Read all attendees of the meeting, with what is asked of it."""
        rows = meeting.attendees.select_related("user", "organisation", "seat", "proxy")
        self.attendees = list(rows)
        self.required = required if meeting.body.is_steering else []
        rules = rules_for(meeting)
        self.quorum = rules.quorum
        groups: dict[int | None, PartyReplies] = {
            party.pk: PartyReplies(party, rules.least.get(party.pk, 0), is_required=True)
            for party in self.required
        }
        for row in self.attendees:
            group = groups.setdefault(row.organisation_id, PartyReplies(row.organisation))
            group.attendees.append(row)
        self.groups = sorted(groups.values(), key=lambda group: group.organisation is None)

    @property
    def parties(self) -> list[PartyReplies]:
        return [group for group in self.groups if group.is_required]

    @property
    def coming(self) -> list[Attendee]:
        return [attendee for attendee in self.attendees if attendee.comes]

    @property
    def silent(self) -> list[Attendee]:
        return [attendee for attendee in self.attendees if attendee.reply == Reply.NONE]

    @property
    def without_address(self) -> list[Attendee]:
        """The attendees to whom nothing can be sent."""
        return [attendee for attendee in self.attendees if not attendee.address]

    @property
    def sentence(self) -> str:
        """Return « 7 viennent, 1 se fait représenter, 3 n’ont pas répondu »."""
        counts = [
            (len(self.coming), "vient,viennent"),
            (self._count(Reply.REPRESENTED), "se fait représenter,se font représenter"),
            (self._count(Reply.ABSENT), "ne vient pas,ne viennent pas"),
            (len(self.silent), "n’a pas répondu,n’ont pas répondu"),
        ]
        return ", ".join(plural(count, words) for count, words in counts if count)

    @property
    def has_quorum(self) -> bool:
        """Whether as many members come, or are represented, as the convention asks."""
        return sum(group.coming for group in self.groups) >= self.quorum

    @property
    def quorum_words(self) -> str:
        """Return what is asked and whether it is reached; empty where nothing is asked."""
        if not self.quorum:
            return ""
        asked = in_words(
            self.quorum, "membre présent ou représenté,membres présents ou représentés"
        )
        reached = "atteint" if self.has_quorum else "pas encore atteint"
        return f"Quorum {reached} : la convention demande {asked}."

    def _count(self, reply: str) -> int:
        return sum(attendee.reply == reply for attendee in self.attendees)


def proxies_for(attendee: Attendee, attendees: Iterable[Attendee]) -> list[Attendee]:
    """Return to whom somebody may give a pouvoir: those who commit the same organisation, and
    neither stay away nor are represented themselves."""
    return [
        other
        for other in attendees
        if other.pk != attendee.pk
        and other.commits
        and other.organisation_id == attendee.organisation_id
        and other.reply in (Reply.NONE, Reply.PRESENT)
    ]
