"""Noting an answer to one point, in one click or on a page; what becomes of what was typed."""

import datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer, State, Version
from agreements.versions import events as drafts
from committee.models import NotedAnswer
from documents.models import StoredFile
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, yesterday
from tests.committee.scene import PDF
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


@pytest.fixture
def client(client, committee):
    client.force_login(committee.caf_member)
    return client


def url(version, query="") -> str:
    slug = version.convention.slug
    return reverse("committee:answer", args=[slug, version.pk]) + query


def recap_of(committee) -> str:
    return reverse("committee:recap", args=[committee.convention.slug])


def page_of(version) -> str:
    return reverse("committee:point", args=[version.convention.slug, version.pk])


def post(client, version, answer="accord", last_rank=0, **values):
    return client.post(url(version), {"reponse": answer, "last_rank": last_rank, **values})


def shown(response) -> str:
    return unescape(text_of(response.content.decode()))


def message(response) -> str:
    """The last message, which a person reads on the page that follows."""
    return str(list(response.wsgi_request._messages)[-1])


def soon(days=10) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


# Agreeing ------------------------------------------------------------------------------------


def test_a_click_notes_an_agreement_and_binds_nobody(client, committee, version):
    response = post(client, version)
    assert response.url == recap_of(committee)
    note = NotedAnswer.objects.get()
    assert (note.answer, note.organisation, note.user) == (
        Answer.AGREED, committee.caf, committee.caf_member,
    )  # fmt: skip
    assert message(response) == "Noté : « Ouvrir deux espaces », d’accord."
    assert not Agreement.objects.exists()


def test_each_note_leads_to_the_next_point_without_one_and_the_last_to_the_recap(client, committee):
    """Whoever came to the last has done: what was left out before it is told on the recap."""
    first, second, third = (committee.proposed(title) for title in ["Un", "Deux", "Trois"])
    assert post(client, second).url == page_of(third)
    assert post(client, third).url == recap_of(committee)
    assert "Sans réponse : un point" in shown(client.get(recap_of(committee)))
    assert post(client, first).url == recap_of(committee)
    # From the recap, one comes back to it.
    response = post(client, second, "modification", reason="Non", retour="recapitulatif")
    assert response.url == recap_of(committee)


def test_a_note_is_taken_back(client, committee, version):
    post(client, version)
    response = post(client, version, "retirer")
    assert response.url == recap_of(committee)
    assert not NotedAnswer.objects.exists()
    assert post(client, version, "retirer").status_code == 302


def test_an_agreement_may_come_with_its_deliberation(client, version):
    assert "Donner son accord" in shown(client.get(url(version, "?reponse=accord")))
    act = SimpleUploadedFile("deliberation.pdf", PDF, "application/pdf")
    post(client, version, act=act)
    assert NotedAnswer.objects.get().act.name == "deliberation.pdf"


def test_a_document_that_is_none_is_refused_and_nothing_is_answered(client, version):
    act = SimpleUploadedFile("virus.exe", b"MZ", "application/pdf")
    response = post(client, version, act=act)
    assert response.status_code == 200
    assert "À corriger" in shown(response)
    assert "Choisissez de nouveau le fichier" in shown(response)
    assert not NotedAnswer.objects.exists()


# Other answers -------------------------------------------------------------------------------


def test_without_an_answer_the_page_offers_all_four(client, version):
    text = shown(client.get(url(version)))
    for choice in ["D’accord", "Demander une modification", "Délibération attendue",
                   "À inscrire à l’ordre du jour"]:  # fmt: skip
        assert choice in text
    assert "« sous réserve » est une demande de modification" in text
    assert post(client, version, answer="peut-être").status_code == 200
    assert not NotedAnswer.objects.exists()


def test_a_change_is_asked_with_its_reason(client, version):
    assert "Un accord « sous réserve »" in shown(client.get(url(version, "?reponse=modification")))
    response = post(client, version, "modification", reason="Avant l’été")
    note = NotedAnswer.objects.get()
    assert (note.answer, note.reason) == (Answer.CHANGE_REQUESTED, "Avant l’été")
    assert "modification demandée" in message(response)
    # Opened again, it is there.
    assert (
        "Avant l’été</textarea>"
        in client.get(url(version, "?reponse=modification")).content.decode()
    )


