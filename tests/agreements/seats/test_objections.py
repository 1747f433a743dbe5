"""An objection to a seat is not got round by naming the person again."""

import datetime

import pytest
from django.utils import timezone

from agreements.models import Seat
from agreements.seats import events as seats
from agreements.seats.voices import bench_of
from committee.composition.journal import changes_of
from ctg_portal.rules import Refused
from notifications.models import Notice
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.notifications.posting import sent_with
from tests.stories import told_once

pytestmark = pytest.mark.django_db

KINDS = ["member", "substitute", "adviser", "advisory"]


@told_once
def committee():
    return committee_of()


@told_once
def agent(committee):
    return f.MembershipFactory(organisation=committee.caf, reader=True).user


def name(committee, user=None, *, kind="member", organisation=None, **values):
    organisation = organisation or committee.caf
    given = {"kind": kind, "capacity": "Présidente", "user": user} | values
    return seats.name_to_seat(organisation, by=committee.coordinator, **given)


def commits(committee, user) -> bool:
    bench = bench_of(committee.convention, timezone.localdate())
    return bench.voice(user, committee.caf, "objective") is not None


def objected_to_and_ended(committee, user=None, **values) -> Seat:
    seat = name(committee, user, **values)
    seats.object_to_seat(seat, by=committee.caf_member)
    return seats.end_seat(seat, by=committee.coordinator)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("before", ["member", "adviser"])
def test_who_is_named_again_stays_suspended_until_somebody_there_lifts_it(
    committee, agent, before, kind
):
    objected_to_and_ended(committee, agent, kind=before)
    again = name(committee, agent, kind=kind)
    assert (again.is_suspended, again.suspended_by) == (True, committee.caf_member)
    assert again not in Seat.objects.sitting(timezone.localdate())
    assert not commits(committee, agent)
    with pytest.raises(Refused):
        seats.confirm_seat(again, by=committee.coordinator)
    seats.confirm_seat(again, by=committee.caf_member)
    assert again in Seat.objects.sitting(timezone.localdate())


def test_a_second_seat_beside_the_suspended_one_is_suspended(committee, agent):
    seat = name(committee, agent)
    seats.object_to_seat(seat, by=committee.caf_member)
    beside = name(committee, agent, kind="substitute", substitute_for=committee.caf_seat)
    assert beside.is_suspended
    # To let somebody stand in is not to let them be a member.
    seats.confirm_seat(beside, by=committee.caf_member)
    seats.end_seat(seat, by=committee.coordinator)
    assert name(committee, agent).is_suspended


def test_a_nomination_that_was_cancelled_leaves_its_objection(committee, agent):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    seat = name(committee, agent, starts_on=tomorrow)
    seats.object_to_seat(seat, by=committee.caf_member)
    assert seats.end_seat(seat, by=committee.coordinator).pk is None
    assert name(committee, agent).is_suspended


@pytest.mark.parametrize("called", ["Anne Roy", "anne ROY", "  Anne Roy "])
def test_who_has_no_account_is_known_by_name(committee, called):
    objected_to_and_ended(committee, name="Anne Roy")
    assert name(committee, name=called).is_suspended
    assert not name(committee, name="Anne Royer").is_suspended


def test_an_account_and_a_name_or_an_address_are_one_person(committee, agent):
    objected_to_and_ended(committee, agent)
    assert name(committee, name=str(agent).upper()).is_suspended
    assert name(committee, name=agent.email).is_suspended
    namesake = f.UserFactory(first_name=agent.first_name, last_name=agent.last_name)
    f.MembershipFactory(organisation=committee.caf, user=namesake, reader=True)
    assert name(committee, namesake, kind="adviser").is_suspended


def test_once_lifted_it_is_lifted(committee, agent):
    seat = name(committee, agent)
    seats.object_to_seat(seat, by=committee.caf_member)
    seats.confirm_seat(seat, by=committee.caf_member)
    seats.end_seat(seat, by=committee.coordinator)
    assert not name(committee, agent).is_suspended


def test_another_organisation_s_objection_is_its_own(committee, agent):
    objected_to_and_ended(committee, agent)
    f.MembershipFactory(organisation=committee.epci, user=agent, reader=True)
    assert not name(committee, agent, organisation=committee.epci).is_suspended
    assert not name(
        committee, SeatFactory(organisation=committee.caf).user, kind="adviser"
    ).is_suspended


def test_no_delegation_takes_its_place(committee, agent):
    seat = objected_to_and_ended(committee, agent)
    given = {"user": agent, "capacity": "Adjointe", "starts_on": timezone.localdate()}
    with pytest.raises(Refused, match=r"s’est opposée à ce que .* parle pour cet organisme"):
        seats.delegate(
            committee.caf_seat, act=a_document(committee.coordinator), by=committee.coordinator,
            **given,
        )  # fmt: skip
    assert not commits(committee, agent)
    assert seat.is_suspended
    # The member lends their own voice to whom they choose.
    seats.delegate(committee.caf_seat, by=committee.caf_member, **given)
    assert commits(committee, agent)


def test_those_there_are_told_and_the_history_says_so(committee, agent):
    objected_to_and_ended(committee, agent)
    Notice.objects.all().delete()
    name(committee, agent)
    sent = sent_with("seat_given", "nouveau siège pour")
    text = sent[committee.caf_member.email].replace("\n", " ")
    assert f"{agent} : nouveau siège pour la Caf d’Exemple, suspendu" in text.replace("\xa0", " ")
    assert "celui-ci reste suspendu" in text
    told = [change.what for change in changes_of(committee.convention)]
    assert any("elle demeure, le siège est suspendu" in what for what in told)
