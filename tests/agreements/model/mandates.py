"""Acts that change who may speak: mandates, absences, delegations, access, parties, days."""

from django.utils import timezone

from agreements.answers import settlement
from agreements.models import Absence, Delegation, Seat, Version
from agreements.seats import events as seats
from conventions.access import events as access
from conventions.models import Membership, Party, Role
from tests import factories as f
from tests.agreements import clock
from tests.agreements.model import people as people_
from tests.agreements.model.people import DAY, Held
from tests.agreements.model.player import Player, act
from tests.agreements.model.reference import REFUSED, TAKEN
from tests.agreements.model.world import HOMES

ASKED = [
    "claire", "simon", "denis", "eva", "paul", "mathieu", "perle", "carl", "cora", "remi", "rita",
]  # fmt: skip
# Who may be named to which chair, and who names.
CHAIRS = [
    ("nora", "epci"), ("denis", "caf"), ("eva", "epci"), ("paul", "msa"), ("remi", "caf"),
]  # fmt: skip
NAMING = ["cora", "remi", "rita", "claire"]


class Mandates(Player):
    def new_key(self) -> str:
        self.count = getattr(self, "count", 0) + 1
        return f"v{self.count}"

    @property
    def today(self):
        return self.rules.people.day

    def current_seats(self, *kinds) -> list[str]:
        keyed_seats = self.rules.people.seats.items()
        return [
            key for key, s in keyed_seats if s.kind in kinds and s.holds(self.today) and not s.ends
        ]

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

    def able(self, asked) -> list[str]:
        return [person for person in ASKED if asked(person)]

    @act(when=lambda self: self.current_seats("member", "substitute", "adviser"))
    def end_mandate(self, dice):
        key = self.choose(dice, self.current_seats("member", "substitute", "adviser"))
        people, seat, last_day = self.rules.people, self.rules.people.seats[key], self.today - DAY
        person = self.mostly(dice, self.able(lambda by: people.may_end(by, seat)), ASKED)
        taken = people.may_end(person, seat)
        if taken:
            seat.starts, seat.ends = min(seat.starts, last_day), last_day
        self.play(
            TAKEN if taken else REFUSED,
            lambda: seats.end_seat(self.seat(key), by=self.user(person)),
        )

    @act(2)
    def name_member(self, dice):
        """Somebody takes an empty chair, or sits beside the others."""
        people, (person, party) = self.rules.people, self.choose(dice, CHAIRS)
        has_it = any(
            (s.person, s.party, s.kind) == (person, party, "member") and not s.is_over(self.today)
            for s in people.seats.values()
        )
        if has_it:
            return
        key, by = f"{person}, {party}, {len(people.seats)}", self.choose(dice, NAMING)
        taken = people.may_name(by, person, party)
        state = people.state_of_new(by, person, party)
        self.world.seats[key] = self.do(
            TAKEN if taken else REFUSED,
            lambda: seats.name_to_seat(
                self.world.organisations[party], kind="member", capacity="Élue",
                user=self.user(person), by=self.user(by),
            ),
        )  # fmt: skip
        if taken:
            mandate = Held(state)
            people.seats[key] = people_.Seat(
                self.today, None, party, "member", person, held=mandate
            )
        self.look()

    @act(when=lambda self: self.suspendable())
    def suspend_seat(self, dice):
        people, key = self.rules.people, self.choose(dice, self.suspendable())
        seat = people.seats[key]
        person = self.mostly(dice, self.able(lambda by: people.may_suspend(by, seat)), ASKED)
        taken = people.may_suspend(person, seat)
        self.do(
            TAKEN if taken else REFUSED,
            lambda: seats.suspend_seat(self.seat(key), by=self.user(person)),
        )
        if taken:
            for mandate in people.mandates_beside(seat):
                mandate.suspend(person)
            if seat.person in people.with_account:
                people.silence(seat.person, seat.party, person)
        self.look()

    def suspendable(self) -> list[str]:
        """Those whose holder has no other role there: who coordinates would lay it down."""
        people = self.rules.people
        keys = self.current_seats("member", "substitute", "adviser")
        return [k for k in keys if people.coordinating.get(people.seats[k].person) is None]

    @act(5, when=lambda self: self.unconfirmed())
    def confirm_seat(self, dice):
        """Mostly a référent of the party; now and then the holder, who named, or anybody."""
        people, key = self.rules.people, self.choose(dice, self.unconfirmed())
        seat = people.seats[key]
        person = self.mostly(dice, self.able(lambda by: people.may_confirm(by, seat)), ASKED)
        taken = people.may_confirm(person, seat)
        self.do(
            TAKEN if taken else REFUSED,
            lambda: seats.confirm_seat(self.seat(key), by=self.user(person)),
        )
        if taken:
            people.confirm(seat)
        self.look()

    def unconfirmed(self) -> list[str]:
        keyed_seats = self.rules.people.seats.items()
        return [key for key, seat in keyed_seats if seat.state != "confirmed" and not seat.ends]

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
        self.rules.people.absences[key] = people_.Absence(self.today, ends, key)
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
        stored = Absence.objects.get(pk=self.world.absences[key].pk)
        self.play(TAKEN, lambda: seats.end_absence(stored, by=self.user("cora")))

    @act(2, when=lambda self: self.current_seats("member"))
    def delegate(self, dice):
        """The member in person; now and then somebody else."""
        days, for_objectives = self.choose(dice, [0, 4, None]), dice.random() < 2 / 3
        key, person = self.choose(dice, self.current_seats("member")), "denis"
        people, seat, delegation = self.rules.people, self.rules.people.seats[key], f"of {key}"
        if seat.person not in people.with_account or delegation in self.world.delegations:
            return
        by = self.mostly(dice, [seat.person], ASKED)
        taken = people.may_lend(by, seat, person)
        ends = None if days is None else self.today + days * DAY
        given = self.do(
            TAKEN if taken else REFUSED,
            lambda: seats.delegate(
                self.seat(key), user=self.user(person), capacity="Adjoint", starts_on=self.today,
                ends_on=ends, kinds=["objective" if for_objectives else "article"],
                by=self.user(by),
            ),
        )  # fmt: skip
        if taken:
            self.world.delegations[delegation] = given
            people.delegations[delegation] = people_.Delegation(
                self.today, ends, key, person, for_objectives
            )
        self.look()

    @act(when=lambda self: self.rules.people.delegations)
    def take_delegation_back(self, dice):
        key = self.choose(dice, self.rules.people.delegations)
        delegation = self.rules.people.delegations.pop(key)
        if delegation.ends and delegation.ends < self.today:
            return
        stored = Delegation.objects.get(pk=self.world.delegations[key].pk)
        self.play(TAKEN, lambda: seats.end_delegation(stored, by=stored.seat.user))

    # Access and parties -----------------------------------------------------------------------

    @act()
    def leave_or_return(self, dice):
        """Who leaves is suspended, and stays so on their return."""
        person = self.choose(dice, ["claire", "eva", "denis", "aline", "mathieu"])
        people, home = self.rules.people, HOMES[person]
        if person in people.coordinating:
            return
        user, organisation = self.user(person), self.world.organisations[home]
        with clock.on(self.today):
            if people.accesses.pop((person, home), None):
                people.silence(person, home, person)
                [membership] = Membership.objects.active().filter(
                    user=user, organisation=organisation
                )
                access.end_membership(membership, by=user)
            else:
                people.accesses[person, home] = Held()
                f.MembershipFactory(user=user, organisation=organisation, reader=True)
        self.look()

    @act()
    def coordinate_or_lay_down(self, dice):
        """Who sits, or speaks by delegation, begins to coordinate for a party, or ceases to."""
        person, party = self.choose(dice, [("paul", "epci"), ("denis", "caf"), ("eva", "caf")])
        people, is_home = self.rules.people, HOMES[person] == party
        user, organisation = self.user(person), self.world.organisations[party]
        if is_home and (person, party) not in people.accesses:
            return
        with clock.on(self.today):
            if people.coordinating.pop(person, None):
                if not is_home:
                    del people.accesses[person, party]
                    people.silence(person, party, person)
                membership = Membership.objects.active().get(user=user, role=Role.COORDINATOR)
                access.end_membership(membership, by=user)
            else:
                people.coordinate(person, party)
                access.open_access(user=user, organisation=organisation, role=Role.COORDINATOR)
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
