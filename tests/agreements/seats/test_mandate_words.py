"""Who speaks for whom: what the database answers, and what the bench of the day does."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.voices import bench_of
from conventions.models import Membership
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory
from tests.databases import examples

DAY = datetime.date(2024, 4, 12)
STARTS = [DAY - datetime.timedelta(days=9), DAY, DAY + datetime.timedelta(days=1)]
ENDS = [None, DAY, DAY - datetime.timedelta(days=1), DAY + datetime.timedelta(days=9)]
A_MANDATE = st.tuples(st.sampled_from(STARTS), st.sampled_from(ENDS)).filter(
    lambda dates: dates[1] is None or dates[0] <= dates[1]
)
A_SEAT = st.tuples(
    st.sampled_from([SeatKind.MEMBER, SeatKind.SUBSTITUTE, SeatKind.ADVISER]),
    st.sampled_from(["account", "no account", "access ended", "left"]),
    A_MANDATE,
    st.none() | A_MANDATE,  # an absence
    st.sampled_from([None, [], ["objective"], ["action"]]),  # a delegation, for these kinds
    A_MANDATE,
)


def people(seats, of):
    """Seats drawn by hypothesis, in one organisation; substitutes stand for the member before."""
    member = None
    for kind, account, (start, end), absence, kinds, (begin, over) in seats:
        seat = SeatFactory(
            organisation=of, kind=kind, starts_on=start, ends_on=end,
            substitute_for=member if kind == SeatKind.SUBSTITUTE and absence else None,
            **({"user": None} if account == "no account" else {}),
        )  # fmt: skip
        if account in ("access ended", "left"):
            Membership.objects.filter(user=seat.user).update(ended_at="2024-01-01T00:00Z")
        if account == "left":  # for another organisation of the same convention
            f.MembershipFactory(user=seat.user, organisation__convention=of.convention)
        if kind == SeatKind.MEMBER:
            member = seat
            if absence:
                Absence.objects.create(seat=seat, starts_on=absence[0], ends_on=absence[1])
        if kinds is not None:
            DelegationFactory(seat=seat, kinds=kinds, starts_on=begin, ends_on=over)


class Twins(TestCase):
    @settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
    @given(seats=st.lists(A_SEAT, min_size=1, max_size=4))
    def test_words_of_seats_and_delegations_say_what_the_bench_says(self, seats):
        organisation = f.OrganisationFactory()
        people(seats, organisation)
        SeatFactory(starts_on=STARTS[0])  # of another convention
        bench = bench_of(organisation.convention, DAY)
        own = Seat.objects.of(organisation.convention)
        assert set(own.sitting(DAY)) == {seat for seat in bench.seats if bench.sits(seat)}
        given_to = Delegation.objects.of(organisation.convention).answering(DAY)
        for kind in ("objective", "action"):
            users = {delegation.user for delegation in given_to if delegation.covers(kind)}
            delegates = {d.user for d in bench.delegations if bench.voices_of(d.user, kind)}
            assert users == delegates


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kinds", "covered"), [([], True), (["objective"], True), (["objective_x"], False)]
)
def test_a_delegation_covers_its_kinds_and_no_name_that_resembles(kinds, covered):
    delegation = DelegationFactory(kinds=kinds)
    assert delegation.covers("objective") is covered
