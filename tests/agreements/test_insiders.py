"""Two who coordinate, and whoever else would help them, gain no voice and no eyes of a party whose
own people let nobody in, whatever they do in whatever order.

The Caf's people, its référent first, click on nothing, save that its member may say no to what is
typed in her name. All that the portal offers is tried at random by everybody else, on anybody.
"""

import datetime
from random import Random, random
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Invitation
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Absence, Agreement, Delegation, Seat, SeatKind, State
from agreements.seats import events as seats
from agreements.seats.voices import bench_of
from committee.elections import events as elections
from committee.models import Outcome, Renewal
from conventions.access import events as access
from conventions.access.guarding import guard
from conventions.access.organisations import give_address
from conventions.hosting import events as hosting
from conventions.models import Membership, MembershipOffer, Role
from ctg_portal.rules import Refused
from indicators.collection.rights import contributor_of
from indicators.models import Value
from indicators.values import events as values
from indicators.values import giving
from indicators.values.figure import Figure
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.databases import examples
from tests.indicators.factories import campaign_of, indicator_in_force

pytestmark = pytest.mark.django_db

STEPS = 150


class Insiders:
    """One run."""

    def __init__(self, dice: Random):
        self.dice, self.now, self.told = dice, timezone.now(), []
        committee = self.committee = committee_of()
        committee.caf.masking_threshold = 5
        committee.caf.save()
        self.caf, self.epci = committee.caf, committee.epci
        self.asso = f.OrganisationFactory(convention=committee.convention, masking_threshold=5)
        self.bodies = [self.caf, self.epci, self.asso]
        self.member = committee.caf_member
        agent = f.MembershipFactory(organisation=self.caf).user
        referent = f.referent_of(self.caf)
        self.owner = f.MembershipFactory(organisation=self.asso).user
        self.protected = self.entry(provider=self.caf, is_confidential=True)
        self.begun = self.entry(enterer=self.asso, provider=self.asso)
        values.save_value(self.protected, Figure(number=2), by=agent)
        values.save_value(self.begun, Figure(number=4321), by=self.owner)
        SeatFactory(organisation=self.caf, user=None, name="Jeanne Sans-Compte")
        adviser = SeatFactory(organisation=self.caf, adviser=True)
        former = SeatFactory(organisation=self.caf)
        self.insiders = [
            committee.coordinator,
            f.MembershipFactory(organisation=self.epci, coordinator=True).user,
            f.MembershipFactory(organisation=self.epci).user, f.referent_of(self.epci),
            committee.epci_member, f.MembershipFactory(organisation=self.caf, reader=True).user,
            adviser.user, former.user, f.UserFactory(),
        ]  # fmt: skip
        # She sat for the Caf, and reads it still.
        seats.end_seat(former, by=None)
        self.honest = [self.member, agent, self.owner, referent]
        self.version = committee.proposed()
        self.agreed = committee.in_force("Ce que la Caf a dit")
        self.act = a_document(committee.coordinator)

    def entry(self, **values):
        indicator = indicator_in_force(self.committee, **values)
        year = 2022 + len(self.committee.extra)
        self.committee.extra[year] = indicator
        return campaign_of(self.committee, year, [indicator]).campaign_indicators.get()

    def any(self, rows):
        rows = list(rows)
        return self.dice.choice(rows) if rows else None

    def body(self):
        return self.any([self.caf, self.caf, *self.bodies])

    def row(self, model):
        return self.any(model.objects.order_by("-pk")[:12])

    # What may be tried -------------------------------------------------------------------------

    def invite(self, who):
        whom = self.any([*self.insiders, *self.honest])
        access.invite(
            email=whom.email, organisation=self.body(), roles=[self.any(Role.values)], by=who
        )

    def accept(self, who):
        mine = Invitation.objects.pending().filter(email=who.email)
        if invitation := self.any(mine):
            access.accept(invitation, by=who)

    def renew(self, who):
        if offer := self.any(MembershipOffer.objects.pending()):
            access.renew_offer(offer, by=who)

    def some_access(self):
        """An access, seldom one of those who begin: without them little more would happen."""
        memberships = Membership.objects.active()
        others = memberships.exclude(user__in=self.insiders[:2])
        return self.any(others if self.dice.random() < 14 / 15 else memberships)

    def end_access(self, who):
        access.end_membership(self.some_access(), by=who)

    def suspend(self, who):
        membership = self.some_access()
        access.suspend_person(membership.user, membership.organisation, by=who)

    def confirm_person(self, who):
        access.confirm_person(self.any(self.insiders), self.body(), by=who)

    def lose_referent(self, who):
        """Once the coordination has suspended them, or they have left, the host alone names one."""
        referents = Membership.objects.active().referents().filter(organisation=self.caf)
        if membership := self.any(referents):
            access.end_membership(membership, by=who)

    def confirm_access(self, who):
        access.confirm_access(self.any(Membership.objects.active()), by=who)

    def give_address(self, who):
        give_address(self.body(), email=self.any(self.insiders).email, by=who)

    def name(self, who):
        user = self.any([*self.insiders, *self.honest, None])
        kind, body = self.any(SeatKind.values), self.body()
        member = self.any(Seat.objects.filter(organisation=body, kind="member"))
        day = timezone.localdate() + datetime.timedelta(days=self.any([-9, 0, 0, 3]))
        seats.name_to_seat(
            body, kind=kind, capacity="Élue", user=user, name="" if user else "Anne Roy",
            starts_on=day, substitute_for=member if kind == "substitute" else None, by=who,
        )  # fmt: skip

    def edit_seat(self, who):
        seat = self.row(Seat)
        seats.edit_seat(seat, capacity="Autre", is_elected=True, revision=seat.revision, by=who)

    def end_seat(self, who):
        if self.dice.random() < 1 / 3:
            seats.end_seat(self.row(Seat), by=who)

    def prepare_elections(self, who):
        """Say of each élu whether they stay or leave, perhaps for somebody else, by any day."""
        body, today = self.body(), timezone.localdate()
        day = today + datetime.timedelta(days=self.any([-9, -2, 0, 3]))
        elus = Seat.objects.renewed_by(body, day)
        choices = {
            seat.pk: elections.Choice(
                self.any(Outcome.values), self.any(["", "Anne Roy"]), "Élue",
                self.any([*self.insiders, *self.honest]).email,
            )
            for seat in elus
        }  # fmt: skip
        elections.prepare(body, elections.Prepared(day, day, None, choices), revision=None, by=who)

    def confirm_elections(self, who):
        if renewal := self.any(Renewal.objects.open()):
            elections.confirm(renewal, by=who)

    def suspend_seat(self, who):
        if self.dice.random() < 1 / 2:
            seats.suspend_seat(self.row(Seat), by=who)

    def confirm_seat(self, who):
        seats.confirm_seat(self.row(Seat), by=who)

    def be_away(self, who):
        today = timezone.localdate()
        seats.declare_absence(self.row(Seat), starts_on=today, ends_on=None, by=who)

    def come_back(self, who):
        if absence := self.row(Absence):
            seats.end_absence(absence, by=who)

    def lend(self, who):
        user = self.any(self.insiders)
        seats.delegate(
            self.row(Seat), user=user, capacity="Adjointe", starts_on=timezone.localdate(),
            act=self.act, by=who,
        )  # fmt: skip

    def take_back(self, who):
        if lent := self.row(Delegation):
            seats.end_delegation(lent, by=who)

    def answer(self, who):
        body = self.any([self.caf, self.epci])
        entries = Agreement.objects.current().filter(version=self.version, organisation=body)
        last_rank = entries.get().rank if entries else 0
        answers.answer(Reply(self.version, last_rank=last_rank), by=who, organisation=body)

    def retract(self, who):
        body = self.any([self.caf, self.epci])
        answers.retract(self.agreed, reason="Non", by=who, organisation=body)

    def record(self, who):
        bench = bench_of(self.committee.convention, timezone.localdate())
        seat = self.any([seat for seat in bench.seats if bench.commits(seat)])
        if seat is None:
            return
        last = Agreement.objects.filter(version=self.version, organisation=seat.organisation)
        last_rank = last.order_by("rank").last().rank if last else 0
        answers.record(
            self.version, seat, received_on=timezone.localdate(), evidence=self.act,
            last_rank=last_rank, by=who,
        )  # fmt: skip

    def confirm(self, who):
        if entry := self.any(Agreement.objects.recorded()):
            answers.confirm(entry, by=who)

    def refuse(self, who):
        if entry := self.any(Agreement.objects.recorded()):
            answers.refuse_all([entry], by=who)

    def undo(self, who):
        if entry := self.any(Agreement.objects.all()):
            answers.undo([entry], by=who)

    def verify(self, who):
        if value := self.any(Value.objects.all()):
            giving.verify_value(value, by=who)

    def type_over(self, who):
        entry = self.any([self.protected, self.begun])
        values.save_value(entry, Figure(number=7), by=who)

    def return_value(self, who):
        if value := self.any(Value.objects.all()):
            giving.return_value(value, reason="À revoir", by=who)

    def days_pass(self, who):
        if self.dice.random() < 1 / 2:
            return
        self.now += datetime.timedelta(days=self.any([1, 5, 20]))

    # A run -------------------------------------------------------------------------------------

    ACTS = (
        invite, accept, accept, accept, renew, end_access, suspend, confirm_access, confirm_access,
        confirm_person, lose_referent, give_address, name, name, edit_seat, end_seat,
        prepare_elections, confirm_elections, suspend_seat, confirm_seat, confirm_seat, be_away,
        come_back, lend,
        take_back, answer, answer, retract, record, record, confirm, confirm, refuse, undo,
        verify, type_over, return_value, days_pass,
    )  # fmt: skip

    def goes_on(self):
        self.now += datetime.timedelta(minutes=11)
        who = self.any([*self.insiders[:2], *self.insiders])
        act = self.any([Insiders.confirm, self.any(self.ACTS), self.any(self.ACTS)])
        with mock.patch.object(timezone, "now", return_value=self.now):
            try:
                with transaction.atomic():
                    act(self, who)
            except (Refused, ValidationError):
                return
            self.told.append((act.__name__, str(who)))
            self.member_says_no()
            self.look()

    def member_says_no(self):
        """As often as the portal lets her: her silence would do as well."""
        if self.dice.random() < 1 / 2:
            return
        for entry in Agreement.objects.to_confirm().filter(user=self.member):
            if Membership.objects.effective().filter(user=self.member).exists():
                answers.refuse_all([entry], by=self.member)

    def look(self):
        convention = type(self.committee.convention).objects.get(pk=self.committee.convention.pk)
        bench = bench_of(convention, timezone.localdate())
        for user in self.insiders:
            assert bench.voice(user, self.caf, "objective") is None, self.told
            eyes = contributor_of(user, convention)
            assert not eyes.reads_raw(self.protected), self.told
            value = Value.objects.get(campaign_indicator=self.begun)
            assert eyes.is_kept_from(self.begun, value), self.told
        self.version.refresh_from_db()
        assert self.version.state != State.IN_FORCE, self.told
        entries = Agreement.objects.of(convention).filter(organisation=self.caf).binding()
        assert not entries.exclude(user=self.member).exists(), self.told


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.parametrize("number", range(examples(2)))
def test_nobody_from_outside_gains_a_party_s_voice_or_eyes(number):
    run = Insiders(Random(f"{random()} {number}"))  # noqa: S311
    for _ in range(STEPS):
        run.goes_on()


