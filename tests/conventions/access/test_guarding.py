"""When an organisation becomes a party, or states a secrecy rule, its référents alone decide."""

import pytest

from conventions.access import events
from conventions.access.guarding import guard
from conventions.models import AppointmentState, Membership, Party
from tests import factories as f
from tests.agreements.factories import SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_caf(caf, coordinator):
    """The Caf, before it signs, and somebody to whom the coordination gave an access."""
    user = f.UserFactory()
    invitation, _ = events.invite(
        email=user.email, organisation=caf, roles=["contributor", "reader"], by=coordinator.user
    )
    events.accept(invitation, by=user)
    return caf


def signed(caf):
    Party.objects.create(organisation=caf, rank=1, agreement_required=True)
    guard(caf)


def states(caf) -> set[tuple]:
    return set(Membership.objects.filter(organisation=caf).values_list("role", "state"))


def test_an_access_given_by_the_coordination_returns_to_pending_unless_it_only_reads(open_caf):
    assert {state for _, state in states(open_caf)} == {AppointmentState.CONFIRMED}
    signed(open_caf)
    assert open_caf.is_guarded
    assert states(open_caf) == {
        ("contributor", AppointmentState.PENDING), ("reader", AppointmentState.CONFIRMED),
    }  # fmt: skip
    access = Membership.objects.get(role="contributor", organisation=open_caf)
    assert (access.confirmed_by, access.confirmed_at) == (None, None)
    assert [row.verb for row in access.transitions.all()] == ["opened", "returned"]


def test_an_access_confirmed_by_the_host_stays_confirmed(open_caf, agent):
    signed(open_caf)
    agent.refresh_from_db()
    assert agent.is_effective


def test_an_access_confirmed_by_nobody_known_returns_to_pending(open_caf, agent):
    Membership.objects.filter(pk=agent.pk).update(confirmed_at=None)
    signed(open_caf)
    agent.refresh_from_db()
    assert agent.is_pending


def test_seats_return_to_pending_except_those_confirmed_by_the_host(open_caf, coordinator):
    Party.objects.create(organisation=open_caf, rank=1, agreement_required=True)
    mine = SeatFactory(organisation=open_caf, confirmed_by=coordinator.user)
    confirmed_by_host = SeatFactory(organisation=open_caf)
    guard(open_caf)
    for seat in (mine, confirmed_by_host):
        seat.refresh_from_db()
    assert (mine.state, confirmed_by_host.state) == (
        AppointmentState.PENDING,
        AppointmentState.CONFIRMED,
    )


def test_an_organisation_that_is_no_party_is_guarded_by_its_secrecy_rule_alone(open_caf):
    guard(open_caf)
    assert not open_caf.is_guarded
    open_caf.masking_threshold = 5
    open_caf.save()
    guard(open_caf)
    assert open_caf.is_guarded


def test_guarding_is_never_undone_and_happens_once(open_caf, coordinator):
    signed(open_caf)
    Party.objects.filter(organisation=open_caf).delete()
    referent = f.referent_of(open_caf)
    access = Membership.objects.get(role="contributor", organisation=open_caf, state="pending")
    events.confirm_access(access, by=referent)
    guard(open_caf)
    access.refresh_from_db()
    assert (open_caf.is_guarded, access.is_effective) == (True, True)
