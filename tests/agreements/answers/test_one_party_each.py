"""Nobody speaks for two parties on one version; nobody's name silences who answers in person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Agreement, State
from agreements.seats.events import name_to_seat
from ctg_portal.rules import Refused
from tests.agreements import clock
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.agreements.telling import confirm_unchallenged
from tests.committee.pages import page_of
from tests.committee.register.scene import record
from tests.committee.scene import a_document
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


def delay_passes(entry) -> None:
    with clock.on(entry.contestable_until + clock.days(1)):
        confirm_unchallenged()


# What was recorded and not confirmed says nothing ------------------------------------------------


def test_what_is_recorded_for_one_party_silences_nobody_in_the_other(
    committee, version, mayor, mayors_seat
):
    record(version, mayors_seat, committee.coordinator)
    assert answers.answer(Reply(version), by=mayor, organisation=committee.caf).pk


def test_nor_does_what_one_has_contested(committee, version, mayor, mayors_seat):
    entry = record(version, mayors_seat, committee.coordinator)
    answers.contest(entry, reason="Je n’ai rien dit.", by=mayor)
    assert answers.answer(Reply(version), by=mayor, organisation=committee.caf).pk


def test_what_counts_does(committee, version, mayor, mayors_seat):
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
    delay_passes(entry)
    assert Agreement.objects.pending().get() == entry
    assert state(version) == State.PROPOSED
    assert answers.contest(entry, reason="Je n’ai rien dit.", by=mayor).pk


def test_the_page_says_so_and_it_is_the_party_s_turn_again(committee, version, mayor, mayors_seat):
    record(version, mayors_seat, committee.coordinator)
    answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    point = point_of(version)
    [_, epci] = point.lights
    assert epci.state == "awaited"
    assert epci.word.endswith(f"sans effet : {mayor} a répondu pour la Caf d’Exemple")
    assert point.awaits(committee.epci, timezone.localdate())
    answers.answer(Reply(version, seen=1), by=committee.epci_member)
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


def test_so_does_the_first_whose_delay_passes(committee, version, mayor, mayors_seat):
    first = record(version, mayors_seat, committee.coordinator)
    second = record(version, committee.caf_seat, committee.coordinator)
    delay_passes(first)
    assert Agreement.objects.pending().get() == second
    assert state(version) == State.PROPOSED


# One person, one party, whoever typed it ---------------------------------------------------------


def test_who_answered_for_one_party_confirms_for_no_other(
    committee, version, mayor, without_account
):
    answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    entry = record(version, without_account, committee.coordinator)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm(entry, by=mayor)
    assert state(version) == State.PROPOSED
    answers.confirm(entry, by=committee.epci_member)
    assert state(version) == State.IN_FORCE


def test_who_confirmed_for_one_party_answers_for_no_other(
    committee, version, mayor, without_account
):
    answers.confirm(record(version, without_account, committee.coordinator), by=mayor)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    other = SeatFactory(organisation=committee.caf, user=None, name="Anne Roy")
    entry = record(version, other, committee.coordinator)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm(entry, by=mayor)


def test_nor_takes_back_for_another(committee, version, mayor, mayors_seat):
    committee.agree(version, committee.epci_member)
    answers.answer(Reply(version), by=mayor, organisation=committee.caf)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.retract(version, reason="Non", by=mayor, organisation=committee.epci)


def test_who_holds_delegations_of_two_parties_speaks_for_one(committee, version):
    friend = colleague(committee.caf)
    for seat in (committee.caf_seat, committee.epci_seat):
        DelegationFactory(seat=seat, user=friend)
    answers.answer(Reply(version), by=friend, organisation=committee.caf)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.answer(Reply(version), by=friend, organisation=committee.epci)


# Homonyms ----------------------------------------------------------------------------------------


@told_once
def homonym(committee):
    """A seat without account of the agglomération under the name of the member of the Caf, as
    there were before they were asked about."""
    return SeatFactory(organisation=committee.epci, user=None, name=str(committee.caf_member))


def test_nothing_is_recorded_under_the_name_of_who_answers_in_person(committee, version, homonym):
    with pytest.raises(Refused, match="siège avec un compte pour la Caf d’Exemple"):
        record(version, homonym, committee.coordinator)
    assert answers.answer(Reply(version), by=committee.caf_member).pk


def test_the_composition_says_so(client, committee, homonym):
    client.force_login(committee.coordinator)
    address = reverse("committee:composition", args=[committee.convention.slug])
    told = f"rien n’est recueilli sous ce nom : {homonym.name} siège avec un compte pour la Caf"
    assert told in page_of(client.get(address))


def test_nor_confirmed_where_it_was_before(committee, version):
    """The one with an account takes the seat after the other's agreement was recorded."""
    late = MembershipFactory(organisation=committee.caf, reader=True).user
    seat = SeatFactory(organisation=committee.epci, user=None, name=str(late).upper())
    entry = record(version, seat, committee.coordinator)
    SeatFactory(organisation=committee.caf, user=late)
    with pytest.raises(Refused, match="siège avec un compte"):
        answers.confirm(entry, by=committee.epci_member)
    answers.answer(Reply(version), by=late)
    with pytest.raises(Refused, match="siège avec un compte"):
        answers.confirm(entry, by=committee.epci_member)
    assert state(version) == State.PROPOSED


def test_a_name_alone_silences_no_account(committee, version):
    late = MembershipFactory(organisation=committee.caf, reader=True).user
    seat = SeatFactory(organisation=committee.epci, user=None, name=str(late))
    answers.confirm(record(version, seat, committee.coordinator), by=committee.epci_member)
    SeatFactory(organisation=committee.caf, user=late)
    assert answers.answer(Reply(version), by=late).pk


def test_two_without_account_of_one_name_are_one_person(committee, version, without_account):
    other = SeatFactory(organisation=committee.caf, user=None, name="JEANNE SANS-COMPTE")
    first, second = (record(version, seat, committee.coordinator)
                     for seat in (without_account, other))  # fmt: skip
    answers.confirm(first, by=committee.epci_member)
    with pytest.raises(Refused, match=TWO_PARTIES):
        answers.confirm(second, by=committee.caf_member)


@pytest.mark.parametrize("first", ["account", "name"])
def test_naming_a_homonym_asks_for_each_party_s_deliberation(committee, first):
    """Of two of whom one has no account, nobody can tell that they are not the same."""
    user = MembershipFactory(organisation=committee.epci, reader=True).user
    as_named = {"account": {"user": user}, "name": {"name": str(user).upper()}}
    whose = {"account": committee.epci, "name": committee.caf}
    second = "name" if first == "account" else "account"

    def name(which, **more):
        given = {"kind": "member", "capacity": "Maire", "by": committee.coordinator}
        return name_to_seat(whose[which], **given, **as_named[which], **more)

    act = a_document(committee.coordinator)
    name(first, act=act)
    with pytest.raises(Refused, match="joignez la délibération"):
        name(second)
    assert name(second, act=act).pk


def test_another_name_tells_another_person(committee):
    told = f"{committee.caf_member} (Naintré)"
    given = {"kind": "member", "capacity": "Maire", "by": committee.coordinator}
    with pytest.raises(Refused, match="distingue"):
        name_to_seat(committee.epci, name=str(committee.caf_member), **given)
    assert name_to_seat(committee.epci, name=told, **given).pk
