"""Who answers changes with seats, accesses and the day: what an event has written for later."""

import datetime
from collections import Counter

import pytest
from django.core import mail
from django.utils import timezone

from accounts.events import anonymise
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from agreements.seats import events as seats
from committee.dossiers.events import send_dossier
from conventions.access import events as access
from conventions.loading import LoadReport
from ctg_portal.house import house, let_follow
from notifications.models import Notice
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.mail.mailing import (
    NOON,
    TERM,
    after,
    at,
    mail_sent_at,
    on_one_line,
    points_in,
    recipients,
)
from tests.stories import told_once

pytestmark = pytest.mark.django_db
LATER = after(minutes=6)
MAY = datetime.date(2024, 5, 13)
BEFORE, FIRST, LAST = (
    timezone.make_aware(datetime.datetime(2024, 5, day, 9)) for day in (12, 13, 20)
)


@told_once
def committee():
    with at(NOON):
        return committee_of(**TERM)


@told_once
def version(committee):
    """A point of which the members know."""
    with at(NOON):
        version = committee.proposed("Un")
    mail_sent_at(LATER)
    return version


def awaiting(letters) -> list:
    return [letter for letter in letters if "attend" in letter.subject]


def colleague(committee):
    return f.MembershipFactory(organisation=committee.caf, reader=True).user


# Days ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("version")
def test_a_member_whose_mandate_begins_later_is_notified_on_its_first_day(committee):
    with at(after(hours=1)):
        newcomer = colleague(committee)
        seat = seats.name_to_seat(
            committee.caf, kind="member", capacity="Directeur", user=newcomer, starts_on=MAY,
            by=committee.coordinator,
        )  # fmt: skip
    [named] = mail_sent_at(after(hours=2))
    assert named.to == [newcomer.email]
    assert "siège de membre pour la Caf d’Exemple, à confirmer" in on_one_line(named.subject)
    # The other people of the organisation are told the next morning.
    with at(after(hours=3)):
        seats.confirm_seat(seat, by=None)
    assert committee.caf_member.email in recipients(mail_sent_at(BEFORE))
    assert recipients(mail_sent_at(FIRST)) == {newcomer.email}
    assert mail_sent_at(LAST) == []


@pytest.mark.usefixtures("version")
def test_a_substitute_is_notified_the_day_after_the_member_s_mandate_has_ended(committee):
    with at(after(hours=1)):
        substitute = SeatFactory(organisation=committee.caf, substitute=True).user
        seats.end_seat(
            committee.caf_seat, on=MAY - datetime.timedelta(days=1), by=committee.caf_member
        )
    of_the_end = mail_sent_at(after(hours=2))
    assert all("il prend fin" in letter.subject for letter in of_the_end)
    assert recipients(of_the_end) == {committee.coordinator.email, substitute.email}
    assert mail_sent_at(BEFORE) == []
    assert recipients(mail_sent_at(FIRST)) == {substitute.email}


@pytest.mark.usefixtures("version")
def test_a_delegate_is_notified_on_the_first_day_of_the_delegation(committee):
    with at(after(hours=1)):
        delegate = colleague(committee)
        seats.delegate(
            committee.caf_seat, capacity="Adjoint", starts_on=MAY, user=delegate,
            by=committee.caf_member,
        )  # fmt: skip
    # That a voice was lent is told at once, what awaits it on its first day.
    assert all("par délégation" in message.subject for message in mail_sent_at(BEFORE))
    assert recipients(mail_sent_at(FIRST)) == {delegate.email}


def loaded(convention) -> LoadReport:
    return LoadReport(convention, updated=Counter(["organisation"]))


def test_a_delegate_whose_days_are_over_is_not_notified_of_what_comes_after(committee):
    with at(NOON):
        delegate = colleague(committee)
        seats.delegate(
            committee.caf_seat, capacity="Adjoint", starts_on=NOON.date(), ends_on=NOON.date(),
            user=delegate, by=committee.caf_member,
        )  # fmt: skip
    with at(after(days=1)):
        committee.proposed("Demain")
    assert delegate.email not in recipients(mail_sent_at(after(days=1, hours=1)))


def test_a_substitute_is_not_notified_of_what_comes_after_the_absence(committee):
    with at(NOON):
        substitute = colleague(committee)
        seat = seats.name_to_seat(
            committee.caf, kind="substitute", capacity="Adjoint", user=substitute,
            by=committee.coordinator,
        )  # fmt: skip
        seats.confirm_seat(seat, by=None)
        seats.declare_absence(
            committee.caf_seat, starts_on=NOON.date(), ends_on=MAY - datetime.timedelta(days=1),
            by=committee.caf_member,
        )  # fmt: skip
        committee.proposed("Un")
    members = {committee.caf_member.email, committee.epci_member.email}
    assert recipients(awaiting(mail_sent_at(LATER))) == {*members, substitute.email}
    with at(BEFORE):
        committee.proposed("Deux")
    assert recipients(awaiting(mail_sent_at(after(BEFORE, hours=1)))) == {
        *members,
        substitute.email,
    }
    with at(FIRST):
        committee.proposed("Trois")
    assert recipients(mail_sent_at(after(FIRST, hours=1))) == members


