"""Points that await somebody: who is told, once, and when not."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from agreements.seats import events as seats
from agreements.versions import events as drafts
from committee.dossiers import events as dossiers
from committee.mail.letters import CommitteeLetter
from conventions.access.events import end_membership
from conventions.notices import scope_of
from notifications.models import Notice
from notifications.sending import address, write_to_person
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.mail.mailing import (
    NOON,
    TERM,
    after,
    at,
    html_of,
    links_in,
    mail_sent_at,
    on_one_line,
    page_behind,
    points_in,
    recipients,
)  # fmt: skip
from tests.stories import told_once

ADVISING = ["adviser", "advisory"]
pytestmark = pytest.mark.django_db
LATER = after(minutes=6)


@told_once
def committee():
    with at(NOON):
        return committee_of(**TERM)


@told_once
def caf(committee):
    return committee.caf_member.email


@told_once
def epci(committee):
    return committee.epci_member.email


def propose(committee, *titles, moment=NOON):
    with at(moment):
        return [committee.proposed(title) for title in titles]


# Who -------------------------------------------------------------------------------------------


def test_twelve_points_are_one_message_to_each_member(committee, caf, epci):
    propose(committee, *(f"Ouvrir le lieu {n}" for n in range(12)))
    messages = mail_sent_at(LATER)
    assert sorted(recipients(messages)) == sorted([caf, epci])
    assert len(messages) == 2
    [to_caf] = [message for message in messages if message.to == [caf]]
    territory = committee.convention.territory
    assert on_one_line(to_caf.subject) == (
        f"Douze points attendent la réponse de la Caf d’Exemple (CTG {territory})"
    )
    assert points_in(to_caf) == [f"Ouvrir le lieu {n}" for n in range(12)]


def test_of_more_than_twelve_points_the_message_counts_the_rest(committee, caf):
    propose(committee, *(f"Ouvrir le lieu {n}" for n in range(14)))
    [message] = mail_sent_at(LATER, caf)
    assert on_one_line(message.subject).startswith("Quatorze points attendent")
    assert len(points_in(message)) == 12
    assert "Et deux autres." in message.body
    assert "Et deux autres." in html_of(message)


def test_a_line_says_what_a_new_point_is_and_how_many_the_others_agreed_to(committee, caf, epci):
    first, _second = propose(committee, "Ouvrir un relais", "Ouvrir un lieu")
    with at(after(minutes=1)):
        committee.agree(first, committee.epci_member)
    [message] = mail_sent_at(LATER, caf)
    body = on_one_line(message.body)
    assert "1. Ouvrir un relais – Nouvel objectif. Échéance : 31 décembre" in body
    assert "Exemple agglomération est déjà d’accord sur un point." in body


def test_each_point_is_notified_once_however_often_the_clock_runs(committee):
    propose(committee, "Un")
    assert len(mail_sent_at(LATER)) == 2
    assert mail_sent_at(LATER) == []
    assert mail_sent_at(after(days=9)) == []


def test_a_further_point_is_notified_with_those_that_still_await(committee, caf):
    propose(committee, "Un")
    mail_sent_at(LATER)
    propose(committee, "Deux", moment=after(hours=1))
    [message] = mail_sent_at(after(hours=2), caf)
    assert points_in(message) == ["Deux", "Un"]
    assert on_one_line(message.subject).startswith("Deux points attendent")


def test_a_proposal_is_notified_to_the_colleague_and_not_to_its_author(committee, caf):
    with at(NOON):
        SeatFactory(organisation=committee.epci, user=committee.coordinator)
        version = committee.proposed()
    assert version.author == committee.coordinator
    assert committee.coordinator.email not in recipients(mail_sent_at(LATER))
    assert (
        Notice.objects.to(committee.coordinator).get(kind="point_awaited", about=version.pk).is_own
    )


def test_a_delegate_is_notified_like_the_member_of_the_kinds_delegated(committee):
    with at(NOON):
        covered = DelegationFactory(seat=committee.caf_seat, kinds=["objective"])
        other = DelegationFactory(seat=committee.caf_seat, kinds=["article"])
    propose(committee, "Un")
    messages = mail_sent_at(LATER)
    assert covered.user.email in recipients(messages)
    assert other.user.email not in recipients(messages)
    [message] = [m for m in messages if m.to == [covered.user.email]]
    assert "par délégation d" in on_one_line(message.body)


def test_a_substitute_is_notified_only_when_the_member_is_absent(committee):
    with at(NOON):
        substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    propose(committee, "Un")
    assert substitute.email not in recipients(mail_sent_at(LATER))
    with at(after(hours=1)):
        seats.declare_absence(
            committee.caf_seat, starts_on=datetime.date(2024, 4, 12), ends_on=None,
            by=committee.coordinator,
        )  # fmt: skip
    assert mail_sent_at(after(days=1), substitute.email) == []
    assert len(mail_sent_at(after(days=2), substitute.email)) == 1


def test_advisers_and_advisory_seats_have_nothing_to_answer(committee, caf, epci):
    """Their avis is asked for, in other words."""
    with at(NOON):
        seats = [SeatFactory(organisation=committee.caf, **{k: True}) for k in ADVISING]
    propose(committee, "Un")
    messages = mail_sent_at(LATER)
    assert recipients(messages) == {caf, epci, *(seat.user.email for seat in seats)}
    for message in messages:
        advised = message.to[0] not in {caf, epci}
        assert ("votre avis" in message.body) is advised
        assert ("la réponse" in message.body) is not advised


def test_a_party_whose_agreement_is_not_required_is_not_asked(committee, caf, epci):
    with at(NOON):
        msa = f.PartyFactory(
            organisation__convention=committee.convention, agreement_required=False
        ).organisation
        SeatFactory(organisation=msa)
    propose(committee, "Un")
    assert recipients(mail_sent_at(LATER)) == {caf, epci}


def test_a_party_without_member_gets_nothing_and_the_one_named_later_does(committee, caf, epci):
    with at(NOON):
        seats.end_seat(committee.caf_seat, by=None)
    propose(committee, "Un", "Deux")
    letters = [letter for letter in mail_sent_at(LATER) if "prend fin" not in letter.subject]
    assert recipients(letters) == {epci}
    with at(after(days=60)):
        newcomer = f.MembershipFactory(organisation=committee.caf, reader=True).user
        referent = f.referent_of(committee.caf)
        seat = seats.name_to_seat(
            committee.caf, kind="member", capacity="Directeur", user=newcomer,
            by=committee.coordinator,
        )  # fmt: skip
    assert newcomer.email not in recipients(mail_sent_at(after(days=60, minutes=1)))
    with at(after(days=60, minutes=2)):
        seats.confirm_seat(seat, by=referent)
    [message] = [
        each for each in mail_sent_at(after(days=60, minutes=3)) if "attend" in each.subject
    ]
    assert message.to == [newcomer.email]
    assert on_one_line(message.subject).startswith("Deux points attendent la réponse de la Caf")


def test_a_person_without_access_any_more_is_not_notified(committee, epci):
    propose(committee, "Un")
    with at(NOON):
        end_membership(committee.caf_member.memberships.get(), by=committee.caf_member)
    told_of_it = [letter for letter in mail_sent_at(LATER) if "suspendu" not in letter.subject]
    assert recipients(told_of_it) == {epci}


def test_a_closed_account_is_not_written_to(committee, epci):
    propose(committee, "Un")
    type(committee.caf_member).objects.filter(pk=committee.caf_member.pk).update(is_active=False)
    assert recipients(mail_sent_at(LATER)) == {epci}


def test_members_of_another_convention_are_not_notified(committee):
    with at(NOON):
        other = committee_of(**TERM)
    propose(committee, "Un")
    assert other.caf_member.email not in recipients(mail_sent_at(LATER))


# What no longer awaits -------------------------------------------------------------------------


def test_a_point_answered_meanwhile_is_not_notified(committee, caf, epci):
    each, _ = propose(committee, "Un", "Deux")
    with at(after(minutes=1)):
        committee.agree(each, committee.caf_member)
    [message] = mail_sent_at(LATER, caf)
    assert on_one_line(message.subject).startswith("Un point attend la réponse de la Caf")
    assert points_in(message) == ["Deux"]


def test_a_point_returned_withdrawn_or_replaced_meanwhile_is_not_notified(committee, epci):
    returned, withdrawn, replaced = propose(committee, "Rendu", "Retiré", "Avant")
    with at(after(minutes=1)):
        answers.answer(
            Reply(returned, Answer.CHANGE_REQUESTED, reason="Non"), by=committee.caf_member
        )
        drafts.withdraw_version(withdrawn, reason="Erreur", by=committee.coordinator)
        committee.edited(replaced, title="Après")
    [message] = mail_sent_at(after(minutes=10), epci)
    assert on_one_line(message.subject).startswith("Un point attend")
    assert points_in(message) == ["Après"]


def test_the_next_version_is_a_new_point(committee, caf):
    [version] = propose(committee, "Avant")
    mail_sent_at(LATER)
    with at(after(hours=1)):
        committee.edited(version, title="Après")
    [message] = mail_sent_at(after(hours=2), caf)
    assert "Intitulé : « Après » au lieu de « Avant »." in on_one_line(message.body)


def test_a_point_awaits_again_when_the_change_asked_for_is_taken_back(committee, epci):
    [version] = propose(committee, "Un")
    with at(after(minutes=1)):
        answers.answer(Reply(version, Answer.CHANGE_REQUESTED, reason="?"), by=committee.caf_member)
    assert mail_sent_at(LATER, epci) == []
    with at(after(hours=1)):
        answers.answer(Reply(version, last_rank=1), by=committee.caf_member)
    assert mail_sent_at(after(hours=1, minutes=29), epci) == []  # it may still be undone
    assert len(mail_sent_at(after(hours=1, minutes=31), epci)) == 1


def test_an_announced_deliberation_is_asked_about_once_its_day_has_passed(committee, caf):
    [version] = propose(committee, "Un")
    mail_sent_at(LATER)
    reply = Reply(
        version, Answer.DELIBERATION, body="Conseil d’administration",
        body_date=datetime.date(2024, 4, 20),
    )  # fmt: skip
    with at(after(minutes=10)):
        answers.answer(reply, by=committee.caf_member)
    assert mail_sent_at(after(days=10), caf) == []
    [message] = mail_sent_at(after(days=11), caf)
    assert on_one_line(message.subject).startswith("Un point attend la réponse de la Caf")
    assert (
        "La délibération annoncée (Conseil d’administration, 20 avril 2024) est passée"
        in on_one_line(message.body)
    )
    assert mail_sent_at(after(days=12)) == []


def test_a_point_put_on_the_agenda_is_not_recalled(committee, caf):
    [version] = propose(committee, "Un")
    mail_sent_at(LATER)
    with at(after(minutes=10)):
        answers.answer(Reply(version, Answer.AGENDA), by=committee.caf_member)
    assert mail_sent_at(after(days=20), caf) == []


# Dossiers --------------------------------------------------------------------------------------


def send(committee, versions, moment=NOON, **values):
    with at(moment):
        return dossiers.send_dossier(
            committee.convention, versions, by=committee.coordinator,
            **{"title": "Comité d’avril", **values},
        )  # fmt: skip


def path_of(message) -> str:
    return page_behind(links_in(message)[0]).removeprefix("https://ctg.example/conventions/")


def test_the_link_leads_to_the_dossier_that_holds_all(committee, caf):
    dossier = send(committee, propose(committee, "Un", "Deux"))
    [message] = mail_sent_at(LATER, caf)
    assert path_of(message) == f"{committee.convention.slug}/comite/dossiers/{dossier.pk}/"


def test_the_link_leads_to_the_points_when_one_is_outside(committee, caf):
    send(committee, propose(committee, "Un", "Deux"))
    propose(committee, "Trois")
    [message] = mail_sent_at(LATER, caf)
    assert path_of(message) == f"{committee.convention.slug}/comite/"


def test_the_link_leads_to_the_only_point(committee, caf):
    [version] = propose(committee, "Un")
    [message] = mail_sent_at(LATER, caf)
    assert path_of(message) == f"{committee.convention.slug}/comite/points/{version.pk}/"


def test_who_answers_for_two_organisations_comes_to_the_one_that_is_asked(committee, caf):
    with at(NOON):
        SeatFactory(organisation=committee.epci, user=committee.caf_member)
    propose(committee, "Un")
    mail_sent_at(LATER)
    with at(after(hours=1)):
        second = committee.proposed("Deux")
        committee.agree(second, committee.epci_member)
    [message] = mail_sent_at(after(hours=2), caf)
    assert points_in(message) == ["Deux", "Un"]
    assert path_of(message).endswith(f"/comite/?pour={committee.caf.pk}")


def test_a_dossier_of_points_already_notified_is_notified_with_its_points(committee, caf):
    versions = propose(committee, "Un", "Deux")
    mail_sent_at(LATER)
    dossier = send(
        committee, versions, after(days=2), message="Pour le 25 avril",
        answer_by=datetime.date(2024, 4, 25),
    )  # fmt: skip
    [message] = mail_sent_at(after(days=2, minutes=6), caf)
    assert on_one_line(message.subject).startswith("Deux points attendent la réponse de la Caf")
    body = on_one_line(message.body)
    assert (
        "a envoyé le dossier « Comité d’avril » le 12 avril 2024 ; la réponse est attendue" in body
    )
    assert "Pour le 25 avril" in body
    assert f"/comite/dossiers/{dossier.pk}/" in path_of(message)
    assert mail_sent_at(after(days=3)) == []


def test_a_dossier_that_awaits_nothing_of_a_party_is_not_notified_to_it(committee, caf, epci):
    [version] = propose(committee, "Un")
    mail_sent_at(LATER)
    with at(after(hours=1)):
        committee.agree(version, committee.caf_member)
    send(committee, [version], after(hours=2))
    assert recipients(mail_sent_at(after(hours=3))) == {epci}


# Old things ------------------------------------------------------------------------------------


def test_the_first_mails_name_nothing_older_than_thirty_days(committee, caf):
    propose(committee, "Ancien", moment=after(days=-31))
    propose(committee, "Récent", moment=after(days=-29))
    [message] = mail_sent_at(NOON, caf)
    assert on_one_line(message.subject).startswith("Un point attend")
    assert "Ancien" not in message.body
    assert mail_sent_at(after(days=1)) == []


def test_a_substitute_is_notified_months_later_of_what_the_member_was(committee):
    with at(NOON):
        substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    propose(committee, "Un")
    mail_sent_at(LATER)
    with at(after(days=30)):
        seats.declare_absence(
            committee.caf_seat, starts_on=timezone.localdate(after(days=90)), ends_on=None,
            by=committee.coordinator,
        )  # fmt: skip
    assert all(letter.subject.startswith("Absence") for letter in mail_sent_at(after(days=31)))
    assert recipients(mail_sent_at(after(days=91))) == {substitute.email}
    assert Notice.objects.to(substitute).latest("pk").kind == "point_awaited"


def test_a_delegate_named_later_has_the_news_of_old_points_the_member_has_not(committee, caf):
    propose(committee, "Ancien", moment=after(days=-60))
    with at(NOON):
        delegate = DelegationFactory(
            seat=committee.caf_seat, starts_on=timezone.localdate(NOON)
        ).user
    assert recipients(mail_sent_at(LATER)) == {delegate.email}


# What one may not answer -----------------------------------------------------------------------


def test_who_has_spoken_for_one_party_is_not_asked_for_another(committee, caf, epci):
    with at(NOON):
        seats.end_seat(committee.epci_seat, by=None)
        SeatFactory(organisation=committee.epci, user=committee.caf_member)
        version = committee.proposed("Un")
        answers.answer(Reply(version), by=committee.caf_member, organisation=committee.epci)
    assert all("prend fin" in letter.subject for letter in mail_sent_at(LATER))


def test_an_account_closed_while_the_message_is_written_is_not_written_to(committee):
    propose(committee, "Un")
    with at(LATER):
        letter = CommitteeLetter(scope_of(committee.convention).key, "", LATER)
        address(letter)
        type(committee.caf_member).objects.update(is_active=False)
        assert not write_to_person(committee.caf_member.pk, [letter])
    assert not Notice.objects.to(committee.caf_member).exists()


def test_a_version_whose_base_was_not_notified_is_shown_whole():
    """A second version follows before the first has been sent: nothing is in force yet."""
    committee = committee_of()
    first = committee.proposed(measure="Fermeture de dix lieux d’accueil")
    committee.edited(first, title="Ouvrir deux espaces France Services.")
    soon = timezone.now() + datetime.timedelta(minutes=10)
    [message] = mail_sent_at(soon, committee.epci_member.email)
    text = on_one_line(message.body)
    assert "Nouvel objectif." in text
    assert "Fermeture de dix lieux d’accueil" in text
