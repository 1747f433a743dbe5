"""Acts that change who may speak: mandates, absences, delegations, access, parties, days."""

from django.utils import timezone

from agreements.models import Absence, Delegation, Seat, Version
from agreements.seats import events as seats
from agreements.versions import settlement
from conventions.models import Membership, Party, Role
from tests import factories as f
from tests.agreements import clock
from tests.agreements.model import people
from tests.agreements.model.people import DAY
from tests.agreements.model.player import Player, act
from tests.agreements.model.reference import REFUSED, TAKEN
from tests.agreements.model.world import HOMES

ASKED = ["claire", "simon", "denis", "eva", "paul", "nora", "mathieu", "perle", "carl"]


class Mandates(Player):
    def new_key(self) -> str:
        self.count = getattr(self, "count", 0) + 1
        return f"v{self.count}"

    @property
    def today(self):
        return self.rules.people.day

    def current_seats(self, *kinds) -> list[str]:
        held = self.rules.people.seats.items()
        return [key for key, s in held if s.kind in kinds and s.holds(self.today) and not s.ends]

    def seat(self, key: str) -> Seat:
        return Seat.objects.get(pk=self.world.seats[key].pk)

    @act(2)
    def days_pass(self, dice):
        self.rules.people.day += self.choose(dice, [1, 1, 1, 3, 16]) * DAY
        self.look()

    @act(when=lambda self: self.versions_in("in_force", "replaced"))
    def publish(self, dice):
        """What a report does to the versions that it quotes: those in force, or what was in force
        at the end of its year."""
        version = self.choose(dice, self.versions_in("in_force", "replaced"))
        self.rules.publish(version)
        with clock.on(self.today):
            row = Version.objects.filter(pk=self.version(version).pk)
            row.update(published_at=timezone.now())
        self.look()

    # Seats ------------------------------------------------------------------------------------

    @act(when=lambda self: self.current_seats("member", "substitute", "adviser"))
    def end_mandate(self, dice):
        key = self.choose(dice, self.current_seats("member", "substitute", "adviser"))
        seat, last_day = self.rules.people.seats[key], self.today - DAY
        seat.before = seat.starts, seat.ends, self.today
        seat.starts, seat.ends = min(seat.starts, last_day), last_day
        self.play(TAKEN, lambda: seats.end_seat(self.seat(key), by=self.user("cora")))

    @act(2, when=lambda self: self.cut_short())
    def contest_ending(self, dice):
        """Somebody of the party says that the mandate goes on; the member says so, and is silent
        until somebody else there confirms it."""
        key = self.choose(dice, self.cut_short())
        people, seat = self.rules.people, self.rules.people.seats[key]
        starts, ends, day = seat.before
        able = {p for p in people.acting_for(seat.party) - {"cora"}
                if people.acting_since(p, seat.party) <= (day, 0)}  # fmt: skip
        if seat.person in people.of_party(seat.party):
            able.add(seat.person)
        person = self.mostly(dice, sorted(able), [*ASKED, "cora"])
        again = any(
            (s.person, s.party, s.kind) == (seat.person, seat.party, seat.kind)
            and s is not seat
            and not (s.ends and s.ends < starts)
            for s in people.seats.values()
        )
        in_time = self.today <= day + self.world.convention.contest_days * DAY
        taken = person in able and in_time and not again
        self.do(
            TAKEN if taken else REFUSED,
            lambda: seats.contest_ending(self.seat(key), by=self.user(person)),
        )
        if taken:
            seat.starts, seat.ends, seat.before = starts, ends, None
            seat.waits = seat.waits or person == seat.person
        self.look()

    def cut_short(self) -> list[str]:
        return [key for key, seat in self.rules.people.seats.items() if seat.before]

    @act()
    def name_member(self, dice):
        """Somebody takes an empty chair, or sits beside the others."""
        chairs = [("nora", "epci"), ("denis", "caf"), ("eva", "epci"), ("paul", "msa")]
        person, party = self.choose(dice, chairs)
        held = self.rules.people.seats.values()
        has_it = any(
            (s.person, s.party, s.kind) == (person, party, "member")
            and not (s.ends and s.ends < self.today)
            for s in held
        )
        if has_it or person not in self.rules.people.with_access:
            return
        key = f"{person}, {party}, {len(held)}"
        is_at_home = self.rules.people.may_speak_up(person, party)
        seat = self.do(
            TAKEN if is_at_home else REFUSED,
            lambda: seats.name_to_seat(
                self.world.organisations[party], kind="member", capacity="Élue",
                user=self.user(person), act=self.world.act, by=self.user("cora"),
            ),
        )  # fmt: skip
        if is_at_home:
            now, waits = self.rules.people.now, self.is_from_outside(party)
            # An objection outlasts the seat.
            before = [s for s in held if (s.person, s.party) == (person, party) and s.suspended]
            self.rules.people.seats[key] = people.Seat(
                self.today, None, party, "member", person, waits=waits, suspended=bool(before),
                giver="cora", given=now, spoke=() if waits or before else now,
                objected=before[0].objected if before else (),
            )  # fmt: skip
            self.world.seats[key] = seat
        self.look()

    def is_from_outside(self, party: str) -> bool:
        """Whether what the coordinator gives in that party awaits its word."""
        return "cora" not in self.rules.people.of_party(party)

    @act(when=lambda self: self.current_seats("member", "substitute", "adviser"))
    def object_to_seat(self, dice):
        held = self.current_seats("member", "substitute", "adviser")
        waiting = [key for key in held if self.rules.people.seats[key].waits]
        key = self.mostly(dice, waiting, held)
        seat = self.rules.people.seats[key]
        # All have access since before anybody was named; some act since later.
        able = self.rules.people.objectors(seat)
        person = self.mostly(dice, sorted(able), ASKED)
        taken = person in able and not seat.suspended
        self.play(
            TAKEN if taken else REFUSED,
            lambda: seats.object_to_seat(self.seat(key), by=self.user(person)),
        )
        if taken:
            seat.suspended, seat.objected = True, self.rules.people.now
        self.look()

    @act(4, when=lambda self: self.silenced())
    def confirm_seat(self, dice):
        """Mostly somebody of the party; now and then the holder, who named, or anybody."""
        key = self.choose(dice, self.silenced())
        seat = self.rules.people.seats[key]
        objected = seat.objected if seat.suspended else ()
        able = self.rules.people.confirmers(seat.party, seat.person, seat.giver, objected)
        person = self.mostly(dice, sorted(able), [*ASKED, "cora"])
        taken = person in able
        self.do(
            TAKEN if taken else REFUSED,
            lambda: seats.confirm_seat(self.seat(key), by=self.user(person)),
        )
        if taken:
            seat.spoke = seat.spoke or self.rules.people.now
            seat.waits = seat.suspended = False
        self.look()

    def silenced(self) -> list[str]:
        held = self.rules.people.seats.items()
        return [key for key, seat in held if (seat.waits or seat.suspended) and not seat.ends]

    # Absences and delegations -----------------------------------------------------------------

    @act(when=lambda self: self.current_seats("member"))
    def go_away(self, dice):
        days, key = (
            self.choose(dice, [0, 1, 5, None]),
            self.choose(dice, self.current_seats("member")),
        )
        if any(a.seat == key for a in self.rules.people.absences.values()):
            return
        ends = None if days is None else self.today + days * DAY
        self.rules.people.absences[key] = people.Absence(self.today, ends, key)
        self.world.absences[key] = self.do(
            TAKEN,
            lambda: seats.declare_absence(
                self.seat(key), starts_on=self.today, ends_on=ends, by=self.user("cora")
            ),
        )
        self.look()

    @act(when=lambda self: self.rules.people.absences)
    def come_back(self, dice):
        key = self.choose(dice, self.rules.people.absences)
        absence = self.rules.people.absences[key]
        if absence.is_over(self.today):
            return
        absence.starts = min(absence.starts, self.today - DAY)
        absence.ends = self.today - DAY
        found = Absence.objects.get(pk=self.world.absences[key].pk)
        self.play(TAKEN, lambda: seats.end_absence(found, by=self.user("cora")))

    @act(2, when=lambda self: self.current_seats("member"))
    def delegate(self, dice):
        days, for_objectives = self.choose(dice, [0, 4, None]), dice.random() < 2 / 3
        key, person = self.choose(dice, self.current_seats("member")), "denis"
        delegation = f"{key} to {person}"
        taken = delegation in self.rules.people.delegations
        if taken or person not in self.rules.people.with_access:
            return
        if self.rules.people.seats[key].person == person:
            return
        ends = None if days is None else self.today + days * DAY
        # Who coordinates lends a voice to people of its party alone, whatever the act.
        is_colleague = HOMES[person] == self.rules.people.seats[key].party
        given = self.do(
            TAKEN if is_colleague else REFUSED,
            lambda: seats.delegate(
                self.seat(key), user=self.user(person), capacity="Adjoint", starts_on=self.today,
                ends_on=ends, kinds=["objective" if for_objectives else "article"],
                act=self.world.act, by=self.user("cora"),
            ),
        )  # fmt: skip
        if is_colleague:
            self.world.delegations[delegation] = given
            self.rules.people.delegations[delegation] = people.Delegation(
                self.today, ends, key, person, for_objectives,
                waits=self.rules.people.seats[key].person in self.rules.people.with_account
                or self.is_from_outside(self.rules.people.seats[key].party),
            )  # fmt: skip
        self.look()

    @act(3, when=lambda self: any(d.waits for d in self.rules.people.delegations.values()))
    def confirm_delegation(self, dice):
        """The member lends the voice; where that one has no account, somebody else of the party
        says so: not who gave it."""
        waiting = [key for key, d in self.rules.people.delegations.items() if d.waits]
        key = self.choose(dice, waiting)
        lent = self.rules.people.delegations[key]
        party = self.rules.people.seats[lent.seat].party
        member = self.rules.people.seats[lent.seat].person
        able = self.rules.people.confirmers(party, lent.person, "cora")
        able = {member} if member in self.rules.people.with_account else able
        person = self.mostly(dice, sorted(able), [*ASKED, "cora"])
        is_over = lent.ends and lent.ends < self.today
        taken = person in able and not is_over
        found = Delegation.objects.get(pk=self.world.delegations[key].pk)
        self.do(
            TAKEN if taken else REFUSED,
            lambda: seats.confirm_delegation(found, by=self.user(person)),
        )
        if taken:
            lent.waits = False
        self.look()

    @act(when=lambda self: self.rules.people.delegations)
    def take_delegation_back(self, dice):
        key = self.choose(dice, self.rules.people.delegations)
        delegation = self.rules.people.delegations.pop(key)
        if delegation.ends and delegation.ends < self.today:
            return
        found = Delegation.objects.get(pk=self.world.delegations[key].pk)
        self.play(TAKEN, lambda: seats.end_delegation(found, by=self.user("cora")))

    # Access and parties -----------------------------------------------------------------------

    @act()
    def lose_or_get_access(self, dice):
        person = self.choose(dice, ["carl", "claire", "eva", "denis", "aline", "mathieu"])
        people = self.rules.people
        # What is given anew to who coordinates elsewhere would be given meanwhile.
        if people.coordinating.get(person) not in {None, *people.homes[person]}:
            return
        rows = Membership.objects.filter(user=self.user(person))
        with clock.on(self.today):
            if person in people.with_access:
                rows.active().update(ended_at=timezone.now())
            else:
                people.begun[person] = people.now
                for held in {(row.organisation, row.role) for row in rows}:
                    f.MembershipFactory(user=self.user(person), organisation=held[0], role=held[1])
        people.with_access.symmetric_difference_update({person})
        self.look()

    @act()
    def coordinate_or_lay_down(self, dice):
        """Who sits, or speaks by delegation, begins to coordinate for a party, or ceases to."""
        person, party = self.choose(dice, [("paul", "epci"), ("denis", "caf"), ("eva", "caf")])
        people = self.rules.people
        held = Membership.objects.active().filter(user=self.user(person), role=Role.COORDINATOR)
        if person not in people.with_access:
            return
        if people.coordinating.pop(person, None):
            held.delete()
        else:
            people.coordinating[person], people.begun[person] = party, people.now
            organisation, user = self.world.organisations[party], self.user(person)
            with clock.on(self.today):
                f.MembershipFactory(user=user, organisation=organisation, coordinator=True)
        self.look()

    @act(2)
    def amend_parties(self, dice):
        """The convention is loaded again, and names other parties."""
        possible = [{"caf", "epci"}, {"caf", "epci", "msa"}, {"caf", "msa"}]
        required = self.choose(dice, [each for each in possible if each != self.rules.required])
        self.rules.name_parties(set(required))
        for key in ("caf", "epci", "msa"):
            party = Party.objects.filter(organisation=self.world.organisations[key])
            party.update(agreement_required=key in required)
        self.do(TAKEN, lambda: settlement.settle_all(self.world.convention))
        self.look()