def test_a_deliberation_whose_day_passes_while_the_point_is_returned_is_asked_once_it_is_not(
    committee, version
):
    with at(after(hours=1)):
        reply = Reply(
            version, Answer.DELIBERATION, body="Conseil", body_date=datetime.date(2024, 4, 20)
        )
        answers.answer(reply, by=committee.caf_member)
        change = Reply(version, Answer.CHANGE_REQUESTED, reason="?")
        answers.answer(change, by=committee.epci_member)
    mail_sent_at(after(hours=2))
    assert mail_sent_at(after(days=12)) == []
    with at(after(days=13)):
        answers.answer(Reply(version, last_rank=1), by=committee.epci_member)
    [message] = mail_sent_at(after(days=13, hours=1))
    assert message.to == [committee.caf_member.email]
    assert "La délibération annoncée (Conseil, 20 avril 2024) est passée" in on_one_line(
        message.body
    )


def test_a_dossier_sent_while_a_deliberation_is_awaited_is_notified_once_its_day_has_passed(
    committee, version
):
    with at(after(hours=1)):
        reply = Reply(
            version, Answer.DELIBERATION, body="Conseil", body_date=datetime.date(2024, 4, 20)
        )
        answers.answer(reply, by=committee.caf_member)
        send_dossier(committee.convention, [version], title="Avril", by=committee.coordinator)
    assert recipients(mail_sent_at(after(hours=2))) == {committee.epci_member.email}
    [message] = mail_sent_at(after(days=11))
    assert message.to == [committee.caf_member.email]
    assert "a envoyé le dossier « Avril »" in on_one_line(message.body)


def test_a_dossier_of_a_returned_point_is_notified_once_it_awaits_again(committee, version):
    with at(after(hours=1)):
        change = Reply(version, Answer.CHANGE_REQUESTED, reason="?")
        answers.answer(change, by=committee.caf_member)
        send_dossier(committee.convention, [version], title="Avril", by=committee.coordinator)
    mail_sent_at(after(hours=2))
    with at(after(hours=3)):
        answers.answer(Reply(version, last_rank=1), by=committee.caf_member)
    [message] = mail_sent_at(after(hours=4))
    assert message.to == [committee.epci_member.email]
    assert "a envoyé le dossier « Avril »" in on_one_line(message.body)


# Accesses --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("version")
def test_a_substitute_is_notified_once_the_seat_of_a_member_who_left_is_ended(committee):
    with at(after(hours=1)):
        substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    assert mail_sent_at(after(hours=2)) == []
    with at(after(hours=3)):
        access.end_membership(committee.caf_member.memberships.get(), by=committee.caf_member)
    assert awaiting(mail_sent_at(after(hours=4))) == []
    with at(after(hours=5)):
        seats.end_seat(committee.caf_seat, by=None)
    assert recipients(awaiting(mail_sent_at(after(hours=6)))) == {substitute.email}


@pytest.mark.usefixtures("version")
def test_a_member_who_comes_back_is_notified_of_what_was_proposed_meanwhile(committee):
    member = committee.caf_member
    with at(after(hours=1)):
        access.end_membership(member.memberships.get(), by=member)
        committee.proposed("Deux")
    assert member.email not in recipients(mail_sent_at(after(hours=2)))
    with at(after(hours=3)):
        invitation, _token = access.invite(
            email=member.email, organisation=committee.caf, roles=["reader"], by=None
        )
        access.accept(invitation, by=member)
        seats.confirm_seat(committee.caf_seat, by=None)
    mail.outbox.clear()
    [message] = awaiting(mail_sent_at(after(hours=4), member.email))
    assert points_in(message)[0] == "Deux"


def test_an_erased_account_is_not_notified_and_its_notices_are_deleted(committee, version):
    member = committee.caf_member
    assert Notice.objects.to(member).exists()
    with at(after(hours=1)):
        substitute = SeatFactory(organisation=committee.caf, substitute=True).user
        anonymise(member, by=member)
    mail.outbox.clear()
    assert not Notice.objects.to(member).exists()
    assert recipients(mail_sent_at(after(hours=2))) == {substitute.email}
    assert not Notice.objects.to(member).exists()


# A load ----------------------------------------------------------------------------------------


def test_a_party_whose_agreement_a_new_load_requires_is_notified(committee, version):
    with at(NOON):
        msa = f.PartyFactory(
            organisation__convention=committee.convention, agreement_required=False
        )
        member = SeatFactory(organisation=msa.organisation).user
    assert mail_sent_at(after(hours=1)) == []
    with at(after(hours=2)):
        msa.agreement_required = True
        msa.save()
        let_follow(house().after_load, committee.convention, loaded(committee.convention))
    assert recipients(mail_sent_at(after(hours=3))) == {member.email}


def test_a_load_of_a_signed_convention_writes_to_nobody(committee):
    """What was signed is agreed: nothing of it awaits anybody."""
    with at(NOON):
        let_follow(house().after_load, committee.convention, loaded(committee.convention))
    assert committee.convention.versions.signed().exists()
    assert mail_sent_at(LATER) == []
    assert not Notice.objects.exists()
