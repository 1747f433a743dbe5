"""Seats: named, corrected, ended; what two who act at once are told."""

import datetime

import pytest
from django.utils import timezone

from accounts.events import anonymise
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats import events as seats
from agreements.seats.voices import bench_of
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.stories import told_once

DAYS = datetime.timedelta(days=1)


@told_once
def committee(db):
    return committee_of()


@pytest.fixture
def today():
    return timezone.localdate()


def name(committee, **values):
    given = {"kind": SeatKind.MEMBER, "capacity": "Présidente", "name": "Anne Roy"} | values
    return seats.name_to_seat(committee.caf, by=committee.coordinator, **given)


def refused(match):
    return pytest.raises(Refused, match=match)


# Naming -----------------------------------------------------------------------------------------


def test_a_person_with_access_is_named_from_today(committee, today):
    user = f.MembershipFactory(organisation=committee.caf).user
    seat = name(committee, user=user, name="", is_elected=True, ends_on=today + 90 * DAYS)
    assert (seat.name, seat.starts_on, seat.is_elected) == (str(user), today, True)
    assert seat.history.get().history_user == committee.coordinator
    seats.confirm_seat(seat, by=f.referent_of(committee.caf))
    assert bench_of(committee.convention, today).voice(user, committee.caf, "objective")


def test_a_person_without_account_is_named(committee):
    seat = name(committee, name="  Anne Roy ", capacity=" Présidente ")
    assert (seat.user, seat.name, seat.capacity) == (None, "Anne Roy", "Présidente")


def test_the_coordination_and_referents_alone_name_and_correct_seats(committee):
    for asker in (committee.caf_member, f.UserFactory()):
        with refused("La coordination et les référents des accès de la Caf"):
            seats.name_to_seat(
                committee.caf, kind=SeatKind.MEMBER, name="Anne", capacity="Maire", by=asker
            )
        with refused("La coordination et les référents des accès de la Caf"):
            seats.edit_seat(
                committee.caf_seat, capacity="Chef", is_elected=False, revision=1, by=asker
            )
    assert Seat.objects.count() == 2


def test_an_organisation_that_has_not_signed_has_advisory_seats_only(committee):
    other = f.OrganisationFactory(convention=committee.convention)
    for kind in (SeatKind.MEMBER, SeatKind.SUBSTITUTE, SeatKind.ADVISER):
        with refused("à titre consultatif"):
            seats.name_to_seat(
                other, kind=kind, name="Anne", capacity="PMI", by=committee.coordinator
            )
    seat = seats.name_to_seat(
        other, kind=SeatKind.ADVISORY, name="Anne", capacity="PMI", by=committee.coordinator
    )
    assert not seat.speaks


def test_a_user_without_access_is_not_named_to_a_seat(committee):
    stranger = f.MembershipFactory(coordinator=True).user
    former = f.MembershipFactory(organisation=committee.caf, ended=True).user
    for user in (stranger, former):
        with refused("invitez d’abord cette personne"):
            name(committee, user=user)


def test_a_substitute_replaces_a_member_of_the_same_organisation(committee, today):
    substitute = name(committee, kind=SeatKind.SUBSTITUTE, substitute_for=committee.caf_seat)
    assert substitute.substitute_for == committee.caf_seat
    for wrong in (committee.epci_seat, substitute):
        with refused("un membre du même organisme"):
            name(committee, name="Luc", kind=SeatKind.SUBSTITUTE, substitute_for=wrong)
    with refused("Seul un suppléant"):
        name(committee, name="Luc", kind=SeatKind.MEMBER, substitute_for=committee.caf_seat)
    seats.end_seat(committee.caf_seat, by=None)
    with refused("sera terminé"):
        name(
            committee, name="Luc", kind=SeatKind.SUBSTITUTE,
            substitute_for=Seat.objects.get(pk=committee.caf_seat.pk),
        )  # fmt: skip


@pytest.mark.parametrize("person", ["user", "name"])
def test_a_person_named_twice_to_a_seat_of_one_kind_at_one_time_is_refused(
    committee, person, today
):
    user = f.MembershipFactory(organisation=committee.caf).user
    who = {"user": user, "name": ""} if person == "user" else {"name": "Anne Roy"}
    again = who | ({"name": "ANNE  ROY"} if person == "name" else {})
    name(committee, **who, ends_on=today + 9 * DAYS)
    with refused("a déjà ce siège"):
        name(committee, **again)
    with refused("a déjà ce siège"):
        name(committee, **again, starts_on=today - 9 * DAYS)
    name(committee, **again, starts_on=today + 10 * DAYS)
    name(committee, **again, starts_on=today - 9 * DAYS, ends_on=today - DAYS)
    name(committee, **again, kind=SeatKind.ADVISER)
    assert Seat.objects.filter(organisation=committee.caf).count() == 5


