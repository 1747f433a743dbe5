"""A dossier sent too soon is called back until the first answer; who was written to is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer, State
from committee.answers.events import note_answer
from committee.dossiers.events import answer_dossier, recall_dossier, remind_dossier, send_dossier
from committee.dossiers.rights import may_remind
from committee.models import Dossier, DossierState
from conventions.models import Membership
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.dossiers.scene import dossier_of, messages_of, seen_text, url_of
from tests.committee.mail.mailing import NOON, TERM, after, at, links_in, recipients
from tests.committee.mail.mailing import mail_sent_at as mailed
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of()


@told_once
def dossier(committee):
    return dossier_of(committee, 2)


def refusal_of(dossier, by) -> str:
    with pytest.raises(Refused) as refused:
        recall_dossier(dossier, by=by)
    return refused.value.refusal.reason


def recall_url(dossier) -> str:
    return reverse("committee:recall_dossier", args=[dossier.convention.slug, dossier.pk])


def test_a_recalled_dossier_awaits_nobody_and_its_points_are_as_before_it(
    client, committee, dossier
):
    client.force_login(committee.coordinator)
    assert "Rappeler le dossier" in seen_text(client.get(url_of(dossier)))
    page = client.post(recall_url(dossier), follow=True)
    assert messages_of(page) == ["Le dossier est rappelé : il n’attend plus de réponse."]
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECALLED
    assert {version.state for version in dossier.versions.all()} == {State.PROPOSED}
    client.force_login(committee.caf_member)
    page = client.get(url_of(dossier))
    assert "Ce dossier est rappelé" in seen_text(page)
    assert page.context["reading"].awaited == []
    listed = client.get(reverse("committee:dossiers", args=[committee.convention.slug]))
    assert "Aucun dossier n’attend de réponse" in seen_text(listed)
    assert "rappelé" in seen_text(listed)


def test_only_its_sender_or_the_coordination_recalls_a_dossier(committee, dossier):
    for person in (committee.caf_member, SeatFactory(organisation=committee.caf).user):
        assert refusal_of(dossier, person).startswith("Seule la coordination")
    other = MembershipFactory(organisation=committee.caf, coordinator=True).user
    recall_dossier(dossier, by=other)
    assert refusal_of(dossier, other) == "Ce dossier est déjà rappelé."


def test_a_sender_who_lost_access_does_not_recall_the_dossier(committee, dossier):
    Membership.objects.filter(user=committee.coordinator).update(ended_at=timezone.now())
    assert refusal_of(dossier, committee.coordinator).startswith("Seule la coordination")


def test_an_answer_given_before_the_dossier_was_sent_does_not_prevent_its_recall(committee):
    version = committee.proposed()
    committee.agree(version, committee.caf_member)
    sent = send_dossier(committee.convention, [version], title="Comité", by=committee.coordinator)
    assert recall_dossier(sent, by=committee.coordinator).is_recalled


def test_an_answered_dossier_is_not_recalled_unless_the_answer_was_undone(committee, dossier):
    version = dossier.versions.first()
    entry = answers.answer(Reply(version), by=committee.caf_member)
    assert "Une réponse a déjà été donnée" in refusal_of(dossier, committee.coordinator)
    answers.undo([entry], by=committee.caf_member)
    assert recall_dossier(dossier, by=committee.coordinator).is_recalled


def test_notes_on_a_recalled_dossier_are_neither_given_nor_lost(client, committee, dossier):
    client.force_login(committee.caf_member)
    version = dossier.versions.first()
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Pas avant la rentrée")
    mine = {"by": committee.caf_member, "organisation": committee.caf}
    noted = note_answer(reply, dossier=dossier, **mine)
    recall_dossier(dossier, by=committee.coordinator)
    recap = reverse("committee:recap", args=[committee.convention.slug])
    page = client.post(recap, {"notees": f"{noted.pk}:{noted.revision}"})
    text = seen_text(page)
    assert "Ce dossier vient d’être rappelé" in text
    assert "Pas avant la rentrée" in text
    assert not Agreement.objects.exists()
    [refused, _other] = answer_dossier(dossier, [Reply(v) for v in dossier.versions.all()],
                                 by=committee.caf_member).refused  # fmt: skip
    assert refused[0] == version


def test_a_recall_is_notified_once_to_members_who_knew_of_the_dossier():
    with at(NOON):
        committee = committee_of(**TERM)
        dossier = dossier_of(committee, 2, title="Comité d’avril")
    assert recipients(mailed(after(minutes=6))) == {
        committee.caf_member.email, committee.epci_member.email
    }  # fmt: skip
    with at(after(minutes=10)):
        newcomer = SeatFactory(organisation=committee.caf).user
        recall_dossier(dossier, by=committee.coordinator)
        dossier.transitions.update(created_at=after(minutes=10))
    messages = mailed(after(hours=1))
    called_back = [m for m in messages if "rappelé" in m.subject]
    assert recipients(called_back) == {committee.caf_member.email, committee.epci_member.email}
    assert any(url_of(dossier) in link for link in links_in(called_back[0]))
    assert newcomer.email not in recipients(called_back)
    assert mailed(after(days=1)) == []


def test_a_dossier_recalled_before_any_mail_is_never_mentioned():
    with at(NOON):
        committee = committee_of(**TERM)
        dossier = dossier_of(committee, 2, title="Comité d’avril")
    with at(after(minutes=2)):
        recall_dossier(dossier, by=committee.coordinator)
    for message in mailed(after(hours=1)):
        assert "Comité d’avril" not in message.body
        assert "dossier" not in message.subject


def test_a_complete_dossier_is_not_called_back(committee, dossier):
    for version in dossier.versions.all():
        committee.agree(version)
    dossier = Dossier.objects.get()
    assert "complet" in refusal_of(dossier, committee.coordinator)
    assert Answer.AGREED in Agreement.objects.values_list("answer", flat=True)


# Reminding ---------------------------------------------------------------------------------------


def test_who_is_reminded_reads_what_the_coordinator_was_shown():
    with at(NOON):
        committee = committee_of(**TERM)
        dossier = dossier_of(committee, 2, title="Comité d’avril", message="Avant le comité.")
    mailed(after(minutes=6))
    with at(after(days=2)):
        answers.answer(Reply(dossier.versions.first()), by=committee.caf_member)
        for version in dossier.versions.all():
            committee.agree(version, committee.epci_member)
        dossier = remind_dossier(dossier, by=committee.coordinator)
        dossier.transitions.filter(verb="reminded").update(created_at=after(days=2))
        refused = may_remind(committee.coordinator, dossier, timezone.localdate())
        assert "déjà été relancé aujourd’hui" in refused.reason
    messages = [m for m in mailed(after(days=2, minutes=10)) if "Comité d’avril" in m.subject]
    assert recipients(messages) == {committee.caf_member.email}
    [message] = messages
    assert "attend votre réponse" in message.subject
    assert "Un point attend encore votre réponse." in message.body
    assert "Avant le comité." in message.body
    assert any(url_of(dossier) in link for link in links_in(message))
    assert mailed(after(days=3)) == []


def test_only_the_coordination_reminds_and_reads_the_message_first(client, committee, dossier):
    Dossier.objects.update(sent_at=timezone.now() - timedelta(days=1))
    url = reverse("committee:remind_dossier", args=[committee.convention.slug, dossier.pk])
    client.force_login(committee.caf_member)
    assert "Personne n’est à relancer" in seen_text(client.get(url))
    client.post(url)
    assert not dossier.transitions.filter(verb="reminded").exists()
    client.force_login(committee.coordinator)
    text = seen_text(client.get(url))
    assert f"<b>{committee.caf_member}</b>, pour {committee.caf.the}" in text
    assert "attendent encore votre réponse" in text
    client.post(url)
    assert dossier.transitions.filter(verb="reminded").exists()
    assert "déjà été relancé aujourd’hui" in seen_text(client.get(url_of(dossier)))
    assert "déjà été relancé aujourd’hui" in seen_text(client.get(url))