# Told one by one ----------------------------------------------------------------------------------


@pytest.fixture
def run():
    return Insiders(Random(1))  # noqa: S311


def speaks(run, user) -> bool:
    bench = bench_of(run.committee.convention, timezone.localdate())
    return bench.voice(user, run.caf, "objective") is not None


def test_no_substitute_stands_in_for_a_member_whom_the_coordination_suspends(run):
    friend = SeatFactory(organisation=run.caf, substitute=True).user
    access.suspend_person(run.member, run.caf, by=run.insiders[0])
    assert not speaks(run, friend)
    seat = Seat.objects.get(user=run.member)
    with pytest.raises(Refused, match="les référents des accès de la Caf"):
        seats.end_seat(seat, by=run.insiders[0])


def test_a_suspended_member_takes_back_what_she_said_and_nobody_else_does(run):
    friend = run.insiders[-1]
    f.MembershipFactory(user=friend, organisation=run.caf, reader=True)
    named = seats.name_to_seat(
        run.caf, kind="member", capacity="Élue", user=friend, by=run.insiders[0]
    )
    seats.suspend_seat(named, by=run.insiders[0])
    access.suspend_person(run.member, run.caf, by=run.insiders[0])
    with pytest.raises(Refused):
        answers.retract(run.agreed, reason="Non", by=friend)
    answers.retract(run.agreed, reason="Non", by=run.member)
    with pytest.raises(Refused):
        answers.answer(Reply(run.agreed, last_rank=2), by=run.member)


