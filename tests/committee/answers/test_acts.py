"""What is done around a point: each page says what will happen, or why it may not."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers import rights
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Agreement, Answer, Attachment, State
from agreements.seats.voices import bench_of
from agreements.versions import events as drafts
from ctg_portal.rules import Refused
from documents.models import StoredFile
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.dossiers.scene import messages_of, seen_text
from tests.committee.scene import PDF, a_document
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed()


def url(name, row) -> str:
    """The page of an act on a version, or on an entry."""
    convention = getattr(row, "version", row).convention
    return reverse(f"committee:{name}", args=[convention.slug, row.pk])


def pdf(name="accord.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def page_text(response) -> str:
    return seen_text(response).split("<main")[1]


def has_form(response) -> bool:
    return "<form" in page_text(response)


# Avis -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "title"), [
    ("adviser", "Donner un avis sur ce point, comme instructeur de la Caf d’Exemple"),
    ("advisory", "Donner un avis sur ce point, à titre consultatif (Caf d’Exemple)"),
])  # fmt: skip
def test_an_adviser_gives_an_avis(committee, version, client, kind, title):
    adviser = SeatFactory(organisation=committee.caf, **{kind: True}).user
    client.force_login(adviser)
    page = client.get(url("advise", version))
    assert title in seen_text(page)
    assert "Ouvrir deux espaces France Services" in page_text(page)
    assert "version 1 du" in page_text(page)
    data = {"opinion": "reserved", "reason": "Le transport reste à financer."}
    after = client.post(url("advise", version), data, follow=True)
    entry = Agreement.objects.get()
    assert (entry.answer, entry.reason, entry.user) == ("reserved", data["reason"], adviser)
    assert messages_of(after)[0].startswith("Avis réservé enregistré")
    assert not point_of(version).is_agreed


def test_a_favourable_avis_needs_no_text_the_others_do(committee, version, client):
    client.force_login(SeatFactory(organisation=committee.caf, adviser=True).user)
    back = client.post(url("advise", version), {"opinion": "unfavourable", "reason": "  "})
    assert "Dites vos réserves" in seen_text(back)
    assert not Agreement.objects.exists()
    client.post(url("advise", version), {"opinion": "favourable"})
    assert Agreement.objects.get().answer == Answer.FAVOURABLE


@pytest.mark.parametrize("opinion", ["", "agreed", "oui"])
def test_an_avis_is_one_of_three(committee, version, client, opinion):
    client.force_login(SeatFactory(organisation=committee.caf, adviser=True).user)
    back = client.post(url("advise", version), {"opinion": opinion, "reason": "Mon texte"})
    assert "Mon texte" in page_text(back)
    assert not Agreement.objects.exists()


def test_a_member_or_a_settled_version_gets_the_reason_instead_of_the_form(
    committee, version, client
):
    client.force_login(committee.caf_member)
    page = client.get(url("advise", version))
    assert rights.NOT_AN_ADVISER.reason in seen_text(page)
    assert not has_form(page)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    committee.agree(version)
    client.force_login(adviser)
    page = client.get(url("advise", version))
    assert "Un avis se donne sur une version proposée" in seen_text(page)
    assert not has_form(page)


# Taking an agreement back -----------------------------------------------------------------------


def test_a_member_takes_the_agreement_back_with_a_reason(committee, version, client):
    committee.agree(version)
    client.force_login(committee.epci_member)
    page = client.get(url("retract", version))
    assert "Retirer l’accord d’Exemple agglomération" in seen_text(page)
    assert "Cette version ne sera plus en vigueur" in seen_text(page)
    back = client.post(url("retract", version), {"reason": ""})
    assert "Ce champ est obligatoire" in seen_text(back)
    client.post(url("retract", version), {"reason": "Le bureau s’y oppose"})
    version.refresh_from_db()
    assert version.state == State.PROPOSED
    assert point_of(version).last_answers[committee.epci.pk].reason == "Le bureau s’y oppose"


def test_a_party_without_agreement_has_none_to_take_back(committee, version, client):
    client.force_login(committee.caf_member)
    page = client.get(url("retract", version))
    assert "Il n’y a pas d’accord de la Caf" in seen_text(page)
    assert not has_form(page)
    committee.agree(version)
    type(version).objects.filter(pk=version.pk).update(published_at=timezone.now())
    assert "Cette version est publiée" in seen_text(client.get(url("retract", version)))


def test_a_typed_reason_stays_when_the_act_is_refused_at_the_last_moment(
    committee, version, client
):
    committee.agree(version, committee.caf_member)
    client.force_login(committee.caf_member)
    client.get(url("retract", version))
    answers.retract(version, reason="Déjà", by=committee.caf_member)
    back = client.post(url("retract", version), {"reason": "Un long motif"})
    assert back.status_code == 200
    assert "Il n’y a pas d’accord" in seen_text(back)
    assert "Un long motif" in page_text(back)
    assert Agreement.objects.count() == 2


def test_who_speaks_for_two_parties_chooses_whose_agreement_to_take_back(
    committee, version, client
):
    user = committee.caf_member
    MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    answers.answer(Reply(version), by=user, organisation=committee.epci)
    client.force_login(user)
    page = client.get(url("retract", version) + f"?pour={committee.epci.pk}")
    assert "Retirer l’accord d’Exemple agglomération" in seen_text(page)
    assert f'name="pour" value="{committee.epci.pk}"' in seen_text(page)
    assert f"?pour={committee.caf.pk}" in seen_text(page)
    data = {"reason": "Finalement non", "pour": committee.epci.pk}
    client.post(url("retract", version), data)
    assert point_of(version).last_answers[committee.epci.pk].answer == Answer.RETRACTED


def test_a_name_lost_meanwhile_takes_nothing_back_for_another_party(committee, version, client):
    """The form that came back takes nothing back when sent again; what was typed stays."""
    user = committee.caf_member
    MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    committee.agree(version, committee.epci_member)
    client.force_login(user)
    committee.caf_seat.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    committee.caf_seat.save()
    sent = {"reason": "Un long motif", "pour": str(committee.caf.pk)}
    for _ in range(2):
        back = client.post(url("retract", version), sent)
        assert back.status_code == 200
        assert "Vous ne répondez plus au nom de cet organisme" in seen_text(back)
        assert "Un long motif" in page_text(back)
        sent["pour"] = back.context["pour"]
    assert Agreement.objects.count() == 1


# Withdrawing a version --------------------------------------------------------------------------


def test_the_coordinator_takes_a_proposed_version_back(committee, version, client):
    client.force_login(committee.caf_member)
    assert not has_form(client.get(url("withdraw", version)))
    assert client.post(url("withdraw", version), {"reason": "x"}).status_code == 200
    version.refresh_from_db()
    assert version.is_proposed
    client.force_login(committee.coordinator)
    assert "Retirer de la discussion la version 1" in seen_text(
        client.get(url("withdraw", version))
    )
    assert "Ce champ est obligatoire" in seen_text(client.post(url("withdraw", version)))
    client.post(url("withdraw", version), {"reason": "Sans objet"})
    version.refresh_from_db()
    assert version.state == State.WITHDRAWN
    assert version.transitions.get(verb="withdrawn").reason == "Sans objet"
    assert "ne l’est pas" in seen_text(client.get(url("withdraw", version)))


# Not our answer ---------------------------------------------------------------------------------


@pytest.fixture
def recorded(committee, version):
    """An agreement that the coordinator entered for the Caf's member."""
    return answers.record(
        version, committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip


def test_a_member_says_that_what_was_recorded_is_not_the_party_s_answer(
    committee, recorded, client
):
    client.force_login(committee.caf_member)
    text = page_text(client.get(url("refuse", recorded)))
    assert f"Ce n’est pas la réponse {committee.caf.genitive} ?" in text
    assert f"{committee.coordinator} a saisi un accord de {committee.caf_seat.name}, reçu" in text
    attached = recorded.attachments.get().pk
    assert reverse("committee:document", args=[committee.convention.slug, attached]) in text
    [message] = messages_of(
        client.post(url("refuse", recorded), {"reason": "Je n’ai rien envoyé"}, follow=True)
    )
    assert message == (
        f"C’est noté : ce n’est pas la réponse {committee.caf.genitive}, qui reste attendue. "
        f"{committee.coordinator} et la coordination en sont informés."
    )
    refused = Agreement.objects.get(pk=recorded.pk)
    assert (refused.is_refused, refused.confirmation.reason) == (True, "Je n’ai rien envoyé")
    page = client.get(url("refuse", recorded))
    assert "a dit que ce n’est pas la réponse" in seen_text(page)
    assert not has_form(page)


def test_a_recorded_answer_is_denied_without_a_reason(committee, recorded, client):
    client.force_login(committee.caf_member)
    client.post(url("refuse", recorded))
    assert Agreement.objects.get(pk=recorded.pk).is_refused


def test_nobody_of_another_party_denies_a_recorded_answer(committee, recorded, client):
    for user in (committee.coordinator, committee.epci_member):
        client.force_login(user)
        page = client.get(url("refuse", recorded))
        assert not has_form(page)
        assert client.post(url("refuse", recorded)).status_code == 200
    assert Agreement.objects.get(pk=recorded.pk).is_pending


def test_the_address_of_earlier_releases_leads_to_the_denial(committee, recorded, client):
    client.force_login(committee.caf_member)
    assert client.get(url("contest", recorded)).url == url("refuse", recorded)


# Documents --------------------------------------------------------------------------------------


@told_once
def announced(committee, version):
    reply = Reply(
        version, Answer.DELIBERATION, body="Conseil communautaire",
        body_date=timezone.localdate() + datetime.timedelta(days=9),
    )  # fmt: skip
    return answers.answer(reply, by=committee.epci_member)


def test_the_deliberation_is_attached_to_the_answer_that_announced_it(committee, announced, client):
    client.force_login(committee.epci_member)
    page = client.get(url("attach", announced))
    assert "Joindre la délibération à la réponse d’Exemple agglomération" in seen_text(page)
    assert "Conseil communautaire" in seen_text(page)
    assert 'enctype="multipart/form-data"' in seen_text(page)
    after = client.post(url("attach", announced), {"document": pdf("acte.pdf")}, follow=True)
    attachment = announced.attachments.get()
    assert (attachment.document.name, attachment.document.uploaded_by) == (
        "acte.pdf",
        committee.epci_member,
    )
    assert messages_of(after) == ["« acte.pdf » est joint à la réponse."]
    assert "acte.pdf" in page_text(client.get(url("attach", announced)))


def test_a_document_sent_twice_is_attached_once(committee, announced, client, settings):
    client.force_login(committee.epci_member)
    client.post(url("attach", announced), {"document": pdf("acte.pdf")})
    again = client.post(url("attach", announced), {"document": pdf("acte (1).pdf")})
    assert "Ce document est déjà joint à cette réponse." in seen_text(again)
    assert announced.attachments.count() == StoredFile.objects.count() == 1
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


def test_a_document_attached_later_says_who_attached_it(committee, announced, client):
    client.force_login(committee.coordinator)
    pages = [url("point", announced.version), url("entry", announced), url("attach", announced)]
    attached = f"joint ensuite par {committee.coordinator.full_name} le"
    assert not any(attached in page_text(client.get(page)) for page in pages)
    client.post(url("attach", announced), {"document": pdf("acte.pdf")})
    assert all(attached in page_text(client.get(page)) for page in pages)


@pytest.mark.parametrize(("upload", "mistake"), [
    (lambda: pdf("acte.exe"), "ne sont pas acceptés"),
    (lambda: pdf("acte.pdf", b"MZ"), "n’est pas un PDF"),
    (lambda: pdf("acte.pdf", b""), "Ce fichier est vide"),
    (lambda: "", "Ce champ est obligatoire"),
])  # fmt: skip
def test_only_a_document_is_attached(committee, announced, client, upload, mistake):
    client.force_login(committee.epci_member)
    back = client.post(url("attach", announced), {"document": upload()})
    assert mistake in seen_text(back)
    assert "Choisissez de nouveau le fichier" in seen_text(back)
    assert not Attachment.objects.exists()


def test_another_party_attaches_nothing_and_leaves_no_file_behind(
    committee, announced, client, settings
):
    client.force_login(committee.caf_member)
    assert not has_form(client.get(url("attach", announced)))
    back = client.post(url("attach", announced), {"document": pdf()})
    assert "par l’organisme qui a répondu" in seen_text(back)
    assert not StoredFile.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_document_is_handed_to_who_sees_the_convention_and_to_nobody_else(
    committee, recorded, client
):
    attachment = recorded.attachments.get()
    address = reverse("committee:document", args=[committee.convention.slug, attachment.pk])
    client.force_login(MembershipFactory(organisation=committee.epci, reader=True).user)
    response = client.get(address)
    assert response.content == PDF
    assert response["Content-Disposition"] == 'attachment; filename="acte.pdf"'
    stranger = MembershipFactory(coordinator=True)
    client.force_login(stranger.user)
    assert client.get(address).status_code == 404
    own = stranger.organisation.convention.slug
    assert client.get(reverse("committee:document", args=[own, attachment.pk])).status_code == 404


# All of them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["advise", "comment", "retract", "record", "withdraw"])
def test_a_draft_has_none_of_these_pages_yet(committee, client, name):
    client.force_login(committee.coordinator)
    assert client.get(url(name, committee.draft())).status_code == 404


@pytest.mark.parametrize("name", ["advise", "comment", "retract", "record", "withdraw",
                                  "refuse", "attach"])  # fmt: skip
def test_rows_of_another_convention_are_not_reached_through_ones_own(
    committee, recorded, client, name
):
    row = recorded if name in ("refuse", "attach") else recorded.version
    own = MembershipFactory(coordinator=True)
    client.force_login(own.user)
    slug = own.organisation.convention.slug
    for method in (client.get, client.post):
        assert method(reverse(f"committee:{name}", args=[slug, row.pk])).status_code == 404
    assert client.get(url(name, row)).status_code == 404


def test_a_replaced_version_says_why_nothing_can_be_done_with_it(committee, version, client):
    committee.edited(version, title="Autrement dit")
    client.force_login(committee.coordinator)
    for name in ("withdraw", "record"):
        page = client.get(url(name, version))
        assert page.status_code == 200
        assert "remplacée" in page_text(page)
        assert not has_form(page)


def test_bench_and_page_agree_on_who_advises(committee, version, client):
    """The page asks the same question as the event: whoever has a form is taken."""
    people = [
        committee.caf_member,
        committee.coordinator,
        SeatFactory(organisation=committee.caf, adviser=True).user,
        SeatFactory(organisation=committee.epci, advisory=True).user,
    ]
    bench = bench_of(committee.convention, timezone.localdate())
    for user in people:
        client.force_login(user)
        allowed = rights.may_advise(bench.advice(user), version) is None
        assert has_form(client.get(url("advise", version))) == allowed
        before = Agreement.objects.count()
        client.post(url("advise", version), {"opinion": "favourable"})
        assert (Agreement.objects.count() > before) == allowed


def test_an_avis_is_never_taken_as_that_of_another_seat(committee, version, client):
    """Who sits for two gives it for whom the form was shown, or it is not taken."""
    first = SeatFactory(organisation=committee.caf, advisory=True)
    user = first.user
    MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user, advisory=True)
    client.force_login(user)
    shown = client.get(url("advise", version)).context["form"]["organisation"].value()
    assert shown == committee.caf.pk
    first.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    first.save()
    sent = {"opinion": "reserved", "reason": "Un long motif", "organisation": shown}
    for _ in range(2):
        back = client.post(url("advise", version), sent)
        assert "Vous ne répondez plus au nom de cet organisme" in seen_text(back)
        assert "Un long motif" in page_text(back)
        sent["organisation"] = back.context["form"]["organisation"].value()
    assert not Agreement.objects.exists()
    again = client.get(url("advise", version)).context["form"]
    sent["organisation"] = again["organisation"].value()
    client.post(url("advise", version), sent)
    assert Agreement.objects.get().organisation == committee.epci


def test_an_avis_from_a_seat_that_one_no_longer_has_is_refused(committee, version):
    user = SeatFactory(organisation=committee.epci, advisory=True).user
    with pytest.raises(Refused, match="Vous ne répondez plus au nom"):
        answers.advise(version, opinion="favourable", by=user, organisation=committee.caf.pk)


def test_a_second_withdrawal_is_refused_and_keeps_the_reason_typed(committee, version, client):
    client.force_login(committee.coordinator)
    client.get(url("withdraw", version))
    drafts.withdraw_version(version, reason="Premier", by=committee.coordinator)
    back = client.post(url("withdraw", version), {"reason": "Second"})
    assert "Seule une version proposée se retire" in seen_text(back)
    assert "Second" in page_text(back)
