"""Dossiers: sent by the coordinator, frozen, listed with who has still to answer."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from agreements.versions import events as drafts
from committee.dossiers.events import send_dossier
from committee.models import Dossier
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.dossiers.scene import dossier_of, messages_of, seen_text, url_of, versions_of
from tests.committee.pages import count_queries
from tests.factories import AxisFactory, MembershipFactory, ObjectiveFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of()


@pytest.fixture
def coordination(committee, client):
    client.force_login(committee.coordinator)
    return client


def list_url(committee) -> str:
    return reverse("committee:dossiers", args=[committee.convention.slug])


def add_url(committee) -> str:
    return reverse("committee:add_dossier", args=[committee.convention.slug])


def sent(*versions, **values) -> dict:
    """What the page that tells once more what will be sent sends."""
    typed = {"title": "Comité de mars", "points": [v.pk for v in versions]}
    return typed | {"envoyer": "oui"} | values


# Sending --------------------------------------------------------------------------------------


def test_the_coordinator_sends_the_points_that_are_ticked(committee, coordination):
    first, second, _three = (committee.proposed(title) for title in ("Un", "Deux", "Trois"))
    day = timezone.localdate() + datetime.timedelta(days=14)
    data = sent(second, first, message="Bonjour,\nà lire.", answer_by=day.isoformat())
    after = coordination.post(add_url(committee), data, follow=True)
    dossier = Dossier.objects.get()
    assert after.redirect_chain[-1][0] == url_of(dossier)
    assert messages_of(after) == ["Le dossier est envoyé aux membres du comité."]
    assert versions_of(dossier) == [first, second]
    assert (dossier.title, dossier.answer_by) == ("Comité de mars", day)
    assert dossier.sent_by == committee.coordinator
    text = seen_text(after)
    assert "Deux points envoyés par" in text
    assert "à lire." in text


def test_no_point_is_ticked_that_nobody_chose(committee, coordination):
    first = committee.proposed("Un")
    page = coordination.get(add_url(committee))
    assert page.context["form"].ticked == set()
    assert f'value="{first.pk}" id="point-{first.pk}">' in seen_text(page)
    assert "Relire avant d’envoyer" in seen_text(page)


def test_a_point_that_need_not_be_sent_says_why_and_is_not_ticked_with_the_rest(
    committee, coordination
):
    """Such a point is held by a sent dossier already, or is with its author again."""
    contested, returned, ready = (committee.proposed(title) for title in ("Un", "Deux", "Trois"))
    send_dossier(
        committee.convention, [contested], title="Comité de mars", by=committee.coordinator
    )
    reply = Reply(returned, Answer.CHANGE_REQUESTED, reason="Non")
    answers.answer(reply, by=committee.caf_member)
    page = coordination.post(add_url(committee), {"cocher": "tout"})
    assert page.context["form"].ticked == {str(ready.pk)}
    text = seen_text(page)
    assert "Cocher ce qui est prêt" in text
    assert "Déjà dans le dossier « Comité de mars », envoyé le" in text
    assert "Une partie demande autre chose : le point attend une autre version." in text
    data = sent(contested, ready)
    del data["envoyer"]
    assert "Déjà dans le dossier" in seen_text(coordination.post(add_url(committee), data))


def test_right_after_sending_nobody_is_late(committee, coordination):
    dossier = dossier_of(committee, 2)
    page = coordination.get(url_of(dossier))
    assert title(page) == "On attend la réponse de la Caf d’Exemple et d’Exemple agglomération"
    assert "Relancer ceux" not in seen_text(page)
    assert "Ce dossier est parti aujourd’hui" in seen_text(page)
    committee.agree(versions_of(dossier)[0], committee.caf_member)
    assert "n’ont pas fini de répondre" in title(coordination.get(url_of(dossier)))


def test_the_dossier_is_shown_whole_before_it_is_sent(committee, coordination):
    first, second, _three = (committee.proposed(title) for title in ("Un", "Deux", "Trois"))
    data = sent(first, second, message="À lire.", answer_by="2031-05-06")
    del data["envoyer"]
    recap = coordination.post(add_url(committee), data)
    text = seen_text(recap)
    assert "Envoyer deux points aux membres du comité" in text
    assert "Trois points sont proposés en tout" in text
    assert "La Caf d’Exemple et Exemple agglomération y répondront" in text
    assert not Dossier.objects.exists()
    back = coordination.post(add_url(committee), data | {"modifier": "oui"})
    assert back.context["form"].ticked == {str(first.pk), str(second.pk)}
    assert 'value="2031-05-06"' in seen_text(back)
    coordination.post(add_url(committee), data | {"envoyer": "oui"})
    assert versions_of(Dossier.objects.get()) == [first, second]


@pytest.mark.parametrize(("tick", "count"), [("tout", 3), ("rien", 0)])
def test_all_are_ticked_or_none_by_the_server_and_what_was_typed_stays(
    committee, coordination, tick, count
):
    versions = [committee.proposed(title) for title in ("Un", "Deux", "Trois")]
    data = sent(versions[0], message="À garder", answer_by="2031-05-06", cocher=tick)
    page = coordination.post(add_url(committee), data)
    assert page.status_code == 200
    assert not Dossier.objects.exists()
    assert len(page.context["form"].ticked) == count
    text = seen_text(page)
    assert 'value="Comité de mars"' in text
    assert "À garder" in text
    assert 'value="2031-05-06"' in text
    assert "À corriger" not in text


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"title": " "}, "Ce champ est obligatoire."),
        ({"points": []}, "Choisissez au moins un point"),
        ({"answer_by": "2001-01-01"}, "Cette date est passée."),
        ({"points": ["987654"]}, "Un des points choisis n’est plus proposé"),
        ({"points": ["<b>"]}, "Un des points choisis n’est plus proposé"),
    ],
)
def test_a_mistake_in_the_dossier_is_shown_and_nothing_typed_is_lost(
    committee, coordination, change, mistake
):
    version = committee.proposed()
    page = coordination.post(add_url(committee), sent(version, message="À garder") | change)
    assert page.status_code == 200
    assert not Dossier.objects.exists()
    assert mistake in seen_text(page)
    assert "987654" not in seen_text(page)
    assert "À garder" in seen_text(page)


def test_a_point_changed_meanwhile_is_named_and_the_others_stay_ticked(committee, coordination):
    first, second = committee.proposed("Un"), committee.proposed("Deux")
    newer = committee.edited(first, title="Un autre")
    page = coordination.post(add_url(committee), sent(first, second))
    assert "Un des points choisis n’est plus proposé" in seen_text(page)
    assert str(second.pk) in page.context["form"].ticked
    assert f'id="point-{newer.pk}"' in seen_text(page)
    assert f'id="point-{first.pk}"' not in seen_text(page)


def test_points_are_offered_and_sent_in_the_order_of_the_axes(committee, coordination):
    first = committee.orientation
    after = first.theme.axis.number + 1
    axis = AxisFactory(convention=committee.convention, number=after, title="Plus loin")
    committee.orientation = ObjectiveFactory(theme__axis=axis)
    late = committee.proposed("Au second axe")
    committee.orientation = first
    early = committee.proposed("Au premier axe")
    page = coordination.get(add_url(committee))
    offered = [point.version for _axis, points in page.context["groups"] for point in points]
    assert offered == [early, late]
    coordination.post(add_url(committee), sent(late, early))
    assert versions_of(Dossier.objects.get()) == [early, late]


def test_without_a_proposed_point_there_is_nothing_to_send(committee, coordination):
    committee.draft()
    page = coordination.get(add_url(committee))
    assert "Aucun point n’est proposé" in seen_text(page)
    assert "<form method" not in seen_text(page).split("<main")[1]


@pytest.mark.parametrize("who", ["member", "adviser"])
def test_only_the_coordinator_sends(committee, client, who):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    version = committee.proposed()
    client.force_login(adviser if who == "adviser" else committee.caf_member)
    assert client.get(add_url(committee)).status_code == 403
    assert client.post(add_url(committee), sent(version)).status_code == 403
    assert "Envoyer un dossier" not in seen_text(client.get(list_url(committee)))
    assert not Dossier.objects.exists()


# Frozen ---------------------------------------------------------------------------------------


def test_a_dossier_keeps_the_versions_that_were_sent(committee, coordination):
    dossier = dossier_of(committee, 2)
    first, second = versions_of(dossier)
    newer = committee.edited(first, title="Autrement dit")
    committee.agree(second)
    page = coordination.get(url_of(dossier))
    assert [item.version for item in page.context["reading"].items] == [first, second]
    text = seen_text(page)
    assert "Point numéro 1" in text
    assert f"/points/{newer.pk}/?depuis=1" in text
    assert "En vigueur depuis le" in text


def test_the_changes_of_a_version_are_shown_before_and_after_it_is_in_force(
    committee, coordination
):
    first = committee.in_force("Ouvrir deux espaces")
    second = committee.edited(first, title="Ouvrir trois espaces")
    dossier = dossier_of(committee, 1)
    dossier.points.update(version=second)
    for _ in range(2):
        html = coordination.get(url_of(dossier)).content.decode()
        assert "« Ouvrir trois espaces »" in html.replace("\u00a0", " ")
        assert "au lieu de « Ouvrir deux espaces »" in html.replace("\u00a0", " ")
        committee.agree(second)
        second.refresh_from_db()
    assert second.is_in_force


def test_a_dossier_of_another_convention_does_not_exist(committee, client):
    dossier = dossier_of(committee, 1)
    other = MembershipFactory(coordinator=True)
    client.force_login(other.user)
    url = reverse("committee:dossier", args=[other.organisation.convention.slug, dossier.pk])
    assert client.get(url).status_code == 404
    assert client.get(url_of(dossier)).status_code == 404


# Where it stands ------------------------------------------------------------------------------


def title(response) -> str:
    text = seen_text(response)
    return text.split("<h1>")[1].split("</h1>")[0].strip()


def test_the_list_names_who_has_still_to_answer(committee, coordination, client):
    assert title(coordination.get(list_url(committee))) == "Aucun dossier n’a été envoyé"
    dossier = dossier_of(committee, 2)
    page = coordination.get(list_url(committee))
    assert title(page) == "Un dossier attend encore des réponses"
    assert [o.acronym for o in page.context["rows"][0].awaited] == ["CAF 99", "Exemple"]
    for version in versions_of(dossier):
        committee.agree(version, committee.caf_member)
    page = coordination.get(list_url(committee))
    assert [o.acronym for o in page.context["rows"][0].awaited] == ["Exemple"]
    client.force_login(committee.epci_member)
    page = client.get(list_url(committee))
    assert title(page) == "Un dossier attend la réponse d’Exemple agglomération"
    for version in versions_of(dossier):
        committee.agree(version, committee.epci_member)
    page = client.get(list_url(committee))
    assert title(page) == "Le dossier est complet"
    assert page.context["rows"][0].is_complete


def test_a_dossier_whose_last_point_is_withdrawn_awaits_nobody(committee, coordination):
    dossier = dossier_of(committee, 1)
    [version] = versions_of(dossier)
    drafts.withdraw_version(version, reason="Sans objet", by=committee.coordinator)
    assert coordination.get(list_url(committee)).context["rows"][0].is_complete
    assert title(coordination.get(url_of(dossier))) == "Ce dossier n’attend plus de réponse"


def test_the_page_shows_how_far_each_party_is(committee, coordination):
    dossier = dossier_of(committee, 4)
    first, second, third, _four = versions_of(dossier)
    committee.agree(first, committee.caf_member)
    answers.answer(Reply(second, Answer.CHANGE_REQUESTED, reason="Non"), by=committee.caf_member)
    answers.answer(Reply(third, Answer.AGENDA), by=committee.caf_member)
    page = coordination.get(url_of(dossier))
    caf, epci = page.context["reading"].progress
    assert (caf.agreed, caf.change, caf.otherwise, caf.awaited) == (1, 1, 1, 1)
    # The point returned to its author is no longer asked of the other party.
    assert (epci.agreed, epci.change, epci.otherwise, epci.awaited) == (0, 0, 0, 3)
    assert title(page) == "La Caf d’Exemple et Exemple agglomération n’ont pas fini de répondre"


def test_a_colleague_reads_that_the_party_has_answered(committee, client):
    colleague = SeatFactory(organisation=committee.caf, capacity="Présidente").user
    dossier = dossier_of(committee, 1)
    committee.agree(versions_of(dossier)[0], committee.caf_member)
    client.force_login(colleague)
    assert title(client.get(url_of(dossier))) == "La Caf d’Exemple a répondu au point du dossier"
    client.force_login(committee.caf_member)
    assert title(client.get(url_of(dossier))) == "Vous avez répondu au point du dossier"


def test_a_party_that_missed_a_replaced_version_has_not_answered_everything(committee, client):
    dossier = dossier_of(committee, 3)
    first, *others = versions_of(dossier)
    committee.edited(first, title="Autrement dit")
    for version in others:
        committee.agree(version, committee.caf_member)
    client.force_login(committee.caf_member)
    assert title(client.get(url_of(dossier))) == "Vous avez répondu à deux points sur 3"


def test_html_typed_by_the_coordinator_is_shown_as_text(committee, coordination):
    dossier = dossier_of(committee, 1, title="<script>x</script>", message="<img src=x>\nBonjour")
    html = coordination.get(url_of(dossier)).content.decode()
    assert "<script>x" not in html
    assert "<img src=x" not in html
    assert "<script>x" not in coordination.get(list_url(committee)).content.decode()


# Many -----------------------------------------------------------------------------------------


def test_a_large_dossier_asks_as_many_queries_as_a_small_one(committee, client):
    client.force_login(committee.caf_member)
    few, many = dossier_of(committee, 2), dossier_of(committee, 40)
    assert len(client.get(url_of(many)).context["reading"].awaited) == 40
    assert count_queries(client.get, url_of(few)) == count_queries(client.get, url_of(many))


def test_answers_sent_from_a_page_opened_long_ago_are_not_taken_and_it_is_said(committee, client):
    dossier = dossier_of(committee, 1)
    [version] = versions_of(dossier)
    client.force_login(committee.caf_member)
    old = {"versions": [version.pk], "reponse": "accord"}
    after = client.post(url_of(dossier), old, follow=True)
    assert after.redirect_chain == [(url_of(dossier), 302)]
    [message] = messages_of(after)
    assert "rien n’a été enregistré" in message
    assert not version.agreements.exists()
    nowhere = url_of(dossier).replace(f"/{dossier.pk}/", f"/{dossier.pk + 1000}/")
    assert client.post(nowhere, old).status_code == 404
