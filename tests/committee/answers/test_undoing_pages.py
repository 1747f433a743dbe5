"""« Annuler ma réponse »: one click where the answer is shown; who was to be told is not."""

import datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import UNDO_DELAY, Agreement, Answer, State
from committee.dossiers import events as dossiers
from notifications.models import Notice
from tests.accounts.reading import text_of
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import NOON, TERM, after, at, mail_sent_at, recipients
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def seen(response) -> str:
    return unescape(text_of(response.content.decode())).replace("\u00a0", " ")


def page(name, committee, *args) -> str:
    return reverse(f"committee:{name}", args=[committee.convention.slug, *args])


def messages_of(response) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in response.context["messages"]]


def test_an_answer_is_undone_in_one_click_from_the_page_that_follows_or_the_list(
    client, committee, version
):
    client.force_login(committee.caf_member)
    url = page("answer", committee, version.pk)
    recap = client.post(url, {"reponse": "accord", "last_rank": 0}, follow=True)
    sent = {"notees": recap.context["recap"].shown, "pour": committee.caf.pk}
    after_answer = client.post(page("recap", committee), sent, follow=True)
    entry = Agreement.objects.get()
    assert "Votre réponse est enregistrée" in seen(after_answer)
    assert "Annuler ma réponse (encore 30 minutes)" in seen(after_answer)
    listed = client.get(page("points", committee))
    assert "Voir ou annuler ma réponse récente" in seen(listed)
    shown = {"reponses": after_answer.context["given"].shown, "pour": committee.caf.pk}
    undone = client.post(page("given", committee), shown, follow=True)
    assert "annulée" in messages_of(undone)[0]
    point = client.get(page("point", committee, version.pk))
    assert "Annuler ma réponse" not in seen(point)
    assert "Annulée dans les trente minutes" in seen(point)
    assert Agreement.objects.filter(undoes=entry).exists()
    register = seen(client.get(page("register", committee)))
    assert "annulée dans les trente minutes" in register
    assert "Réponse annulée" in register


def test_only_who_answered_may_undo_and_for_thirty_minutes(client, committee, version):
    entry = answers.answer(Reply(version), by=committee.caf_member)
    client.force_login(committee.epci_member)
    assert "Annuler ma réponse" not in seen(client.get(page("point", committee, version.pk)))
    client.force_login(committee.caf_member)
    point = client.get(page("point", committee, version.pk))
    assert "Annuler ma réponse (encore 30 minutes)" in seen(point)
    Agreement.objects.update(created_at=timezone.now() - UNDO_DELAY)
    point = client.get(page("point", committee, version.pk))
    assert "Annuler ma réponse" not in seen(point)
    late = client.post(page("undo", committee, entry.pk))
    assert "Une réponse s’annule dans les trente minutes" in seen(late)


def test_all_that_was_just_given_is_undone_at_once_and_no_more(client, committee, version):
    other = committee.proposed("Un autre")
    for answered in (version, other):
        answers.answer(Reply(answered), by=committee.caf_member)
    client.force_login(committee.caf_member)
    given = client.get(page("given", committee))
    assert "Vos deux réponses sont enregistrées" in seen(given)
    assert "Annuler mes deux réponses (encore 30 minutes)" in seen(given)
    later = answers.answer(Reply(committee.proposed("Depuis")), by=committee.caf_member)
    sent = {"reponses": given.context["given"].shown, "pour": committee.caf.pk}
    undone = client.post(page("given", committee), sent, follow=True)
    assert messages_of(undone) == [
        "Deux réponses sont annulées ; le registre garde ce qui a été dit."
    ]
    assert list(Agreement.objects.current()) == [later]
    again = client.post(page("given", committee), sent, follow=True)
    assert messages_of(again) == ["Il n’y a plus de réponse à annuler : rien n’a changé."]


def test_a_dossier_is_undone_as_it_was_answered(client, committee, version):
    other = committee.proposed("Un autre")
    answers.answer(Reply(other), by=committee.epci_member)
    dossier = dossiers.send_dossier(
        committee.convention, [version, other], title="Mars", by=committee.coordinator
    )
    dossiers.answer_dossier(dossier, [Reply(version), Reply(other)], by=committee.caf_member)
    client.force_login(committee.caf_member)
    assert "Annuler mes 2 réponses (encore 30 minutes)" in seen(
        client.get(page("dossier", committee, dossier.pk))
    )
    undone = client.post(page("undo_dossier", committee, dossier.pk), follow=True)
    assert messages_of(undone) == [
        "Deux réponses sont annulées ; le registre garde ce qui a été dit."
    ]
    other.refresh_from_db()
    assert other.state == State.PROPOSED
    assert not Agreement.objects.current().filter(organisation=committee.caf).exists()
    again = client.post(page("undo_dossier", committee, dossier.pk), follow=True)
    assert messages_of(again) == ["Il n’y a plus de réponse à annuler : rien n’a changé."]


# What others are told ---------------------------------------------------------------------------


@pytest.fixture
def asked():
    """A point of which both parties know, and a change asked for at noon."""
    with at(NOON - datetime.timedelta(days=1)):
        committee = committee_of(**TERM)
        version = committee.proposed("Ouvrir un relais")
    mail_sent_at(NOON - datetime.timedelta(hours=2))
    with at(NOON):
        reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Trop tard")
        return committee, answers.answer(reply, by=committee.caf_member)


def test_a_request_is_notified_once_it_can_no_longer_be_undone(asked):
    committee, _entry = asked
    assert mail_sent_at(after(NOON, minutes=29)) == []
    assert recipients(mail_sent_at(after(NOON, minutes=31))) == {committee.coordinator.email}


def test_an_undone_answer_notifies_nobody(asked):
    committee, entry = asked
    with at(after(NOON, minutes=29)):
        answers.undo([entry], by=committee.caf_member)
    assert mail_sent_at(after(NOON, hours=2)) == []
    assert not Notice.objects.waiting().exists()


def test_a_point_is_notified_once_the_request_that_returned_it_is_undone():
    with at(NOON):
        committee = committee_of(**TERM)
        version = committee.proposed("Ouvrir un relais")
        reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Trop tard")
        entry = answers.answer(reply, by=committee.caf_member)
    assert mail_sent_at(after(NOON, minutes=10)) == []
    with at(after(NOON, minutes=20)):
        answers.undo([entry], by=committee.caf_member)
    messages = mail_sent_at(after(NOON, minutes=30))
    assert committee.epci_member.email in recipients(messages)