def test_a_change_without_reason_is_refused_beside_its_field(client, version):
    response = post(client, version, "modification", reason="  ")
    assert "Ce qui est à modifier, et pourquoi : Ce champ est obligatoire." in shown(
        response
    ).replace(" :", " :")
    assert not NotedAnswer.objects.exists()


def test_a_deliberation_has_its_body_its_day_and_perhaps_its_act(client, version):
    act = SimpleUploadedFile("projet.pdf", PDF, "application/pdf")
    response = post(
        client, version, "deliberation", body="Bureau", body_date=soon(), reason="Vote", act=act
    )
    note = NotedAnswer.objects.get()
    assert (note.answer, note.body, note.reason) == (Answer.DELIBERATION, "Bureau", "Vote")
    assert note.act.name == "projet.pdf"
    assert "délibération attendue" in message(response)
    recap = shown(client.get(response.url))
    assert "Bureau, le" in recap
    assert "document joint : projet.pdf" in recap


def test_a_deliberation_of_the_past_is_an_agreement_to_give(client, version):
    response = post(client, version, "deliberation", body="Bureau", body_date=yesterday())
    text = shown(response)
    assert "Cette séance est passée" in text
    assert 'value="Bureau"' in response.content.decode()
    assert not NotedAnswer.objects.exists()
    post(client, version, "deliberation", body="Bureau", body_date=timezone.localdate())
    assert NotedAnswer.objects.get().answer == Answer.DELIBERATION


def test_a_point_is_put_on_the_agenda(client, version):
    response = post(client, version, "ordre-du-jour")
    assert NotedAnswer.objects.get().answer == Answer.AGENDA
    assert "à inscrire à l’ordre du jour" in message(response)


# Who may -------------------------------------------------------------------------------------


def test_a_user_who_answers_for_no_party_reads_why_and_notes_nothing(client, committee, version):
    client.force_login(committee.coordinator)
    assert "Seuls les membres du comité" in shown(client.get(url(version, "?reponse=accord")))
    assert "Seuls les membres du comité" in message(post(client, version))
    response = post(client, version, "modification", reason="Je ne siège pas")
    assert "Je ne siège pas" in response.content.decode()
    assert not NotedAnswer.objects.exists()


def test_a_delegate_answers_by_delegation(client, committee, version):
    delegate = DelegationFactory(seat=committee.caf_seat).user
    client.force_login(delegate)
    response = post(client, version)
    assert "Noté" in message(response)
    assert NotedAnswer.objects.get().user == delegate


def test_a_draft_and_another_convention_s_point_do_not_exist(client, committee):
    elsewhere = committee_of().proposed()
    slug = committee.convention.slug
    for pk in (committee.draft().pk, elsewhere.pk):
        address = reverse("committee:answer", args=[slug, pk])
        assert client.get(address).status_code == 404
        assert client.post(address, {"reponse": "accord", "last_rank": 0}).status_code == 404
    assert not NotedAnswer.objects.exists()


def test_who_speaks_for_two_answers_for_the_one_that_the_form_names(client, committee, version):
    user = committee.caf_member
    f.MembershipFactory(organisation=committee.epci, user=user, reader=True)
    seat = SeatFactory(organisation=committee.epci, user=user)
    post(client, version, pour=committee.epci.pk)
    assert NotedAnswer.objects.get().organisation == committee.epci
    # The mandate has ended since the page was shown: the answer is nobody else's.
    other = committee.proposed("Autre")
    seat.ends_on = yesterday()
    seat.save()
    response = post(client, other, pour=committee.epci.pk)
    assert "Vous ne répondez plus au nom de cet organisme" in message(response)
    response = post(client, other, "modification", reason="Un motif", pour=committee.epci.pk)
    html = response.content.decode()
    assert "Un motif" in html
    assert f'name="pour" value="{committee.epci.pk}"' in html  # sent again, it is refused again
    assert NotedAnswer.objects.count() == 1


# A page that is no longer up to date ---------------------------------------------------------


