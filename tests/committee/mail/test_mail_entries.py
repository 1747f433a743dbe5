"""What others said: a change asked for, an agreement recorded, contested, taken back; a dossier."""

import datetime

import pytest
from django.core import mail

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from agreements.seats import events as seats
from agreements.versions import events as drafts
from committee.dossiers import events as dossiers
from conventions.access import events as access
from notifications.models import Notice
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.mail.mailing import (
    NOON,
    TERM,
    after,
    at,
    links_in,
    mail_sent_at,
    on_one_line,
    page_behind,
    recipients,
)  # fmt: skip
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db
BEFORE = after(minutes=6)
SAID = after(hours=1)
LATER = after(hours=2)


@told_once
def committee():
    with at(NOON):
        return committee_of(**TERM)


@told_once
def coordinator(committee):
    return committee.coordinator.email


@told_once
def members(committee):
    return {committee.caf_member.email, committee.epci_member.email}


@told_once
def version(committee):
    """A point of which both parties know."""
    with at(NOON):
        version = committee.proposed("Ouvrir un relais")
    mail_sent_at(BEFORE)
    return version


@told_once
def other_coordinator(committee):
    with at(NOON):
        return f.MembershipFactory(organisation=committee.caf, coordinator=True).user


def ask_for_change(committee, version, **values):
    with at(SAID):
        reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Trop tard pour la rentrée")
        return answers.answer(reply, **{"by": committee.caf_member, **values})


def record(committee, version, by=None, moment=SAID):
    by = by or committee.coordinator
    with at(moment):
        return answers.record(
            version, committee.caf_seat, received_on=datetime.date(2024, 4, 9),
            evidence=a_document(by), by=by,
        )  # fmt: skip


def send_dossier(committee, version, title="Avril"):
    """Its members have read of it since."""
    by = committee.coordinator
    with at(NOON):
        dossier = dossiers.send_dossier(committee.convention, [version], title=title, by=by)
    mail_sent_at(after(minutes=30))
    return dossier


def point_path(version) -> str:
    slug = version.convention.slug
    return f"https://ctg.example/conventions/{slug}/comite/points/{version.pk}/"


# A change --------------------------------------------------------------------------------------


def test_a_requested_change_is_notified_to_the_author_and_the_coordinators(
    committee, version, coordinator, other_coordinator
):
    ask_for_change(committee, version)
    messages = mail_sent_at(LATER)
    assert recipients(messages) == {coordinator, other_coordinator.email}
    body = on_one_line(messages[0].body)
    assert on_one_line(messages[0].subject).startswith(
        "Une modification est demandée : « Ouvrir un relais »"
    )
    assert "La Caf d’Exemple demande une modification de la version 1 du 10 avril 2024." in body
    assert f"Par {committee.caf_member}, Directrice, le 10 avril 2024." in body
    assert "Motif : Trop tard pour la rentrée" in body
    assert page_behind(links_in(messages[0])[0]) == point_path(version)
    assert mail_sent_at(after(days=2)) == []


def test_an_adviser_who_wrote_the_version_is_notified_of_the_change(committee, version):
    with at(NOON):
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    type(version).objects.filter(pk=version.pk).update(author=adviser)
    ask_for_change(committee, version)
    assert adviser.email in recipients(mail_sent_at(LATER))


def test_the_person_who_asked_for_a_change_is_not_notified_of_it(committee, version, coordinator):
    f.MembershipFactory(user=committee.caf_member, organisation=committee.caf, role="coordinator")
    entry = ask_for_change(committee, version)
    assert recipients(mail_sent_at(LATER)) == {coordinator}
    notice = Notice.objects.to(committee.caf_member).get(kind="change_requested", about=entry.pk)
    assert notice.is_own


def test_a_change_already_made_is_no_news(committee, version, coordinator, members):
    ask_for_change(committee, version)
    with at(after(SAID, minutes=3)):
        committee.edited(version, title="Ouvrir deux relais")
    assert recipients(mail_sent_at(LATER)) == members


def test_a_change_requested_a_month_ago_is_not_notified_to_a_new_coordinator(committee, version):
    ask_for_change(committee, version)
    mail_sent_at(LATER)
    soon = join_coordination(committee, after(days=20))
    assert recipients(mail_sent_at(after(days=20, minutes=1))) == {soon.email}
    join_coordination(committee, after(days=32))
    assert mail_sent_at(after(days=32, minutes=1)) == []


def join_coordination(committee, moment):
    with at(moment):
        user = f.UserFactory()
        invitation, _token = access.invite(
            email=user.email, organisation=committee.caf, roles=["coordinator"], by=None
        )
        access.accept(invitation, by=user)
    # That somebody came is news of its own.
    Notice.objects.filter(kind="access_given").delete()
    mail.outbox.clear()
    return user


