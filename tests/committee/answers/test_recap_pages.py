"""The recap, the page that follows it, and the points one after the other, as they are read."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import UNDO_DELAY, Agreement, Answer, Seat, Version
from committee.answers.events import note_answer
from committee.dossiers.events import send_dossier
from committee.models import NotedAnswer
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.mail.mailing import on_one_line
from tests.committee.pages import page_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@pytest.fixture
def read(client, committee):
    """``read("recap")`` is a page as the Caf's member gets it; its words, with plain spaces."""
    client.force_login(committee.caf_member)

    def get(name, *args, query=""):
        url = reverse(f"committee:{name}", args=[committee.convention.slug, *args])
        text = page_of(client.get(url + query))
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    return get


def noted(committee, version, answer=Answer.AGREED, **values):
    reply = Reply(version, answer, **values)
    return note_answer(reply, by=committee.caf_member, organisation=committee.caf)


def test_the_recap_says_by_answer_what_goes_with_it_and_what_has_none(committee, read):
    first, second = committee.proposed("Un"), committee.proposed("Deux")
    committee.proposed("Trois")
    noted(committee, first)
    noted(committee, second, Answer.CHANGE_REQUESTED, reason="Plus tôt")
    text = read("recap")
    assert "Vous êtes sur le point de répondre à deux points sur trois" in text
    assert "Au nom de la Caf d’Exemple" in text
    assert "Rien n’est encore envoyé." in text
    assert "« Plus tôt »" in text
    assert "Sans réponse : un point" in text
    assert "Confirmer mes deux réponses" in text
    assert not Agreement.objects.exists()


def test_an_empty_recap_says_so(committee, read):
    assert "Vous n’avez noté aucune réponse" in read("recap")


def test_the_recap_shows_lapsed_notes_with_their_text_and_deletes_them(client, committee, read):
    version = committee.proposed("Un")
    noted(committee, version, Answer.CHANGE_REQUESTED, reason="Un long motif")
    newer = committee.edited(version, title="Autrement")
    text = read("recap")
    assert "Ce qui ne peut plus être dit" in text
    assert "Un long motif" in text
    html = client.get(reverse("committee:recap", args=[committee.convention.slug])).content
    assert f"/points/{newer.pk}/?depuis=1#difference" in html.decode()
    answer = reverse("committee:answer", args=[committee.convention.slug, version.pk])
    client.post(answer, {"reponse": "retirer", "pour": committee.caf.pk})
    assert not NotedAnswer.objects.exists()


