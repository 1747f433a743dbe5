"""Nobody gives themselves, or a friend, another party's voice."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.rights import NOT_A_MEMBER
from agreements.models import Delegation, Seat
from agreements.seats import events as seats
from agreements.seats import rights
from agreements.seats.voices import bench_of
from conventions.access import events as access
from conventions.models import AppointmentState, Membership
from ctg_portal.rules import Refused
from notifications.models import Notice
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, since_long
from tests.committee.pages import page_of
from tests.committee.scene import a_document
from tests.notifications.posting import sent_with
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def colleague(committee):
    return since_long(f.MembershipFactory(organisation=committee.caf)).user


def name(committee, user=None, *, organisation=None, **values):
    given = {"kind": "member", "capacity": "Présidente", "user": user} | values
    organisation = organisation or committee.caf
    return seats.name_to_seat(organisation, by=committee.coordinator, **given)


def voices(committee, user) -> set:
    found = bench_of(committee.convention, timezone.localdate()).voices_of(user)
    return {voice.organisation for voice in found if voice.commits}


# The coordinator ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["member", "substitute"])
def test_the_coordinator_names_herself_for_no_other_party(committee, kind):
    own = f.MembershipFactory(user=committee.coordinator, organisation=committee.caf)
    Membership.objects.filter(pk=own.pk).update(given_by=committee.coordinator)
    with pytest.raises(Refused, match="ne parle que pour son propre organisme, pas au nom de la"):
        name(committee, committee.coordinator, kind=kind)
    assert name(committee, committee.coordinator, kind="adviser").pk
    assert name(committee, committee.coordinator, organisation=committee.epci).pk
    assert voices(committee, committee.coordinator) == {committee.epci}


@pytest.mark.parametrize("spelled", [str, str.upper])
def test_nor_by_her_name_as_somebody_without_an_account(committee, spelled):
    her = spelled(str(committee.coordinator))
    with pytest.raises(Refused, match="ne parle que pour son propre organisme"):
        name(committee, None, name=her)
    assert name(committee, None, name=f"{her} Martin").pk


def test_a_seat_of_hers_from_before_is_silent_where_she_let_herself_in(committee):
    seat = SeatFactory(organisation=committee.caf, user=committee.coordinator)
    own = Membership.objects.filter(user=committee.coordinator, organisation=committee.caf)
    own.update(given_by=committee.coordinator)
    version = committee.proposed()
    with pytest.raises(Refused) as refused:
        answers.answer(Reply(version), by=committee.coordinator, organisation=committee.caf)
    assert refused.value.refusal == NOT_A_MEMBER
    assert seat not in Seat.objects.sitting(timezone.localdate())


def test_no_member_lends_her_their_voice(committee):
    with pytest.raises(Refused, match="ne parle que pour son propre organisme"):
        seats.delegate(
            committee.caf_seat, capacity="Chargée", starts_on=timezone.localdate(),
            user=committee.coordinator, by=committee.caf_member,
        )  # fmt: skip


def test_nor_where_she_may_read_by_another_coordinator_s_word(committee):
    """A reading access that the Caf has let her have makes it no organisation of hers."""
    f.MembershipFactory(user=committee.coordinator, organisation=committee.caf, reader=True)
    with pytest.raises(Refused, match="ne parle que pour son propre organisme"):
        name(committee, committee.coordinator)
    seat = SeatFactory(organisation=committee.caf)
    assert rights.may_object_to_seat(committee.coordinator, seat) is not None


# Who coordinates later ---------------------------------------------------------------------------


def begins_to_coordinate(committee, user) -> Membership:
    """By an invitation of who coordinates already, in her own organisation."""
    invitation, _ = access.invite(
        email=user.email, organisation=committee.epci, roles=["coordinator"],
        by=committee.coordinator,
    )  # fmt: skip
    access.accept(invitation, by=user)
    return Membership.objects.active().get(user=user, role="coordinator")


def test_a_member_who_begins_to_coordinate_elsewhere_is_silent_meanwhile(committee):
    """She keeps the seat; nothing is to be named again once she has laid down."""
    member, seat, today = committee.caf_member, committee.caf_seat, timezone.localdate()
    coordination = begins_to_coordinate(committee, member)
    bench = bench_of(committee.convention, today)
    assert bench.is_silent(seat)
    assert not bench.has_lost(seat)
    assert voices(committee, member) == set()
    assert seat not in Seat.objects.sitting(today)
    with pytest.raises(Refused) as refused:
        answers.answer(Reply(committee.proposed()), by=member, organisation=committee.caf)
    assert refused.value.refusal == NOT_A_MEMBER
    access.end_membership(coordination, by=member)
    assert voices(committee, member) == {committee.caf}
    assert seat in Seat.objects.sitting(today)


def test_her_party_answers_by_others_meanwhile(committee):
    member = committee.caf_member
    colleague = SeatFactory(organisation=committee.caf).user
    substitute = SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
    ).user
    assert voices(committee, substitute) == set()
    version = committee.proposed()
    Notice.objects.all().delete()
    begins_to_coordinate(committee, member)
    assert voices(committee, colleague) == voices(committee, substitute) == {committee.caf}
    assert substitute.email in sent_with("point_awaited", "")
    answers.answer(Reply(version), by=substitute)


def test_who_returns_to_coordination_has_no_voice_that_she_was_given_meanwhile(committee):
    """The Caf let her read, and nothing else; her colleague names her as its member."""
    her, today = committee.coordinator, timezone.localdate()
    friend = f.MembershipFactory(organisation=committee.epci, coordinator=True).user
    f.MembershipFactory(organisation=committee.caf, user=her, reader=True, given_by=friend)
    Membership.objects.filter(user=her, role="coordinator").update(ended_at=timezone.now())
    seat = seats.name_to_seat(
        committee.caf, kind="member", capacity="Membre", user=her, by=friend
    )  # fmt: skip
    delegation = seats.delegate(
        committee.caf_seat, user=her, capacity="Adjointe", starts_on=today,
        by=committee.caf_member, act=a_document(committee.caf_member),
    )  # fmt: skip
    assert delegation in Delegation.objects.answering(today)
    f.MembershipFactory(organisation=committee.epci, user=her, coordinator=True)
    assert voices(committee, her) == set()
    assert seat not in Seat.objects.committing(today)
    assert delegation not in Delegation.objects.answering(today)
    assert bench_of(committee.convention, today).speakers(committee.caf.pk) == [committee.caf_seat]


@told_once
def laid_down(committee):
    """She has let her alias coordinate beside her, and ended her own coordination, for a moment;
    the Caf had let her read, as its coordinator. The two are of one organisation."""
    her, committee.version = committee.coordinator, committee.proposed()
    alias = f.MembershipFactory(organisation=committee.epci, coordinator=True, given_by=her).user
    caf = f.MembershipFactory(
        organisation=committee.caf, user=her, reader=True, given_by=committee.caf_member
    )
    for own in Membership.objects.filter(user=her, role="coordinator"):
        access.end_membership(own, by=her)
    caf.alias = alias
    return caf


def test_who_lays_down_for_a_moment_speaks_for_no_other_party(committee, laid_down):
    """She would answer for the Caf, and be back in five minutes."""
    her, today = committee.coordinator, timezone.localdate()
    seat = seats.name_to_seat(
        committee.caf, kind="member", capacity="Membre", user=her, by=laid_down.alias
    )  # fmt: skip
    bench = bench_of(committee.convention, today)
    assert bench.is_silent(seat)
    assert seat not in Seat.objects.sitting(today)
    assert voices(committee, her) == set()
    with pytest.raises(Refused) as refused:
        answers.answer(Reply(committee.version), by=her, organisation=committee.caf)
    assert refused.value.refusal == NOT_A_MEMBER


def test_nor_does_her_alias_lend_her_a_member_s_voice(committee, laid_down):
    with pytest.raises(Refused, match="n’agit pas pour la"):
        seats.delegate(
            committee.caf_seat, user=committee.coordinator, capacity="Adjointe",
            starts_on=timezone.localdate(), act=a_document(laid_down.alias), by=laid_down.alias,
        )  # fmt: skip


def test_the_composition_says_why(client, committee, laid_down):
    SeatFactory(organisation=committee.caf, user=committee.coordinator)
    client.force_login(committee.caf_member)
    page = client.get(reverse("committee:composition", args=[committee.convention.slug]))
    assert "son accès date de sa coordination pour un autre organisme" in page_of(page)


def test_what_is_given_her_anew_lets_her_speak(committee, laid_down):
    her, today = committee.coordinator, timezone.localdate()
    seat = SeatFactory(organisation=committee.caf, user=her)
    access.end_membership(laid_down, by=her)
    f.MembershipFactory(organisation=committee.caf, user=her, reader=True)
    assert voices(committee, her) == {committee.caf}
    assert seat in Seat.objects.committing(today)


def test_who_coordinates_elsewhere_confirms_nothing_recorded_for_her(committee):
    """Her colleagues do."""
    version, today = committee.proposed(), timezone.localdate()
    colleague = SeatFactory(organisation=committee.caf).user
    entry = answers.record(
        version, committee.caf_seat, received_on=today, evidence=a_document(colleague),
        by=committee.coordinator,
    )  # fmt: skip
    begins_to_coordinate(committee, committee.caf_member)
    with pytest.raises(Refused, match="Seuls les membres du comité répondent"):
        answers.confirm(entry, by=committee.caf_member)
    answers.confirm(entry, by=colleague)


def test_who_advises_goes_on_advising(committee):
    seat = SeatFactory(organisation=committee.caf, adviser=True)
    begins_to_coordinate(committee, seat.user)
    assert bench_of(committee.convention, timezone.localdate()).advice(seat.user).seat == seat
    assert seat in Seat.objects.sitting(timezone.localdate())


def test_who_coordinates_for_two_organisations_speaks_for_both(committee):
    begins_to_coordinate(committee, committee.caf_member)
    f.MembershipFactory(organisation=committee.caf, user=committee.caf_member, coordinator=True)
    assert voices(committee, committee.caf_member) == {committee.caf}


# Accesses that do not count ----------------------------------------------------------------------


@pytest.mark.parametrize("state", [AppointmentState.PENDING, AppointmentState.SUSPENDED])
@pytest.mark.parametrize("kind", ["member", "adviser"])
def test_a_seat_waits_for_its_holder_s_access(committee, state, kind):
    access = f.MembershipFactory(organisation=committee.caf, reader=True, state=state)
    seat = seats.confirm_seat(name(committee, access.user, kind=kind), by=None)
    bench = bench_of(committee.convention, timezone.localdate())
    assert bench.voices_of(access.user) == []
    assert bench.is_silent(seat)
    assert not bench.has_lost(seat)
    assert seat not in Seat.objects.sitting(timezone.localdate())
    Membership.objects.filter(pk=access.pk).update(state=AppointmentState.CONFIRMED)
    assert bench_of(committee.convention, timezone.localdate()).voices_of(access.user)


def test_a_delegation_to_who_awaits_a_word_does_not_count(committee):
    access = f.MembershipFactory(organisation=committee.caf, pending=True)
    DelegationFactory(seat=committee.caf_seat, user=access.user)
    assert voices(committee, access.user) == set()


def test_who_awaits_a_word_is_no_colleague(committee):
    access = f.MembershipFactory(organisation=committee.caf, pending=True)
    assert rights.may_declare_absence(access.user, committee.caf_seat) is not None
    assert rights.may_object_to_seat(access.user, committee.caf_seat) is not None


# Objections --------------------------------------------------------------------------------------


def test_a_colleague_objects_to_a_seat_and_confirms_it(committee, colleague):
    seat = name(committee, f.MembershipFactory(organisation=committee.caf).user)
    seats.confirm_seat(seat, by=committee.caf_member)
    assert voices(committee, seat.user) == {committee.caf}
    seats.object_to_seat(seat, by=colleague)
    assert voices(committee, seat.user) == set()
    assert seat not in Seat.objects.sitting(timezone.localdate())
    with pytest.raises(Refused, match="est déjà suspendu"):
        seats.object_to_seat(seat, by=colleague)
    seats.confirm_seat(seat, by=colleague)
    assert voices(committee, seat.user) == {committee.caf}
    with pytest.raises(Refused, match="déjà confirmé"):
        seats.confirm_seat(seat, by=colleague)


def test_a_seat_without_account_that_was_objected_to_speaks_no_more(committee, colleague):
    seat = name(committee, name="Anne Roy")
    seats.object_to_seat(seat, by=colleague)
    bench = bench_of(committee.convention, timezone.localdate())
    assert seat not in bench.speakers(committee.caf.pk)


def test_who_may_object_to_a_seat(committee, colleague):
    seat = committee.caf_seat
    for user in (colleague, None):
        assert rights.may_object_to_seat(user, seat) is None
    for user in (committee.caf_member, committee.epci_member, committee.coordinator):
        assert rights.may_object_to_seat(user, seat) is not None


# Two parties -------------------------------------------------------------------------------------


@told_once
def mayor(committee):
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    f.MembershipFactory(user=user, organisation=committee.epci, reader=True)
    return user


def test_who_sits_for_two_parties_does_on_each_one_s_deliberation(committee, mayor):
    act = a_document(committee.coordinator)
    first = name(committee, mayor)
    with pytest.raises(Refused, match="siège déjà pour la Caf d’Exemple : joignez la délibération"):
        name(committee, mayor, organisation=committee.epci)
    with pytest.raises(Refused, match="sans délibération jointe à ce siège"):
        name(committee, mayor, organisation=committee.epci, act=act)
    seats.edit_seat(
        first, capacity=first.capacity, is_elected=False, seen=first.revision, act=act,
        by=committee.coordinator,
    )  # fmt: skip
    second = name(committee, mayor, organisation=committee.epci, act=act)
    seats.confirm_seat(first, by=committee.caf_member)
    assert (second.act, voices(committee, mayor)) == (act, {committee.caf, committee.epci})


def test_so_does_who_has_no_account(committee):
    name(committee, name="Anne Roy")
    with pytest.raises(Refused, match="joignez la délibération"):
        name(committee, name="Anne ROY", organisation=committee.epci)


def test_advising_two_parties_asks_for_none(committee, mayor):
    name(committee, mayor)
    assert name(committee, mayor, organisation=committee.epci, kind="adviser").pk


def test_one_after_the_other_asks_for_none(committee, mayor):
    first = name(committee, mayor)
    seats.end_seat(first, by=committee.coordinator)
    assert name(committee, mayor, organisation=committee.epci).pk


# Who is told -------------------------------------------------------------------------------------


def test_those_there_and_the_coordinators_are_told_at_once(committee, colleague):
    second = f.MembershipFactory(organisation=committee.epci, coordinator=True).user
    waiting = f.MembershipFactory(organisation=committee.caf, pending=True).user
    Notice.objects.all().delete()
    seat = name(committee, f.MembershipFactory(organisation=committee.caf).user)
    sent = sent_with("seat_given", "siège à confirmer pour")
    assert sent.keys() == {committee.caf_member.email, colleague.email, second.email}
    assert f"{seat.name}\xa0: siège à confirmer pour la Caf d’Exemple" in sent[colleague.email]
    read = " ".join(sent[colleague.email].split())
    assert f"{seat.capacity}, siège de membre ; {seat.address}." in read
    assert "Ce siège reste à confirmer ; vous pouvez aussi vous y opposer." in read
    assert "/comite/composition/" in sent[colleague.email]
    assert waiting.email not in sent


def test_of_a_delegation_the_member_their_colleagues_and_the_coordinators_are_told(
    committee, colleague
):
    delegate = f.MembershipFactory(organisation=committee.caf, reader=True).user
    second = f.MembershipFactory(organisation=committee.epci, coordinator=True).user
    Notice.objects.all().delete()
    seats.delegate(
        committee.caf_seat, user=delegate, capacity="Directrice adjointe",
        starts_on=timezone.localdate(), act=a_document(second), by=second,
    )  # fmt: skip
    sent = sent_with("delegation_given", "par délégation")
    assert sent.keys() == {
        person.email
        for person in (committee.caf_member, colleague, delegate, committee.coordinator)
    }
    assert f"Délégation donnée par {second}, depuis le" in sent[committee.caf_member.email]
    assert "l’acte signé est joint" in sent[committee.caf_member.email]
