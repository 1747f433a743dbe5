"""Absences and delegations: declared, given, ended; what two who act at once are told."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Absence, Delegation, SeatKind
from agreements.seats import events as seats
from agreements.seats.voices import bench_of
from ctg_portal.rules import Refused
from notifications.models import Notice
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.notifications.posting import sent_with
from tests.stories import told_once

DAYS = datetime.timedelta(days=1)


@told_once
def committee(db):
    return committee_of()


@pytest.fixture
def today():
    return timezone.localdate()


def refused(match):
    return pytest.raises(Refused, match=match)


def declare(committee, first: int = 0, last: int | None = 5, by=None, seat=None):
    today = timezone.localdate()
    return seats.declare_absence(
        seat or committee.caf_seat,
        starts_on=today + first * DAYS,
        ends_on=None if last is None else today + last * DAYS,
        by=by or committee.caf_member,
    )


# Absences ---------------------------------------------------------------------------------------


def test_the_member_a_colleague_or_the_coordinator_declares_an_absence(committee):
    colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    for n, person in enumerate((committee.caf_member, colleague, committee.coordinator)):
        absence = declare(committee, 10 * n, 10 * n + 5, by=person)
        assert absence.history.get().history_user == person
    with refused("Seule la coordination"):
        declare(committee, 100, 105, by=committee.epci_member)
    former = f.MembershipFactory(organisation=committee.caf, ended=True).user
    with refused("Seule la coordination"):
        declare(committee, 100, 105, by=former)


@pytest.mark.parametrize("kind", [SeatKind.SUBSTITUTE, SeatKind.ADVISER, SeatKind.ADVISORY])
def test_only_a_member_is_absent(committee, kind):
    seat = SeatFactory(organisation=committee.caf, kind=kind)
    with refused("Seule l’absence d’un membre"):
        declare(committee, seat=seat)


@pytest.mark.parametrize(("first", "last"), [(0, 5), (5, 9), (-3, 0), (2, None), (-9, None)])
def test_an_absence_declared_twice_is_refused(committee, first, last):
    declare(committee)
    with refused("est déjà déclarée"):
        declare(committee, first, last)
    assert declare(committee, 6, None).pk
    assert Absence.objects.count() == 2


def test_an_absence_begins_before_the_mandate_is_over(committee, today):
    seats.end_seat(committee.caf_seat, on=today, by=None)
    with refused("a pris fin le"):
        declare(committee, 1, 5, by=committee.coordinator)


def test_a_member_who_is_back_sends_the_substitute_back(committee, today):
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    absence = declare(committee, -5, None, by=committee.coordinator)
    assert bench_of(committee.convention, today).voice(substitute, None, "objective")
    seats.end_absence(absence, by=committee.coordinator)
    assert not bench_of(committee.convention, today).voice(substitute, None, "objective")
    absence.refresh_from_db()
    assert absence.ends_on == today - DAYS


def test_whoever_may_declare_an_absence_ends_it(committee):
    colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    for by in (colleague, committee.coordinator, f.referent_of(committee.caf)):
        seats.end_absence(declare(committee, 1, 9), by=by)


def test_a_member_is_notified_of_an_absence_that_somebody_else_writes_and_ends(committee):
    absence = declare(committee, 0, 9, by=committee.coordinator)
    seats.end_absence(absence, by=committee.coordinator)
    sent = sent_with("absence_written", "Écrit")
    assert sent.keys() == {committee.caf_member.email}
    read = " ".join(sent[committee.caf_member.email].split())
    assert f"Écrite par {committee.coordinator}, du" in read
    assert f"Écrit par {committee.coordinator} : le suppléant ne répond plus" in read


def test_members_are_not_notified_of_an_absence_that_they_declare_themselves(committee):
    seats.end_absence(declare(committee), by=committee.caf_member)
    assert not Notice.objects.filter(kind="absence_written").exists()


def test_other_members_are_notified_of_the_absence_of_a_member_without_account(committee):
    declare(
        committee, by=committee.coordinator, seat=SeatFactory(organisation=committee.caf, user=None)
    )
    assert committee.caf_member.email in sent_with("absence_written", "Absence")


def test_an_absence_of_a_minute_stays(committee, today):
    """A substitute may have answered meanwhile."""
    absence = declare(committee, 0, 9)
    seats.end_absence(absence, by=committee.caf_member)
    absence.refresh_from_db()
    assert (absence.starts_on, absence.ends_on) == (today - DAYS, today - DAYS)


def test_an_absence_still_to_come_goes_and_its_history_stays(committee):
    absence = declare(committee, 4, 9, by=committee.coordinator)
    pk = absence.pk
    seats.end_absence(absence, by=committee.coordinator)
    assert not Absence.objects.exists()
    last = Absence.history.filter(id=pk).latest("history_id")
    assert (last.history_type, last.history_user) == ("-", committee.coordinator)


def test_an_absence_ended_twice_is_refused_and_keeps_its_end(committee, today):
    old = declare(committee, -30, -20)
    for absence in (old, declare(committee, 0, 9)):
        if absence is not old:
            seats.end_absence(Absence.objects.get(pk=absence.pk), by=committee.caf_member)
        with refused("est déjà terminée"):
            seats.end_absence(absence, by=committee.caf_member)
    old.refresh_from_db()
    assert old.ends_on == today - 20 * DAYS
    with refused("Seule la coordination"):
        seats.end_absence(old, by=committee.epci_member)


# Delegations ------------------------------------------------------------------------------------


def give(committee, to=None, by=None, **values):
    to = to or f.MembershipFactory(organisation=committee.caf, reader=True).user
    given = {"capacity": "Directeur adjoint", "starts_on": timezone.localdate()} | values
    seat = given.pop("seat", committee.caf_seat)
    return seats.delegate(seat, user=to, by=by or committee.caf_member, **given)


def test_the_member_delegates_in_person_without_an_act(committee, today):
    delegation = give(committee, kinds=["objective"])
    assert (delegation.act, delegation.kinds) == (None, ["objective"])
    assert delegation.history.get().history_user == committee.caf_member
    assert bench_of(committee.convention, today).voice(delegation.user, committee.caf, "objective")


def test_a_referent_delegates_with_the_act_for_a_member_without_account(committee):
    seat, referent = (
        SeatFactory(organisation=committee.caf, user=None),
        f.referent_of(committee.caf),
    )
    act = a_document(referent)
    with refused("Joignez l’acte"):
        give(committee, seat=seat, by=referent)
    with refused("Personne ne se donne délégation à soi-même"):
        give(committee, seat=seat, to=referent, by=referent, act=act)
    with refused("Un référent des accès de la Caf d’Exemple la donne, avec l’acte"):
        give(committee, seat=seat, by=committee.coordinator, act=act)
    assert give(committee, seat=seat, by=referent, act=act).act == act


@pytest.mark.parametrize("outside", ["epci", "pending", "coordinates", "speaks"])
def test_a_member_lends_the_voice_to_somebody_of_the_party_alone(committee, outside):
    there = {"organisation": committee.caf, "reader": True}
    to = {
        "epci": lambda: f.MembershipFactory(organisation=committee.epci).user,
        "pending": lambda: f.MembershipFactory(**there, pending=True).user,
        "coordinates": lambda: f.MembershipFactory(**there, user=committee.coordinator).user,
        "speaks": lambda: f.MembershipFactory(**there, user=committee.epci_member).user,
    }[outside]()
    expected = {"coordinates": "coordonne la convention pour un autre", "speaks": "siège déjà pour"}
    with refused(expected.get(outside, "n’a pas d’accès confirmé au titre de la Caf")):
        give(committee, to=to, act=a_document(committee.caf_member))


def test_an_impossible_delegation_is_refused_with_its_reason(committee, today):
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    with refused("Seul un membre"):
        give(committee, seat=adviser, by=adviser.user)
    with refused("Personne ne se donne délégation à soi-même"):
        give(committee, to=committee.caf_member)
    with refused("n’a pas d’accès confirmé"):
        give(committee, to=f.UserFactory())
    with refused("inconnue"):
        give(committee, kinds=["recette"])
    with refused("La fin précède le début"):
        give(committee, ends_on=today - DAYS)
    with refused("Une délégation a un nom et une qualité"):
        give(committee, capacity=" ")
    seats.end_seat(committee.caf_seat, on=today, by=None)
    with refused("a pris fin le"):
        give(committee, starts_on=today + DAYS)
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ([], [], True),
        ([], ["objective"], True),
        (["objective"], ["objective"], True),
        (["article", "objective"], ["objective"], True),
        (["objective"], [], False),
        (["objective"], ["article"], False),
    ],
)
def test_a_delegation_for_kinds_covered_already_is_refused(committee, first, second, is_told):
    delegation = give(committee, kinds=first)
    if is_told:
        with refused("a déjà cette délégation"):
            give(committee, to=delegation.user, kinds=second)
    else:
        give(committee, to=delegation.user, kinds=second)
    assert give(committee, kinds=second).pk


def test_a_delegation_for_another_period_is_another_delegation(committee, today):
    delegation = give(committee, ends_on=today + 5 * DAYS)
    assert give(committee, to=delegation.user, starts_on=today + 6 * DAYS).pk


def test_a_delegation_taken_back_counts_no_more_and_what_was_said_stays(committee, today):
    delegation = give(committee, starts_on=today - 9 * DAYS)
    entry = answers.answer(Reply(committee.proposed()), by=delegation.user)
    seats.end_delegation(delegation, by=committee.caf_member)
    delegation.refresh_from_db()
    assert (delegation.starts_on, delegation.ends_on) == (today - 9 * DAYS, today - DAYS)
    assert not bench_of(committee.convention, today).voices_of(delegation.user)
    entry.refresh_from_db()
    assert entry.delegation == delegation
    assert "par délégation" in entry.capacity


def test_those_concerned_are_notified_of_a_delegation_that_somebody_else_takes_back(
    committee, today
):
    """The party would otherwise learn that nobody answers any more once its turn has gone."""
    referent = f.referent_of(committee.caf)
    delegation = give(committee)
    seats.end_delegation(delegation, by=referent)
    sent = sent_with("delegation_ended", "ne répond plus par délégation")
    expected = {committee.caf_member.email, delegation.user.email, committee.coordinator.email}
    assert sent.keys() == expected
    read = " ".join(sent[committee.caf_member.email].split())
    assert f"Délégation retirée par {referent}." in read


def test_those_concerned_are_notified_that_a_delegation_is_cancelled_before_it_begins(
    committee, today
):
    delegation = give(committee, starts_on=today + DAYS)
    seats.end_delegation(delegation, by=committee.caf_member)
    sent = sent_with("delegation_ended", "annulée avant son début")
    assert sent.keys() == {delegation.user.email, committee.coordinator.email}


def test_a_delegation_used_on_its_first_day_stays_when_taken_back_that_day(committee, today):
    delegation = give(committee)
    answers.answer(Reply(committee.proposed()), by=delegation.user)
    seats.end_delegation(delegation, by=committee.caf_member)
    delegation.refresh_from_db()
    assert delegation.is_over(today)


def test_a_delegation_to_come_is_cancelled(committee, today):
    delegation = give(committee, starts_on=today + DAYS)
    seats.end_delegation(delegation, by=committee.caf_member)
    assert not Delegation.objects.exists()


def test_a_delegation_taken_back_twice_is_refused_and_keeps_its_end(committee, today):
    old = DelegationFactory(seat=committee.caf_seat, ends_on=today - 30 * DAYS)
    with refused("est déjà terminée"):
        seats.end_delegation(old, by=committee.caf_member)
    old.refresh_from_db()
    assert old.ends_on == today - 30 * DAYS
    with refused("donne délégation en personne"):
        seats.end_delegation(old, by=committee.coordinator)