def test_a_click_on_a_version_replaced_leads_to_what_changed(client, committee, version):
    newer = committee.edited(version, title="Ouvrir trois espaces")
    response = post(client, version)
    assert response.url == f"{page_of(newer)}?depuis=1#difference"
    assert "n’est plus celle qui est proposée : votre réponse n’a pas été prise" in message(
        response
    )
    assert not NotedAnswer.objects.exists()
    html = client.get(response.url).content.decode()
    assert "</span>deux" in html
    assert "</span>trois" in html


def test_a_reason_typed_on_a_version_replaced_is_kept_for_the_new_one(client, committee, version):
    newer = committee.edited(version, title="Ouvrir trois espaces")
    response = post(client, version, "modification", reason="Préciser <où> & quand")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Préciser &lt;où&gt; &amp; quand" in html
    assert "Ce qui a changé depuis la version 1" in shown(response)
    assert "votre réponse n’a pas été prise" in shown(response)
    assert f'action="{url(newer)}"' in html
    assert not NotedAnswer.objects.exists()
    post(client, newer, "modification", reason="Préciser <où> & quand")
    assert NotedAnswer.objects.get().version == newer


def test_a_reason_typed_on_a_version_withdrawn_is_not_lost(client, committee, version):
    drafts.withdraw_version(version, reason="Trop tard", by=committee.coordinator)
    response = post(client, version, "modification", reason="Dommage de retirer")
    assert "Dommage de retirer" in response.content.decode()
    assert "n’est plus proposée : il n’y a plus rien à répondre" in shown(response)
    assert "plus rien à répondre" in message(post(client, version))


def test_a_version_in_force_meanwhile_has_nothing_to_answer(client, committee, version):
    committee.agree(version)
    response = post(client, version, last_rank=1)
    assert "est déjà en vigueur" in message(response)
    assert "est déjà en vigueur" in shown(client.get(url(version, "?reponse=modification")))


def test_the_second_of_two_members_learns_whose_answer_is_recorded(client, committee, version):
    colleague = SeatFactory(organisation=committee.caf).user
    answers.answer(Reply(version), by=colleague)
    response = post(client, version)
    assert message(response) == (
        f"{colleague} vient de répondre « D’accord » au nom de la Caf d’Exemple : "
        "c’est cette réponse qui est enregistrée."
    )
    assert Agreement.objects.count() == 1


def test_the_second_of_two_members_keeps_what_they_typed(client, committee, version):
    colleague = SeatFactory(organisation=committee.caf).user
    answers.answer(Reply(version), by=colleague)
    response = post(client, version, "modification", reason="Avant l’été")
    html = response.content.decode()
    assert f"{colleague} vient de répondre" in shown(response)
    assert "Avant l’été</textarea>" in html
    assert 'name="last_rank" value="1"' in html
    assert Agreement.objects.count() == 1
    # Having read it, they may still answer otherwise.
    post(client, version, "modification", last_rank=1, reason="Avant l’été")
    assert NotedAnswer.objects.get().answer == Answer.CHANGE_REQUESTED


def test_a_document_is_not_kept_for_an_answer_that_is_not_taken(client, committee, version):
    committee.edited(version, title="Ouvrir trois espaces")
    act = SimpleUploadedFile("deliberation.pdf", PDF, "application/pdf")
    response = post(client, version, act=act)
    assert response.status_code == 200
    assert "Choisissez de nouveau le fichier" in shown(response)
    assert not StoredFile.objects.exists()
    assert not NotedAnswer.objects.exists()


@pytest.mark.parametrize("last_rank", ["", "abc", "-1", "99999999999999999999"])
def test_a_form_that_does_not_say_what_was_seen_is_no_error(client, version, last_rank):
    assert post(client, version, last_rank=last_rank).status_code in (200, 302)
    assert NotedAnswer.objects.count() <= 1


def test_opening_the_page_answers_nothing(client, committee, version):
    for word in ["accord", "modification", "deliberation", "ordre-du-jour", "retirer", ""]:
        assert client.get(url(version, f"?reponse={word}")).status_code == 200
    assert not NotedAnswer.objects.exists()
    assert Version.objects.get(pk=version.pk).state == State.PROPOSED