# Recorded, refused -----------------------------------------------------------------------------


def test_a_recorded_agreement_is_notified_to_whoever_may_confirm_it(committee, version):
    with at(NOON):
        colleague = SeatFactory(organisation=committee.caf).user
    mail_sent_at(BEFORE)
    record(committee, version)
    messages = {message.to[0]: message for message in mail_sent_at(LATER)}
    assert set(messages) == {committee.caf_member.email, colleague.email}
    own, other = (messages[user.email] for user in (committee.caf_member, colleague))
    assert on_one_line(own.subject).startswith("Un accord est saisi en votre nom")
    assert on_one_line(other.subject).startswith("Un accord est à confirmer")
    body = on_one_line(own.body)
    assert f"{committee.coordinator} a saisi en votre nom l’accord de la Caf d’Exemple" in body
    assert "à la version 1 du 10 avril 2024, reçu le 9 avril 2024." in body
    waits = "Il comptera quand une personne qui engage la Caf d’Exemple l’aura confirmé."
    act = "Confirmez cet accord, ou dites que ce n’est pas la réponse de la Caf d’Exemple."
    for message in (own, other):
        assert waits in on_one_line(message.body)
        assert act in on_one_line(message.body)
    assert page_behind(links_in(own)[0]) == point_path(version)


def test_a_named_person_who_commits_nobody_any_more_may_still_refuse(committee, version):
    record(committee, version)
    with at(after(SAID, minutes=1)):
        seats.end_seat(committee.caf_seat, by=None)
    [message] = [each for each in mail_sent_at(LATER) if "saisi en votre nom" in each.subject]
    assert message.to == [committee.caf_member.email]
    assert "Si vous n’avez pas dit cela, dites-le sur le portail." in on_one_line(message.body)


def test_the_page_of_news_says_in_whose_name_as_it_is_true_for_each_reader(committee, version):
    """The member reads « en votre nom »; a colleague who may confirm reads the member's name."""
    record(committee, version)
    mail_sent_at(LATER)
    notice = Notice.objects.to(committee.caf_member).get(kind="agreement_recorded")
    assert f"{committee.coordinator} a saisi en votre nom l’accord" in on_one_line(notice.summary)
    with at(NOON):
        absent = SeatFactory(organisation=committee.epci, user=None)
    with at(SAID):
        answers.record(
            version, absent, received_on=datetime.date(2024, 4, 9),
            evidence=a_document(committee.coordinator), by=committee.coordinator,
        )  # fmt: skip
    mail_sent_at(LATER)
    notice = Notice.objects.to(committee.epci_member).get(kind="agreement_recorded")
    assert f"a saisi au nom de {absent.name} l’accord" in on_one_line(notice.summary)


def test_a_recorded_answer_replaced_since_is_not_notified(committee, version):
    record(committee, version)
    with at(after(SAID, minutes=1)):
        committee.agree(version, committee.caf_member)
    assert mail_sent_at(LATER, committee.caf_member.email) == []


def test_twelve_agreements_recorded_are_one_message(committee):
    with at(NOON):
        versions = [committee.proposed(f"Ouvrir {n}") for n in range(12)]
    mail_sent_at(BEFORE)
    for n, version in enumerate(versions):
        record(committee, version, moment=after(SAID, minutes=n))
    [message] = mail_sent_at(after(SAID, minutes=17))
    assert on_one_line(message.subject).startswith("Douze accords sont saisis en votre nom")


def test_a_denied_record_is_notified_to_the_coordinators_and_who_recorded_it(
    committee, version, coordinator
):
    with at(NOON):
        colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    mail_sent_at(after(minutes=7))
    entry = record(committee, version, by=colleague)
    mail_sent_at(after(SAID, minutes=6))
    with at(after(days=1)):
        answers.refuse_all([entry], reason="Je n’ai rien signé", by=committee.caf_member)
    messages = mail_sent_at(after(days=1, minutes=30))
    assert recipients(messages) == {coordinator, colleague.email}
    assert on_one_line(messages[0].subject).startswith(
        "Une réponse saisie est démentie : « Ouvrir un relais »"
    )
    body = on_one_line(messages[0].body)
    assert f"{committee.caf_member} dit que l’accord à la version 1 du 10 avril 2024" in body
    assert "n’est pas la réponse de la Caf d’Exemple : « Je n’ai rien signé »." in body
    assert "La réponse de la Caf d’Exemple reste attendue." in body


# Taken back ------------------------------------------------------------------------------------