def test_two_people_without_account_are_not_one(committee):
    name(committee)
    assert name(committee, name="Luc Roy").pk
    assert name(committee, user=f.MembershipFactory(organisation=committee.caf).user).pk


def test_a_seat_that_the_database_would_not_take_is_refused_in_french(committee, today):
    with refused("La fin précède le début"):
        name(committee, ends_on=today - DAYS)
    with refused("Un siège a un nom et une qualité"):
        name(committee, capacity=" ")
    with refused("Un siège a un nom et une qualité"):
        name(committee, name=" ")


# Correcting -------------------------------------------------------------------------------------


def edit(committee, seat, capacity="Directrice adjointe", **values):
    given = {"is_elected": False, "revision": seat.revision, "by": committee.coordinator} | values
    return seats.edit_seat(seat, capacity=capacity, **given)


def test_a_capacity_is_corrected_and_its_history_kept(committee):
    edit(committee, committee.caf_seat, is_elected=True)
    committee.caf_seat.refresh_from_db()
    assert committee.caf_seat.capacity == "Directrice adjointe"
    assert committee.caf_seat.is_elected
    latest, first = committee.caf_seat.history.order_by("-history_id")
    assert (latest.history_user, first.capacity) == (committee.coordinator, "Directrice")


def test_an_unchanged_capacity_is_no_correction(committee):
    edit(committee, committee.caf_seat, capacity=" Directrice ")
    assert committee.caf_seat.history.count() == 1


def test_the_second_of_two_who_correct_is_shown_what_the_first_wrote(committee):
    other = f.MembershipFactory(organisation=committee.epci, coordinator=True).user
    seen = committee.caf_seat.revision
    edit(committee, committee.caf_seat, capacity="Directrice générale", by=other)
    with refused("a enregistré autre chose") as raised:
        edit(committee, committee.caf_seat, revision=seen)
    assert isinstance(raised.value.refusal, Rewritten)
    assert str(other) in raised.value.refusal.reason
    committee.caf_seat.refresh_from_db()
    edit(committee, committee.caf_seat, revision=committee.caf_seat.revision)
    committee.caf_seat.refresh_from_db()
    assert committee.caf_seat.capacity == "Directrice adjointe"


def test_a_mandate_that_is_over_is_corrected_no_more(committee):
    seats.end_seat(committee.caf_seat, by=None)
    with refused("a pris fin le"):
        edit(committee, committee.caf_seat)


# Ending -----------------------------------------------------------------------------------------


def end(committee, seat, on=None, **values):
    """As a référent does: of who is pending, the coordination could too."""
    return seats.end_seat(seat, on=on, by=f.referent_of(committee.caf), **values)


def test_a_mandate_ends_on_its_last_day_with_its_reason(committee, today):
    end(committee, committee.caf_seat, on=today, reason=" Départ ")
    committee.caf_seat.refresh_from_db()
    assert (committee.caf_seat.ends_on, committee.caf_seat.end_reason) == (today, "Départ")
    assert bench_of(committee.convention, today).is_represented(committee.caf.pk)
    assert not bench_of(committee.convention, today + DAYS).is_represented(committee.caf.pk)


def test_a_mandate_ended_without_a_day_counts_no_more_at_once(committee, today):
    seat = name(committee)
    end(committee, seat)
    seat.refresh_from_db()
    assert seat.starts_on == seat.ends_on == today - DAYS


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(-9, -9, "déjà terminé"), (-9, 0, "déjà terminé"), (0, 5, "prend déjà fin")],
)
def test_a_mandate_ended_twice_is_refused_and_keeps_its_first_reason(
    committee, today, first, second, expected
):
    end(committee, committee.caf_seat, on=today + first * DAYS, reason="Premier")
    with refused(expected):
        end(committee, committee.caf_seat, on=today + second * DAYS, reason="Second")
    committee.caf_seat.refresh_from_db()
    assert committee.caf_seat.end_reason == "Premier"


def test_an_announced_end_may_come_earlier(committee, today):
    end(committee, committee.caf_seat, on=today + 30 * DAYS)
    assert end(committee, committee.caf_seat, on=today + 5 * DAYS).ends_on == today + 5 * DAYS


