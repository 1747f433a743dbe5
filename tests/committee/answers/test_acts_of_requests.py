"""A request for a change that was recorded in a member’s name is called so wherever it is confirmed
or contested: it is no agreement."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers import rights
from agreements.answers.events import Received, record_all
from agreements.answers.lights import point_of
from agreements.models import Agreement, Answer
from agreements.seats.events import object_to_seat
from agreements.seats.voices import bench_of
from committee.points.tasks import committee_tasks
from tests.agreements import clock
from tests.agreements.factories import committee_of, since_long
from tests.agreements.telling import confirm_unchallenged
from tests.committee.answers.test_acts import page_text
from tests.committee.dossiers.scene import told
from tests.committee.scene import a_document
from tests.factories import MembershipFactory
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
    found = committee_tasks(committee.caf_member, [committee.convention], timezone.localdate())
    titles = [task.title for task in found[committee.convention.pk]]
    assert (
        f"a saisi une demande de modification en votre nom sur « {version.title} » :" in titles[0]
    )
    assert "confirmez-la, ou contestez-la jusqu’au" in titles[0]


def test_the_point_says_what_waits_for_the_member(member, version, entry):
    text = page_text(member.get(url("point", version)))
    assert "a saisi une demande de modification en votre nom, reçue" in text
    assert "« Plus tôt »" in text
    assert "Confirmer cette demande" in text
    assert "Contester cette demande" in text
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


def test_confirming_says_what_it_does(member, entry):
    text = page_text(member.get(url("confirm", entry)))
    assert "Confirmer la demande enregistrée en votre nom" in text
    assert "le point retourne à son auteur" in text
    [message] = told(member.post(url("confirm", entry), follow=True))
    assert message.startswith("La demande est confirmée.")


def test_contesting_says_so_everywhere(committee, member, version, entry):
    text = page_text(member.get(url("contest", entry)))
    assert "Contester la demande enregistrée en votre nom" in text
    assert "accord" not in text.split("Contester la demande", maxsplit=1)[1].split("Renoncer")[0]
    [message] = told(member.post(url("contest", entry), {"reason": "Jamais dit"}, follow=True))
    assert message.startswith("La demande est contestée : le point est suspendu")
    [light] = [one for one in point_of(version).lights if one.organisation == committee.caf]
    assert light.word == "demande contestée"
    suspended = "une demande de modification recueillie hors portail est contestée"
    text = page_text(member.get(url("point", version)))
    assert f"Suspendue : {suspended}." in text
    assert "Conteste la demande saisie le" in text
    points = reverse("committee:points", args=[committee.convention.slug])
    assert f"{suspended} : le point est suspendu.".capitalize() in page_text(member.get(points))
    denial = Agreement.objects.get(answer=Answer.CONTESTED)
    text = page_text(member.get(url("entry", denial)))
    assert "a contesté la demande de modification saisie en son nom" in text
    assert "Demande contestée" in text
    assert "Cette demande a été contestée" in page_text(member.get(url("entry", entry)))
    register = reverse("committee:register", args=[committee.convention.slug])
    text = page_text(member.get(register))
    assert "Demande contestée" in text
    assert "la demande saisie le" in text


# What is refused --------------------------------------------------------------------------------


def why_not(committee, entry, by, *, to: str = "confirm", on=None) -> str:
    """Why ``by`` may not confirm, or contest, what was recorded."""
    entry, point = Agreement.objects.get(pk=entry.pk), point_of(entry.version)
    today = on or timezone.localdate()
    if to == "contest":
        return rights.may_contest(by, entry, point, today).reason
    return rights.may_confirm(by, entry, point, bench_of(committee.convention, today)).reason


def test_what_is_refused_of_a_request_calls_it_so(committee, entry):
    told = [why_not(committee, entry, committee.coordinator)]
    late = entry.contestable_until + clock.days(1)
    with clock.on(late):
        confirm_unchallenged()
    told.append(why_not(committee, entry, committee.caf_member, to="contest", on=late))
    assert "de confirmer cette demande, saisie en son nom" in told[0]
    assert "contestation, elle compte après" in told[0]
    assert told[1].startswith("Le délai pour contester cette demande a expiré")
    assert "accord" not in " ".join(told)


def test_so_does_the_refusal_once_the_seat_is_suspended_or_left(committee, entry):
    colleague = since_long(MembershipFactory(organisation=committee.caf)).user
    object_to_seat(committee.caf_seat, by=colleague)
    assert "cette demande ne compte pas" in why_not(committee, entry, colleague)
    Agreement.objects.filter(pk=entry.pk).update(user=None)
    committee.caf_seat.refresh_from_db()
    type(committee.caf_seat).objects.filter(pk=committee.caf_seat.pk).update(suspended_at=None)
    assert why_not(committee, entry, committee.coordinator).endswith(
        "que celle qui a saisi cette demande la confirme."
    )


def test_so_does_the_refusal_once_it_is_confirmed(committee, entry):
    answers.confirm(entry, by=committee.caf_member)
    assert why_not(committee, entry, committee.caf_member) == "Cette demande est déjà confirmée."
    assert why_not(committee, entry, committee.caf_member, to="contest") == (
        "Vous avez confirmé cette demande : remplacez-la par une autre réponse."
    )