def test_a_retracted_agreement_is_notified_to_the_other_parties_and_the_coordinators(
    committee, version, coordinator
):
    with at(NOON):
        colleague = SeatFactory(organisation=committee.caf).user
    mail_sent_at(after(minutes=7))
    with at(SAID):
        committee.agree(version)
        answers.retract(version, reason="Le bureau s’y oppose", by=committee.caf_member)
    messages = mail_sent_at(LATER)
    assert recipients(messages) == {committee.epci_member.email, coordinator}
    assert colleague.email not in recipients(messages)
    body = on_one_line(messages[0].body)
    assert on_one_line(messages[0].subject).startswith(
        "Un accord est retiré : « Ouvrir un relais »"
    )
    assert "La Caf d’Exemple a retiré son accord à la version 1 du 10 avril 2024." in body
    assert "Motif : Le bureau s’y oppose" in body


def test_an_agreement_given_again_at_once_is_no_news(committee, version):
    with at(SAID):
        committee.agree(version, committee.caf_member)
        answers.retract(version, reason="Erreur", by=committee.caf_member)
    with at(after(SAID, minutes=2)):
        answers.answer(Reply(version, last_rank=2), by=committee.caf_member)
    assert mail_sent_at(LATER) == []


def test_a_version_no_longer_in_force_is_notified_even_when_a_later_one_is_discussed(
    committee, coordinator
):
    with at(NOON):
        first = committee.in_force("Un")
        committee.edited(first, title="Deux")
    mail_sent_at(BEFORE)
    with at(SAID):
        answers.retract(first, reason="Erreur", by=committee.caf_member)
    assert recipients(mail_sent_at(LATER)) == {coordinator, committee.epci_member.email}


def test_an_avis_and_an_agreement_are_no_news(committee, version):
    with at(SAID):
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
        answers.advise(version, opinion=Answer.UNFAVOURABLE, reason="Non", by=adviser)
        committee.agree(version)
    assert mail_sent_at(LATER) == []


# Complete dossiers -----------------------------------------------------------------------------


def test_a_complete_dossier_is_notified_to_its_sender_and_the_coordinators(
    committee, version, coordinator, other_coordinator
):
    dossier = send_dossier(committee, version, "Comité d’avril")
    with at(SAID):
        committee.agree(version)
    messages = mail_sent_at(LATER)
    assert recipients(messages) == {coordinator, other_coordinator.email}
    assert on_one_line(messages[0].subject).startswith("Le dossier « Comité d’avril » est complet")
    body = on_one_line(messages[0].body)
    assert "Toutes les parties ont répondu, ou n’ont plus à répondre." in body
    assert "Ouvrir un relais – CAF 99 : d’accord le 10 avril 2024 ; Exemple : d’accord" in body
    assert "Version en vigueur." in body
    assert links_in(messages[0])[0].endswith(f"/comite/dossiers/{dossier.pk}/")
    assert mail_sent_at(after(days=1)) == []


def test_the_person_who_completes_a_dossier_is_not_notified_of_it(
    committee, version, coordinator, other_coordinator
):
    f.MembershipFactory(user=committee.caf_member, organisation=committee.caf, coordinator=True)
    send_dossier(committee, version)
    with at(SAID):
        committee.agree(version, committee.epci_member)
        committee.agree(version, committee.caf_member)
    assert recipients(mail_sent_at(LATER)) == {coordinator, other_coordinator.email}


def test_a_recorded_answer_completes_a_dossier_once_it_is_confirmed(
    committee, version, coordinator, other_coordinator
):
    send_dossier(committee, version)
    with at(SAID):
        committee.agree(version, committee.epci_member)
    entry = record(committee, version)
    assert recipients(mail_sent_at(LATER)) == {committee.caf_member.email}
    with at(after(hours=3)):
        answers.confirm(entry, by=committee.caf_member)
    complete = [
        each for each in mail_sent_at(after(hours=4)) if "est complet" in on_one_line(each.subject)
    ]
    assert recipients(complete) == {coordinator, other_coordinator.email}


def test_a_dossier_complete_by_a_withdrawal_says_that_the_point_is_withdrawn(
    committee, version, coordinator
):
    send_dossier(committee, version)
    with at(SAID):
        drafts.withdraw_version(version, reason="Sans objet", by=committee.coordinator)
    [message] = mail_sent_at(LATER)
    assert message.to == [coordinator]
    assert "Ouvrir un relais – Version retirée." in on_one_line(message.body)


# Together --------------------------------------------------------------------------------------


def test_several_kinds_of_news_are_one_message_what_is_urgent_first(committee, version):
    record(committee, version)
    with at(SAID):
        committee.proposed("Autre")
    [message] = mail_sent_at(LATER, committee.caf_member.email)
    assert on_one_line(message.subject).startswith(
        "Un accord est saisi en votre nom et deux points attendent la réponse de la Caf d’Exemple"
    )
    # The point recorded, the points, the account, the portal.
    assert len(set(links_in(message))) == 4