@pytest.mark.parametrize("speaks_elsewhere", [False, True])
def test_the_recap_shows_notes_for_a_lost_organisation_and_deletes_them(
    client, committee, read, speaks_elsewhere
):
    """The mandate has ended meanwhile; or one speaks for another party only."""
    version = committee.proposed("Un")
    noted(committee, version, Answer.CHANGE_REQUESTED, reason="Un long motif")
    assert "Au nom de la Caf d’Exemple :" not in read("recap")
    seat = Seat.objects.get(user=committee.caf_member)
    Seat.objects.filter(pk=seat.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    if speaks_elsewhere:
        SeatFactory(organisation=committee.epci, user=committee.caf_member)
    text = read("recap")
    assert "Ce qui ne peut plus être dit" in text
    assert "Au nom de la Caf d’Exemple" in text
    assert "« Un long motif »" in text
    assert "Ce que vous aviez noté ne peut plus être dit" in read("points")
    other = SeatFactory(organisation=committee.caf).user
    answer = reverse("committee:answer", args=[committee.convention.slug, version.pk])
    sent = {"reponse": "retirer", "pour": committee.caf.pk}
    client.force_login(other)
    client.post(answer, sent)
    assert NotedAnswer.objects.exists()
    client.force_login(committee.caf_member)
    assert "Un long motif" not in page_of(client.post(answer, sent, follow=True))
    assert not NotedAnswer.objects.exists()
    assert "ne peut plus être dit" not in read("points")


def test_the_page_that_follows_says_what_came_into_force_and_until_when_it_is_undone(
    committee, read
):
    version = committee.proposed("Ouvrir un relais")
    committee.proposed("Reste")
    committee.agree(version)
    text = read("given")
    assert "Votre réponse est enregistrée" in text
    assert "Un point entre en vigueur" in text
    assert "D’accord : Ouvrir un relais" in text
    assert "Annuler ma réponse (encore 30 minutes)" in text
    assert "Un point attend votre réponse" in text
    Agreement.objects.update(created_at=timezone.now() - UNDO_DELAY)
    text = read("given")
    assert "Aucune réponse n’est plus à annuler" in text
    assert "Annuler ma réponse" not in text


def test_an_evaluation_that_all_agree_to_is_no_point_that_comes_into_force(committee, read):
    version = committee.proposed("Évaluation annuelle 2023")
    committee.agree(version)
    with patch.object(type(version.commitment), "is_read_apart", True):
        text = read("given")
    assert "Toutes les parties sont d’accord" in text
    assert "en vigueur" not in text.split("Ce que vous avez répondu")[0]


def test_the_page_that_follows_tells_what_was_just_given_apart_from_what_was_before(
    client, committee, read
):
    committee.agree(committee.proposed("Plus tôt"))
    version = committee.proposed("Ouvrir un relais")
    noted(committee, version)
    page = client.get(reverse("committee:recap", args=[committee.convention.slug]))
    sent = {"notees": page.context["recap"].shown, "pour": committee.caf.pk}
    text = on_one_line(page_of(client.post(page.request["PATH_INFO"], sent, follow=True)))
    assert "Votre réponse est enregistrée" in text
    assert "Ce que vous aviez répondu un peu plus tôt" in text
    assert text.index("D’accord : Ouvrir un relais") < text.index("un peu plus tôt")
    assert text.index("un peu plus tôt") < text.index("Plus tôt")


def test_the_page_that_follows_says_what_somebody_rests_on_already(committee, read):
    version = committee.proposed("L’évaluation")
    committee.agree(version)
    Version.objects.filter(pk=version.pk).update(published_at=timezone.now())
    text = read("given")
    assert "Ce qui ne s’annule plus" in text
    assert "retirez votre accord" not in text
    assert "publiée" in text


def test_a_point_says_where_one_is_and_leads_to_the_next(client, committee, read):
    first, second, third = (committee.proposed(title) for title in ["Un", "Deux", "Trois"])
    noted(committee, first)
    text = read("point", second.pk)
    assert "Point 2 sur 3" in text
    assert "réponse notée" in text
    page = client.get(reverse("committee:point", args=[committee.convention.slug, second.pk]))
    assert page.context["page"].next_url.endswith(f"/points/{third.pk}/")
    text = read("point", first.pk)
    assert "Noté, pas encore envoyé : d’accord" in text
    assert "Retirer ma réponse" in text


def test_a_point_says_that_what_was_noted_is_not_sent_and_leads_to_the_recap(committee, read):
    first, second, third = (committee.proposed(title) for title in ("Un", "Deux", "Trois"))
    assert "rien n’est encore envoyé" not in read("point", first.pk)
    noted(committee, third)
    unsent = "rien n’est encore envoyé. Relire et confirmer"
    assert f"Une réponse notée, {unsent}" in on_one_line(read("point", first.pk))
    noted(committee, second)
    assert f"Deux réponses notées, {unsent}" in on_one_line(read("point", first.pk))


def test_who_answers_for_nobody_reads_a_point_without_series_or_bar(client, committee):
    version = committee.proposed("Un")
    client.force_login(SeatFactory(organisation=committee.caf, adviser=True).user)
    url = reverse("committee:point", args=[committee.convention.slug, version.pk])
    text = page_of(client.get(url))
    assert "Point 1 sur" not in text
    assert "Votre réponse" not in text


def test_an_empty_recap_leads_to_the_first_point(committee, read):
    assert "Commencer par le premier" not in read("recap")
    version = committee.proposed("Un")
    assert "Commencer par le premier" in read("recap")
    noted(committee, version)
    assert "Commencer par le premier" not in read("recap")


def test_giving_an_answer_up_comes_back_by_the_way_one_came(client, committee):
    versions = [committee.proposed("Un"), committee.proposed("Deux")]
    dossier = send_dossier(committee.convention, versions, title="Mars", by=committee.coordinator)
    client.force_login(committee.caf_member)
    slug, way = committee.convention.slug, f"dossier={dossier.pk}&retour=recapitulatif"
    page = client.get(
        reverse("committee:answer", args=[slug, versions[1].pk]) + f"?reponse=modification&{way}"
    )
    assert (
        page.context["back"] == reverse("committee:point", args=[slug, versions[1].pk]) + f"?{way}"
    )
    assert "Votre réponse sera notée" in page_of(page)


def test_opening_a_page_writes_nothing(committee, read):
    version = committee.proposed("Un")
    noted(committee, version)
    answers.answer(Reply(committee.proposed("Deux")), by=committee.caf_member)
    before = Agreement.objects.count(), NotedAnswer.objects.get().noted_at
    for name in ("points", "recap", "given", "dossiers"):
        read(name)
    read("point", version.pk)
    assert (Agreement.objects.count(), NotedAnswer.objects.get().noted_at) == before


def test_the_page_never_says_that_nothing_is_undone_above_what_is(client, committee):
    client.force_login(committee.caf_member)
    committee.agree(committee.proposed("Plus tôt"), committee.caf_member)
    noted(committee, committee.proposed("Ouvrir un relais"))
    page = client.get(reverse("committee:recap", args=[committee.convention.slug]))
    sent = {"notees": page.context["recap"].shown, "pour": committee.caf.pk}
    given = client.post(reverse("committee:recap", args=[committee.convention.slug]), sent)
    entry = Agreement.objects.latest("pk")
    client.post(reverse("committee:undo", args=[committee.convention.slug, entry.pk]))
    text = on_one_line(page_of(client.get(given.url)))
    assert not ("Aucune réponse n’est plus à annuler" in text and "Annuler ma réponse" in text)


def test_answers_given_in_part_stand_apart_from_earlier_ones(client, committee):
    client.force_login(committee.caf_member)
    committee.agree(committee.proposed("Plus tôt"), committee.caf_member)
    good, gone = committee.proposed("Un"), committee.proposed("Deux")
    noted(committee, good)
    noted(committee, gone)
    page = client.get(reverse("committee:recap", args=[committee.convention.slug]))
    sent = {"notees": page.context["recap"].shown, "pour": committee.caf.pk}
    committee.edited(gone, title="Autrement")
    response = client.post(reverse("committee:recap", args=[committee.convention.slug]), sent)
    html = response.content.decode()
    href = re.search(r'href="([^"]*)">Voir ce que vos réponses ont fait', html)[1]
    given = client.get(href).context["given"]
    assert [fresh.entry.version.title for fresh in given.undoables] == ["Un"]