def test_a_false_first_referent_confirms_nobody(run):
    """The coordination proposes a friend as référent of a party without one, and writes the
    official address: neither is the host's word."""
    Membership.objects.referents().filter(organisation=run.caf).delete()
    coordinator, friend = run.insiders[0], run.insiders[-1]
    invitation, _token = access.invite(
        email=friend.email, organisation=run.caf, roles=["referent"], by=coordinator
    )
    access.accept(invitation, by=friend)
    with pytest.raises(Refused):
        access.confirm_access(Membership.objects.get(user=friend), by=coordinator)
    for by in (coordinator, friend):
        with pytest.raises(Refused):
            give_address(run.caf, email=friend.email, by=by)
    run.caf.email = friend.email  # as a file wrote it
    run.caf.save()
    assert hosting.send_all(operator=None) == []
    seat = seats.name_to_seat(run.caf, kind="member", capacity="Élue", name="X", by=coordinator)
    with pytest.raises(Refused):
        seats.confirm_seat(seat, by=friend)


def test_a_referent_of_an_open_organisation_awaits_confirmation_once_it_is_guarded(run):
    """The coordination gives the role at once where nothing is secret: not for what comes later."""
    open_body = f.OrganisationFactory(convention=run.committee.convention)
    coordinator, friend = run.insiders[0], run.insiders[-1]
    invitation, _token = access.invite(
        email=friend.email, organisation=open_body, roles=["referent"], by=coordinator
    )
    access.accept(invitation, by=friend)
    assert Membership.objects.get(user=friend).is_effective
    open_body.masking_threshold = 11
    open_body.save()
    guard(open_body)
    assert Membership.objects.get(user=friend).is_pending