def test_a_mandate_does_not_end_before_it_began(committee, today):
    seat = name(committee, starts_on=today - 5 * DAYS)
    with refused("il ne peut pas avoir pris fin avant"):
        end(committee, seat, on=today - 9 * DAYS)


def test_a_mandate_that_has_not_begun_is_cancelled_and_nobody_has_sat(committee, today):
    seat = name(committee, starts_on=today + 9 * DAYS)
    substitute = name(committee, name="Luc", kind=SeatKind.SUBSTITUTE, substitute_for=seat)
    DelegationFactory(seat=seat, starts_on=today + 9 * DAYS)
    pk = seat.pk
    seats.end_seat(seat, on=today, by=committee.coordinator)
    assert not Seat.objects.filter(pk=pk).exists()
    assert not Delegation.objects.exists()
    substitute.refresh_from_db()
    assert substitute.substitute_for is None
    assert Seat.history.filter(id=pk).latest("history_id").history_user == committee.coordinator
    with refused("vient d’être annulée"):
        end(committee, Seat(pk=pk, organisation=committee.caf), on=today)


def test_a_mandate_to_come_may_be_shortened(committee, today):
    seat = name(committee, starts_on=today + 2 * DAYS)
    assert end(committee, seat, on=today + 9 * DAYS).ends_on == today + 9 * DAYS


# The end of an account ----------------------------------------------------------------------------


def test_an_account_erased_ends_its_seats_and_the_register_keeps_what_was_said(committee, today):
    user, called = committee.caf_member, str(committee.caf_member)
    entry = answers.answer(Reply(committee.proposed()), by=user)
    received = DelegationFactory(seat=committee.epci_seat, user=user)
    to_come = SeatFactory(organisation=committee.caf, user=user, starts_on=today + 9 * DAYS,
                          kind=SeatKind.ADVISER)  # fmt: skip
    anonymise(user, by=user)
    committee.caf_seat.refresh_from_db()
    received.refresh_from_db()
    entry.refresh_from_db()
    assert committee.caf_seat.is_over(today)
    assert received.is_over(today)
    assert committee.caf_seat.end_reason == "Compte supprimé"
    assert not Seat.objects.filter(pk=to_come.pk).exists()
    assert (entry.person_name, entry.capacity) == (called, "Directrice")
    assert committee.caf_seat.name == called
    assert entry.user.full_name == "Compte supprimé"


def test_a_mandate_that_was_over_before_the_account_keeps_its_end(committee, today):
    end(committee, committee.caf_seat, on=today - 9 * DAYS, reason="Départ")
    anonymise(committee.caf_member, by=committee.caf_member)
    committee.caf_seat.refresh_from_db()
    assert (committee.caf_seat.ends_on, committee.caf_seat.end_reason) == (
        today - 9 * DAYS,
        "Départ",
    )


# Twins --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(-3, None), (0, None), (3, None), (-3, -1), (-3, 0), (0, 0), (-3, 5), (0, 5), (3, 5)],
)
def test_words_of_mandates_say_what_one_says(db, today, starts, ends):
    seat = SeatFactory(
        starts_on=today + starts * DAYS, ends_on=None if ends is None else today + ends * DAYS
    )
    assert Seat.objects.valid(today).exists() is seat.is_valid(today)
    assert Seat.objects.over(today).exists() is seat.is_over(today)
    assert Seat.objects.begun(today).exists() is (seat.starts_on <= today)
    shares_today = Seat.objects.overlapping(today, today).exists()
    assert shares_today is seat.is_valid(today)
    later = Seat.objects.overlapping(today + DAYS, None).exists()
    assert later is not seat.is_over(today + DAYS)


def test_the_database_refuses_an_absence_that_ends_before_it_begins(committee, today):
    with refused("La fin précède le début"):
        seats.declare_absence(
            committee.caf_seat, starts_on=today, ends_on=today - DAYS, by=committee.caf_member
        )
    assert not Absence.objects.exists()


def test_an_act_is_kept_with_its_delegation(committee, today):
    act = a_document(committee.coordinator)
    user = f.MembershipFactory(organisation=committee.caf).user
    seats.delegate(
        committee.caf_seat, user=user, capacity="Adjoint", starts_on=today, act=act,
        by=committee.caf_member,
    )  # fmt: skip
    assert Delegation.objects.with_act().get().act == act
