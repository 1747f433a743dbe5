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
class Held:
    """How an access or a seat stands: by whom it is suspended, whose suspension was lifted."""

    state: str = "confirmed"
    suspended_by: str | None = None
    overruled: tuple = ()

    def confirm(self) -> None:
        if self.state == "suspended":
            self.overruled += (self.suspended_by,)
        self.state = "confirmed"

    def suspend(self, by: str | None) -> None:
        if self.state != "suspended":
            self.state, self.suspended_by = "suspended", by


@dataclass
class Seat(Dated):
    party: str = ""
    kind: str = "member"
    person: str = ""
    stands_for: str | None = None
    held: Held = field(default_factory=Held)

    @property
    def state(self) -> str:
        return self.held.state

    @property
    def speaks(self) -> bool:
        return self.kind in ("member", "substitute")


@dataclass
class Absence(Dated):
    seat: str = ""


@dataclass
class Delegation(Dated):
    seat: str = ""
    person: str = ""
    for_objectives: bool = True


@dataclass
class People:
    """The committee on a day."""

    day: datetime.date
    seats: dict[str, Seat] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)
    with_account: set[str] = field(default_factory=set)
    # Who has access for which party; who coordinates, for which one; who says who sits.
    accesses: dict[tuple[str, str], Held] = field(default_factory=dict)
    coordinating: dict[str, str] = field(default_factory=dict)
    referents: dict[str, str] = field(default_factory=dict)

    @property
    def with_access(self) -> set[str]:
        return {person for person, _party in self.accesses}

    def acts_for(self, person: str, party: str) -> bool:
        """By a role there, or from a seat with a voice."""
        roles = {self.referents.get(person), self.coordinating.get(person)}
        return party in roles or any(
            (s.person, s.party, s.state) == (person, party, "confirmed")
            and s.speaks and s.holds(self.day)
            for s in self.seats.values()
        )  # fmt: skip

    def is_free(self, person: str, party: str, but: Seat | None = None) -> bool:
        """Whether somebody coordinates for no other party, and sits for none."""
        if person not in self.with_account:
            return True
        elsewhere = any(
            s.person == person and s.party != party and s.speaks and not s.is_over(self.day)
            for s in self.seats.values()
            if s is not but
        )
        return self.coordinating.get(person, party) == party and not elsewhere

    # The verbs ----------------------------------------------------------------------------------

    def may_name(self, by: str, person: str, party: str) -> bool:
        is_free = (person, party) in self.accesses and self.is_free(person, party)
        return is_free and (self.referents.get(by) == party or self.coordinates(by))

    def state_of_new(self, by: str, person: str, party: str) -> str:
        at_once = self.referents.get(by) == party and by != person
        return "confirmed" if at_once else "pending"

    def may_confirm(self, by: str, seat: Seat) -> bool:
        """A référent of the party, who is not the holder, while the holder is free."""
        if seat.state == "confirmed" or seat.is_over(self.day) or by == seat.person:
            return False
        has_account = seat.person in self.with_account
        is_there = not has_account or (seat.person, seat.party) in self.accesses
        is_free = not seat.speaks or self.is_free(seat.person, seat.party, seat)
        return self.referents.get(by) == seat.party and is_there and is_free

    def confirm(self, seat: Seat) -> None:
        """What lets the holder read is confirmed with it."""
        access = self.accesses.get((seat.person, seat.party))
        for mandate in filter(None, [seat.held, access]):
            if mandate.state != "confirmed":
                mandate.confirm()

    def may_suspend(self, by: str, seat: Seat) -> bool:
        """Who acts for the party, or coordinates: not themselves, nor again whom somebody has
        confirmed since."""
        going_on = [held for held in self.mandates_beside(seat) if held.state != "suspended"]
        if not going_on or by == seat.person or any(by in held.overruled for held in going_on):
            return False
        return self.coordinates(by) or self.acts_for(by, seat.party)

    def mandates_beside(self, seat: Seat) -> list[Held]:
        """All that the holder of a seat has in its party today; of who has no account, the seat."""
        if seat.person not in self.with_account:
            return [seat.held]
        access = self.accesses.get((seat.person, seat.party))
        return [*self._seats_of(seat.person, seat.party), *filter(None, [access])]

    def _seats_of(self, person: str, party: str) -> list[Held]:
        seats = [s for s in self.seats.values() if (s.person, s.party) == (person, party)]
        return [s.held for s in seats if not s.is_over(self.day)]

    def silence(self, person: str, party: str, by: str | None) -> None:
        """Who is suspended in a party, or has left it, sits and speaks for it no more."""
        for mandate in self._seats_of(person, party):
            mandate.suspend(by)
        self.take_back(person, lambda lent: lent == party)

    def coordinate(self, person: str, party: str) -> None:
        """Who begins to coordinate for a party speaks for no other."""
        self.coordinating[person] = party
        self.accesses.setdefault((person, party), Held())
        for seat in self.seats.values():
            is_elsewhere = seat.person == person and seat.party != party
            if is_elsewhere and seat.speaks and not seat.is_over(self.day):
                seat.held.suspend(None)
        self.take_back(person, lambda lent: lent != party)

    def take_back(self, person: str, concerns) -> None:
        self.delegations = {
            key: lent
            for key, lent in self.delegations.items()
            if lent.person != person or not concerns(self.seats[lent.seat].party)
        }

    def may_end(self, by: str | None, seat: Seat) -> bool:
        """The holder, a référent, the host; who coordinates, what is pending or only advises."""
        if by in (None, seat.person) or self.referents.get(by) == seat.party:
            return True
        return self.coordinates(by) and (seat.state == "pending" or not seat.speaks)

    def may_lend(self, by: str, seat: Seat, to: str) -> bool:
        """The member alone, to somebody of the party who commits no other."""
        access = self.accesses.get((to, seat.party))
        is_there = access is not None and access.state == "confirmed"
        return by == seat.person != to and is_there and self.is_free(to, seat.party)

    # Who coordinates, sits, speaks --------------------------------------------------------------

    def coordinates(self, person: str) -> bool:
        return person in self.coordinating

    def prepares(self, person: str) -> bool:
        """Coordinators and advisers write drafts."""
        advises = any(s.person == person and s.kind == "adviser" for s in self._held(person))
        return self.coordinates(person) or advises

    def sits(self, key: str) -> bool:
        seat = self.seats[key]
        return seat.state == "confirmed" and seat.holds(self.day)

    def is_there(self, key: str) -> bool:
        """Whether a member holds the place: who is suspended does."""
        if self.seats[key].state == "suspended":
            return self.seats[key].holds(self.day)
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
        if person not in self.with_account:
            return []
        own = {
            seat.kind
            for key, seat in self.seats.items()
            if (seat.party, seat.person) == (party, person) and self.counts(key)
        }
        delegated = any(
            d.person == person
            and d.holds(self.day)
            and d.for_objectives
            and self.seats[d.seat].party == party
            and self.seats[d.seat].kind == "member"
            and self.sits(d.seat)
            for d in self.delegations.values()
        )
        held_titles = own | ({"delegate"} if delegated else set())
        return [title for title in ("member", "delegate", "substitute") if title in held_titles]

    def sits_for(self, person: str, party: str) -> bool:
        """Whether somebody holds a seat of the party, whatever it is."""
        keys = [key for key, s in self.seats.items() if (s.person, s.party) == (person, party)]
        return person in self.with_account and any(map(self.sits, keys))

    def is_silenced(self, person: str, party: str) -> bool:
        """Whether somebody who sat for a party is suspended: they take back what they said."""
        seats = [s for s in self.seats.values() if (s.person, s.party) == (person, party)]
        return any(s.speaks and s.state == "suspended" and s.holds(self.day) for s in seats)

    def advises_for(self, person: str) -> str | None:
        """The party (or body) in whose name somebody gives an avis."""
        seats = [s for s in self._held(person) if s.kind in ("adviser", "advisory")]
        return seats[0].party if seats else None

    def _held(self, person: str) -> list[Seat]:
        seats = [s for s in self.seats.values() if s.person == person and s.holds(self.day)]
        return [s for s in seats if s.state == "confirmed"]
