"""Who speaks for whom, told naively from the rules (art. 4). Nothing of the portal is used here."""

import datetime
from dataclasses import dataclass, field

DAY = datetime.timedelta(days=1)


@dataclass
class Dated:
    """Something that holds from a day to another, both included."""

    starts: datetime.date
    ends: datetime.date | None = None

    def holds(self, day: datetime.date) -> bool:
        return self.starts <= day and not self.is_over(day)

    def is_over(self, day: datetime.date) -> bool:
        return self.ends is not None and self.ends < day


@dataclass
class Seat(Dated):
    party: str = ""
    kind: str = "member"
    person: str = ""
    stands_for: str | None = None
    # Given by somebody of another party, nobody of this one has confirmed it.
    waits: bool = False
    suspended: bool = False
    # Who named, if anybody of the portal; in which order it was named, and first spoke; when it was
    # last objected to.
    giver: str = ""
    given: tuple = ()
    spoke: tuple = ()
    objected: tuple = ()
    # Its first and last day before somebody cut it short, and when that was.
    before: tuple | None = None


@dataclass
class Absence(Dated):
    seat: str = ""


@dataclass
class Delegation(Dated):
    seat: str = ""
    person: str = ""
    for_objectives: bool = True
    waits: bool = False


@dataclass
class People:
    """The committee on a day."""

    day: datetime.date
    seats: dict[str, Seat] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)
    with_account: set[str] = field(default_factory=set)
    with_access: set[str] = field(default_factory=set)
    # For which parties each person has access, and who coordinates, for which one.
    homes: dict[str, set[str]] = field(default_factory=dict)
    coordinating: dict[str, str] = field(default_factory=dict)
    # When somebody began to coordinate, or was let in anew, in this run.
    begun: dict[str, tuple] = field(default_factory=dict)

    @property
    def now(self) -> tuple:
        """After all that was there at the beginning; acts of one day are at one moment."""
        return self.day, 0

    def acting_since(self, person: str, party: str) -> tuple | None:
        """Since when somebody acts for it, by what they act with today."""
        if person not in self.acting_for(party):
            return None
        if self.coordinates(person):
            return self.begun.get(person, (datetime.date.min, -1))
        return min(
            s.spoke
            for key, s in self.seats.items()
            if (s.person, s.party) == (person, party)
            and s.kind in ("member", "substitute")
            and self.sits(key)
        )

    def objectors(self, seat: "Seat") -> set[str]:
        """Who says that somebody does not speak for their party: of what waits, whoever is of it;
        else who acted there when it was given."""
        if seat.waits:
            return self.of_party(seat.party) - {seat.person}
        able = self.acting_for(seat.party) - {seat.person}
        return {p for p in able if self.acting_since(p, seat.party) <= seat.given}

    def acting_for(self, party: str) -> set[str]:
        """Who lets others speak for it: its people who coordinate for it, or speak from a seat."""
        return {
            person
            for person in self.of_party(party)
            if self.coordinates(person)
            or any(
                s.person == person and s.party == party and s.kind in ("member", "substitute")
                and self.sits(key)
                for key, s in self.seats.items()
            )
        }  # fmt: skip

    def of_party(self, party: str) -> set[str]:
        """Whose word counts for a party: who has access there, and coordinates for no other."""
        there = {p for p, homes in self.homes.items() if party in homes and p in self.with_access}
        return {p for p in there if not self.coordinates(p) or self.coordinating[p] == party}

    def confirmers(self, party: str, holder: str, giver: str, objected: tuple = ()) -> set[str]:
        """Who may say that somebody speaks for a party: who acts for it, not who gave or holds
        it; ``objected``: when somebody said no, which who came later does not answer."""
        able = self.acting_for(party) - {holder, giver}
        return {p for p in able if not objected or self.acting_since(p, party) <= objected}

    def coordinates(self, person: str) -> bool:
        return person in self.coordinating and person in self.with_access

    def prepares(self, person: str) -> bool:
        """Coordinators and advisers write drafts."""
        advises = any(s.person == person and s.kind == "adviser" for s in self._held(person))
        return self.coordinates(person) or (advises and person in self.with_access)

    def may_speak_up(self, person: str, party: str) -> bool:
        """Who is there, and does not coordinate for another party."""
        there = person in self.with_account and person in self.with_access
        return there and self.coordinating.get(person, party) == party

    def sits(self, key: str) -> bool:
        """In mandate, and not somebody who was sent away from the convention; who coordinates
        speaks for no other party than her own."""
        seat = self.seats[key]
        if seat.waits or seat.suspended:
            return False
        if seat.kind in ("member", "substitute") and seat.person in self.with_account:
            return seat.holds(self.day) and self.may_speak_up(seat.person, seat.party)
        gone = seat.person in self.with_account and seat.person not in self.with_access
        return seat.holds(self.day) and not gone

    def is_there(self, key: str) -> bool:
        away = any(a.seat == key and a.holds(self.day) for a in self.absences.values())
        return self.sits(key) and not away

    def counts(self, key: str) -> bool:
        """Members always; a substitute while none of those they stand in for is there."""
        seat = self.seats[key]
        if not self.sits(key) or seat.kind not in ("member", "substitute"):
            return False
        if seat.kind == "member":
            return True
        named = self.seats.get(seat.stands_for)
        if named and named.starts > self.day:
            return False
        if named and named.holds(self.day):
            return not self.is_there(seat.stands_for)
        members = [k for k, s in self.seats.items() if (s.party, s.kind) == (seat.party, "member")]
        return not any(self.is_there(member) for member in members)

    def titles(self, person: str, party: str) -> list[str]:
        """How a person may bind a party today: as a member, by delegation, as a substitute."""
        if person not in self.with_account or person not in self.with_access:
            return []
        own = {
            seat.kind
            for key, seat in self.seats.items()
            if (seat.party, seat.person) == (party, person) and self.counts(key)
        }
        delegated = any(
            d.person == person
            and not d.waits
            and self.may_speak_up(person, party)
            and d.holds(self.day)
            and d.for_objectives
            and self.seats[d.seat].party == party
            and self.seats[d.seat].kind == "member"
            and self.sits(d.seat)
            for d in self.delegations.values()
        )
        found = own | ({"delegate"} if delegated else set())
        return [title for title in ("member", "delegate", "substitute") if title in found]

    def sits_for(self, person: str, party: str) -> bool:
        """Whether somebody with access holds a seat of the party, whatever it is."""
        held = [key for key, s in self.seats.items() if (s.person, s.party) == (person, party)]
        return person in self.with_access and any(map(self.sits, held))

    def advises_for(self, person: str) -> str | None:
        """The party (or body) in whose name somebody gives an avis."""
        if person not in self.with_access:
            return None
        seats = [s for s in self._held(person) if s.kind in ("adviser", "advisory")]
        return seats[0].party if seats else None

    def _held(self, person: str) -> list[Seat]:
        held = [s for s in self.seats.values() if s.person == person and s.holds(self.day)]
        return [s for s in held if not s.waits and not s.suspended]
