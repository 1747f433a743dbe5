"""A request for a change that was recorded in a member’s name is called so wherever it is confirmed
or refused: it is no agreement."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers import rights
from agreements.answers.events import Received, record_all
from agreements.answers.lights import point_of
from agreements.models import Agreement, Answer
from agreements.seats.voices import bench_of
from committee.points.tasks import committee_tasks
from ctg_portal.templatetags.french import de
from tests.agreements.earlier import contested
from tests.agreements.factories import committee_of
from tests.committee.answers.test_acts import page_text
from tests.committee.dossiers.scene import messages_of
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed()


@told_once
def entry(committee, version):
    [entry] = record_all(
        [Received(version, answer=Answer.CHANGE_REQUESTED, reason="Plus tôt")],
        committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), channel="paper", by=committee.coordinator,
    )  # fmt: skip
    return entry


@pytest.fixture
def member(committee, client):
    client.force_login(committee.caf_member)
    return client


def url(name: str, row, *args) -> str:
    version = getattr(row, "version", row)
    return reverse(f"committee:{name}", args=[version.convention.slug, row.pk, *args])


def test_the_task_says_what_was_recorded(committee, version, entry):
    tasks = committee_tasks(committee.caf_member, [committee.convention], timezone.localdate())
    titles = [task.title for task in tasks[committee.convention.pk]]
    assert titles[1] == (
        f"{committee.coordinator} a saisi une demande de modification {de(committee.caf_seat.name)}"
        f" sur « {version.title} » : confirmez-la, ou dites que ce n’est pas la réponse "
        f"{committee.caf.genitive}."
    )


def test_the_point_says_what_waits_for_the_member(member, version, entry):
    text = page_text(member.get(url("point", version)))
    assert "a saisi une demande de modification en votre nom, reçue" in text
    assert "« Plus tôt »" in text
    assert "Confirmer cette demande" in text
    assert "Ce n’est pas la réponse de la Caf d’Exemple" in text
    assert "à confirmer : elle ne compte pas encore" in text
    assert "cet accord" not in text


def test_an_agreement_that_waits_is_not_said_to_be_given(committee, version, member):
    record_all(
        [Received(version)], committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), channel="paper", by=committee.coordinator,
    )  # fmt: skip
    text = page_text(member.get(url("point", version)))
    assert "a saisi un accord en votre nom, reçu" in text
    assert "Confirmer cet accord" in text
    assert "a donné son accord à cette version" not in text
    answers.confirm(Agreement.objects.get(), by=committee.caf_member)
    text = page_text(member.get(url("point", version)))
    assert "en votre nom, reçu" not in text
    assert "a donné son accord à cette version" in text


def test_the_coordinator_is_not_asked_to_confirm(committee, client, version, entry):
    client.force_login(committee.coordinator)
    assert "Confirmer cette demande" not in page_text(client.get(url("point", version)))


def test_the_page_and_message_of_a_confirmation_say_its_effect(member, entry):
    text = page_text(member.get(url("confirm", entry)))
    assert "Confirmer la demande saisie en votre nom" in text
    assert "le point retourne à son auteur" in text
    [message] = messages_of(member.post(url("confirm", entry), follow=True))
    assert message.startswith("La demande est confirmée.")


def test_a_refused_request_is_shown_as_denied_everywhere(committee, member, version, entry):
    text = page_text(member.get(url("refuse", entry)))
    assert f"{committee.coordinator} a saisi une demande de modification" in text
    assert "« Plus tôt »" in text
    member.post(url("refuse", entry), {"reason": "Jamais dit"})
    [light] = [each for each in point_of(version).lights if each.organisation == committee.caf]
    assert light.word == "attendu"
    text = page_text(member.get(url("point", version)))
    assert "Modification demandée (démenti)" in text
    assert f"ce n’est pas la réponse de l’organisme ({committee.caf_member})" in text
    assert "Jamais dit" in text
    text = page_text(member.get(url("entry", entry)))
    assert "a démenti la demande de modification saisie en son nom" in text


def test_a_confirmed_request_is_neither_confirmed_again_nor_refused(committee, entry):
    answers.confirm(entry, by=committee.caf_member)
    entry, point = Agreement.objects.get(pk=entry.pk), point_of(entry.version)
    bench = bench_of(committee.convention, timezone.localdate())
    for ask in (rights.may_confirm, rights.may_refuse):
        refusal = ask(committee.caf_member, entry, point, bench)
        assert refusal.reason == "Cette demande est déjà confirmée."


def test_a_contestation_of_an_earlier_release_says_so_everywhere(committee, member, version, entry):
    denial = contested(entry)
    suspended = "une demande de modification recueillie hors portail est contestée"
    text = page_text(member.get(url("point", version)))
    assert f"Suspendue : {suspended}." in text
    assert "Conteste la demande saisie le" in text
    points = reverse("committee:points", args=[committee.convention.slug])
    assert f"{suspended} : le point est suspendu.".capitalize() in page_text(member.get(points))
    text = page_text(member.get(url("entry", denial)))
    assert "a contesté la demande de modification saisie en son nom" in text
    assert "Demande contestée" in text
    assert "Cette demande a été contestée" in page_text(member.get(url("entry", entry)))
