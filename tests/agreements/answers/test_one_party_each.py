"""Nobody speaks for two parties on one version; nobody's name silences who answers in person."""

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Agreement, State
from ctg_portal.rules import Refused
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.register.scene import record
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db

TWO_PARTIES = "une même personne ne parle pas pour deux parties"


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed()


@told_once
def mayor(committee):
    """The member of the Caf, who is one of the agglomération as well."""
    mayor = committee.caf_member
    MembershipFactory(organisation=committee.epci, user=mayor)
    return mayor


@told_once
def mayors_seat(committee, mayor):
    """The second one."""
    return SeatFactory(organisation=committee.epci, user=mayor)


@told_once
def without_account(committee):
    return SeatFactory(organisation=committee.epci, user=None)


def colleague(organisation):
    return MembershipFactory(organisation=organisation).user


def state(version) -> str:
    version.refresh_from_db()
    return version.state


# What was recorded and not confirmed says nothing ------------------------------------------------


def test_an_answer_recorded_for_one_party_leaves_its_member_free_to_answer_for_another(
    committee, version, mayor, mayors_seat
):
    record(version, mayors_seat, committee.coordinator)
    assert answers.answer(Reply(version), by=mayor, organisation=committee.caf).pk


def test_a_refused_record_leaves_its_person_free_for_another_party(
    committee, version, mayor, mayors_seat
):
    answers.refuse_all([record(version, mayors_seat, committee.coordinator)], by=mayor)
    assert answers.answer(Reply(version), by=mayor, organisation=committee.caf).pk


def test_a_record_that_a_colleague_confirmed_leaves_its_person_free(
    committee, version, mayor, mayors_seat
):
    """A confirmed record is the word of who confirmed it."""
    entry = record(version, mayors_seat, committee.coordinator)
    answers.confirm(entry, by=committee.epci_member)
    assert answers.answer(Reply(version), by=mayor, organisation=committee.caf).pk
    assert state(version) == State.IN_FORCE


def test_a_confirmed_record_silences_its_person_in_the_other_party(
    committee, version, mayor, mayors_seat
):
    answers.confirm(record(version, mayors_seat, committee.coordinator), by=mayor)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.answer(Reply(version), by=mayor, organisation=committee.caf)


def test_after_an_answer_for_one_party_nothing_is_confirmed_for_the_other(
    committee, version, mayor, mayors_seat
):
    entry = record(version, mayors_seat, committee.coordinator)
    answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm(entry, by=mayor)
    assert point_of(version).awaits(committee.epci, timezone.localdate())
    answers.confirm(entry, by=committee.epci_member)
    assert state(version) == State.IN_FORCE


def test_of_two_recorded_for_one_person_the_first_confirmed_counts(
    committee, version, mayor, mayors_seat
):
    entries = [record(version, seat, committee.coordinator)
               for seat in (committee.caf_seat, mayors_seat)]  # fmt: skip
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm_all(entries, by=mayor)
    assert Agreement.objects.pending().count() == 2
    answers.confirm(entries[1], by=mayor)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm(entries[0], by=mayor)
    assert state(version) == State.PROPOSED


# One person, one party, whoever typed it ---------------------------------------------------------


def test_a_member_who_answered_for_one_party_confirms_for_no_other(
    committee, version, mayor, mayors_seat, without_account
):
    answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    entry = record(version, without_account, committee.coordinator)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm(entry, by=mayor)
    assert state(version) == State.PROPOSED
    answers.confirm(entry, by=committee.epci_member)
    assert state(version) == State.IN_FORCE


def test_a_member_who_confirmed_for_one_party_answers_for_no_other(
    committee, version, mayor, mayors_seat, without_account
):
    answers.confirm(record(version, without_account, committee.coordinator), by=mayor)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    other = SeatFactory(organisation=committee.caf, user=None, name="Anne Roy")
    entry = record(version, other, committee.coordinator)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm(entry, by=mayor)


def test_a_member_who_answered_for_a_party_retracts_for_no_other(
    committee, version, mayor, mayors_seat
):
    committee.agree(version, committee.epci_member)
    answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.retract(version, reason="Non", by=mayor, organisation=committee.epci)


def test_a_delegate_of_two_parties_speaks_for_one(committee, version):
    friend = colleague(committee.caf)
    for seat in (committee.caf_seat, committee.epci_seat):
        DelegationFactory(seat=seat, user=friend)
    answers.answer(Reply(version), by=friend, organisation=committee.caf)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.answer(Reply(version), by=friend, organisation=committee.epci)


# Homonyms ----------------------------------------------------------------------------------------


def test_a_namesake_without_account_does_not_prevent_a_confirmation(committee, version):
    """Whoever has no account is told by nobody's name: who confirms speaks."""
    seat = SeatFactory(organisation=committee.epci, user=None, name=str(committee.caf_member))
    entry = record(version, seat, committee.coordinator)
    committee.agree(version, committee.caf_member)
    answers.confirm(entry, by=committee.epci_member)
    assert state(version) == State.IN_FORCE
