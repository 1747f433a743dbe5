"""Two who change the committee at the same moment, on PostgreSQL: the second is told."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Absence, Agreement, Delegation, Seat, SeatKind
from agreements.seats import events as seats
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL
DAYS = datetime.timedelta(days=1)


@pytest.fixture
def committee():
    return committee_of()


@pytest.fixture
def other(committee):
    """Another coordinator."""
    return f.MembershipFactory(organisation=committee.epci, coordinator=True).user


@pytest.fixture
def referents(committee):
    return [f.referent_of(organisation) for organisation in 2 * [committee.caf]]


def again(seat) -> Seat:
    """As another request reads it."""
    return Seat.objects.get(pk=seat.pk)


def name(committee, by, **values):
    given = {"kind": SeatKind.MEMBER, "name": "Anne Roy", "capacity": "Présidente"} | values
    return lambda: seats.name_to_seat(committee.caf, by=by, **given)


def reason_of(outcome) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.refusal.reason


@pytest.mark.parametrize("has_account", [True, False])
def test_a_person_named_twice_at_once_has_one_seat(committee, other, has_account):
    user = f.MembershipFactory(organisation=committee.caf).user if has_account else None
    seat, refused = at_once(
        name(committee, committee.coordinator, user=user), name(committee, other, user=user)
    )
    assert "a déjà ce siège" in reason_of(refused)
    assert (
        Seat.objects.exclude(pk__in=[committee.caf_seat.pk, committee.epci_seat.pk]).get() == seat
    )


def test_a_person_is_not_named_for_two_parties_at_once(committee):
    user = f.MembershipFactory(organisation=committee.caf).user
    f.MembershipFactory(organisation=committee.epci, user=user)
    given = {"kind": SeatKind.MEMBER, "user": user, "capacity": "Maire", "by": None}
    _, refused = at_once(
        lambda: seats.name_to_seat(committee.caf, **given),
        lambda: seats.name_to_seat(committee.epci, **given),
    )
    assert "une personne n’engage qu’une partie" in reason_of(refused)
    assert Seat.objects.get(user=user).organisation == committee.caf


def test_a_mandate_ends_once_for_the_first_reason(committee, referents):
    first, other = referents
    today = timezone.localdate()
    _, refused = at_once(
        lambda: seats.end_seat(committee.caf_seat, on=today, reason="Premier", by=first),
        lambda: seats.end_seat(again(committee.caf_seat), on=today, reason="Second", by=other),
    )
    assert "prend déjà fin" in reason_of(refused)
    assert again(committee.caf_seat).end_reason == "Premier"


def test_the_second_to_correct_is_shown_what_the_first_wrote(committee, other):
    seen = committee.caf_seat.revision

    def edit(capacity, by):
        return lambda: seats.edit_seat(
            again(committee.caf_seat), capacity=capacity, is_elected=False, revision=seen, by=by
        )

    _, refused = at_once(edit("Première", committee.coordinator), edit("Seconde", other))
    assert f"{committee.coordinator} a enregistré autre chose" in reason_of(refused)
    assert again(committee.caf_seat).capacity == "Première"


def test_an_absence_is_declared_once_and_ended_once(committee, other):
    today = timezone.localdate()

    def declare(by):
        return lambda: seats.declare_absence(
            again(committee.caf_seat), starts_on=today - DAYS, ends_on=None, by=by
        )

    absence, refused = at_once(declare(committee.caf_member), declare(other))
    assert "est déjà déclarée" in reason_of(refused)
    _, refused = at_once(
        lambda: seats.end_absence(absence, by=committee.caf_member),
        lambda: seats.end_absence(Absence.objects.get(), by=committee.caf_member),
    )
    assert "est déjà terminée" in reason_of(refused)


def test_a_delegation_is_given_once(committee):
    user = f.MembershipFactory(organisation=committee.caf).user

    def delegate():
        return seats.delegate(
            again(committee.caf_seat), user=user, capacity="Adjoint",
            starts_on=timezone.localdate(), by=committee.caf_member,
        )  # fmt: skip

    _, refused = at_once(delegate, delegate)
    assert "a déjà cette délégation" in reason_of(refused)
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_a_substitute_is_named_while_the_member_answers(committee, other, is_first):
    """Locks are taken so that neither waits for the other for ever."""
    version = committee.proposed()
    acts = [
        name(committee, other, kind=SeatKind.SUBSTITUTE, substitute_for=committee.caf_seat),
        lambda: answers.answer(Reply(version), by=committee.caf_member),
    ]
    done = at_once(*(acts if is_first else reversed(acts)))
    assert {type(outcome) for outcome in done} == {Seat, Agreement}
