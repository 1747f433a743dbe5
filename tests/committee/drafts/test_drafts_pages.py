"""Drafts from their pages: written, read, proposed, thrown away; two never overwrite each other."""

import pytest

from agreements.models import State, Version
from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from conventions.models import Objective
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import after, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def claire(committee):
    """A second coordinator."""
    user = f.UserFactory(first_name="Claire", last_name="Morin")
    f.MembershipFactory(organisation=committee.caf, coordinator=True, user=user)
    return user


@told_once
def paul(committee):
    """An adviser, who prepares."""
    user = f.UserFactory(first_name="Paul", last_name="Roux")
    f.MembershipFactory(organisation=committee.caf, reader=True, user=user)
    return SeatFactory(organisation=committee.caf, adviser=True, user=user).user


@pytest.fixture
def get(client, committee):
    def get(address, user=None):
        client.force_login(user or committee.coordinator)
        return client.get(url(committee, address))

    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(url(committee, address), data)

    return post


def editing(row) -> str:
    return f"objectifs/{row.pk}/modifier/"


def fields_of(response, **changes) -> dict:
    """What the browser sends back from a page: its fields, with what somebody typed."""
    names = ["title", "due_on", "measure", "note", "base", "revision"]
    return {name: value_of(response, name) for name in names} | changes


# Writing -----------------------------------------------------------------------------------------


def test_the_form_holds_what_is_in_force(committee, get):
    version = committee.in_force("Ouvrir deux espaces", is_priority=True)
    response = get(editing(version.subject))
    assert "Vous partez de la version 1 du" in page_of(response)
    assert value_of(response, "title") == "Ouvrir deux espaces"
    assert value_of(response, "due_on") == committee.convention.end.isoformat()
    assert value_of(response, "base") == str(version.pk)
    assert "checked" in response.content.decode()


def test_a_draft_is_written_and_taken_up_again(committee, get, post, client):
    version = committee.in_force("Deux")
    row = version.subject
    first = post(editing(row), **fields_of(get(editing(row)), title="Trois", note="Besoin"))
    draft = Version.objects.drafts().get()
    assert first.url == url(committee, f"brouillons/{draft.pk}/")
    assert (draft.title, draft.note, draft.base) == ("Trois", "Besoin", version)
    again = get(editing(row))
    assert "Vous reprenez votre brouillon" in page_of(again)
    post(editing(row), **fields_of(again, measure="Places"))
    assert Version.objects.drafts().get().content == version.content | {
        "title": "Trois", "measure": "Places",
    }  # fmt: skip
    row.refresh_from_db()
    assert row.title == "Deux"


def test_a_change_is_proposed_at_once(committee, get, post, client):
    row = committee.in_force("Deux").subject
    sent = fields_of(get(editing(row)), title="Trois")
    response = post(editing(row), **sent, action="proposer")
    version = Version.objects.proposed().get()
    assert (version.number, version.title) == (2, "Trois")
    assert "La version 2 est proposée" in after(client, response)


def test_a_draft_that_changes_nothing_is_kept_and_not_proposed(committee, get, post, client):
    row = committee.in_force("Deux").subject
    response = post(editing(row), **fields_of(get(editing(row))), action="proposer")
    assert "ne change rien à celle qui est proposée ou en vigueur" in after(client, response)
    assert Version.objects.drafts().count() == 1


@pytest.mark.parametrize("button", [{}, {"action": "proposer"}])
def test_a_change_sent_twice_is_one_version(committee, get, post, client, button):
    row = committee.in_force("Deux").subject
    sent = fields_of(get(editing(row)), title="Trois", note="Besoin") | button
    responses = [post(editing(row), **sent) for _ in range(2)]
    version = Version.objects.exclude(state=State.IN_FORCE).get()
    assert version.is_proposed == bool(button)
    text = after(client, client.get(responses[1].url)) if button else after(client, responses[1])
    assert ("déjà été proposée" if button else "Le brouillon est enregistré") in text


def test_a_withdrawal_sent_twice_is_one_version(committee, get, post):
    address = f"objectifs/{committee.in_force('Deux').subject.pk}/retirer/"
    sent = fields_of(get(address), note="Sans objet", action="proposer")
    for _ in range(2):
        post(address, **sent)
    assert Version.objects.exclude(state=State.IN_FORCE).get().is_proposed


def test_a_second_save_with_another_text_is_not_taken_for_a_second_click(committee, get, post):
    row = committee.in_force("Deux").subject
    sent = fields_of(get(editing(row)), title="Trois", note="Besoin", action="proposer")
    post(editing(row), **sent)
    post(editing(row), **sent | {"note": "Un autre motif"})
    assert Version.objects.drafts().get().note == "Un autre motif"


def test_a_second_tab_does_not_overwrite_the_first(committee, get, post):
    row = committee.in_force("Deux").subject
    page = get(editing(row))
    post(editing(row), **fields_of(page, title="Dans le premier onglet", note="Un"))
    response = post(editing(row), **fields_of(page, title="Dans le second onglet", note="Deux"))
    text = page_of(response)
    assert "Votre brouillon a été enregistré ailleurs le" in text
    assert "Votre brouillon a changé depuis que cette page est ouverte" in text
    assert "[supprimé : premier ] [ajouté : second ]" in text
    assert "Motif [supprimé : Un ] [ajouté : Deux ]" in text
    assert value_of(response, "title") == "Dans le second onglet"
    assert Version.objects.drafts().get().title == "Dans le premier onglet"
    post(editing(row), **fields_of(response))
    assert Version.objects.drafts().get().title == "Dans le second onglet"


def test_a_draft_proposed_in_another_tab_is_named_as_such(committee, get, post, client):
    row = committee.in_force("Deux").subject
    post(editing(row), **fields_of(get(editing(row)), title="Trois"))
    page = get(editing(row))
    drafts.propose(Version.objects.drafts().get(), by=committee.coordinator)
    response = post(editing(row), **fields_of(page, title="Quatre"))
    assert "La version 2 du" in page_of(response)
    assert value_of(response, "title") == "Quatre"
    response = post(editing(row), **fields_of(response), action="proposer")
    assert "La version 3 est proposée" in after(client, response)


def test_a_draft_discarded_in_another_tab_is_named_as_such(committee, get, post):
    version = committee.in_force("Deux")
    post(editing(version.subject), **fields_of(get(editing(version.subject)), title="Trois"))
    page = get(editing(version.subject))
    drafts.discard_draft(Version.objects.drafts().get(), by=committee.coordinator)
    response = post(editing(version.subject), **fields_of(page, title="Quatre"))
    assert "Votre brouillon a changé" in page_of(response)
    post(editing(version.subject), **fields_of(response))
    assert Version.objects.drafts().get().title == "Quatre"


def test_two_people_have_a_draft_each(committee, get, post, claire):
    row = committee.in_force("Deux").subject
    mine, hers = get(editing(row)), get(editing(row), claire)
    post(editing(row), **fields_of(mine, title="Trois"))
    post(editing(row), claire, **fields_of(hers, title="Quatre"))
    titles = Version.objects.drafts().values_list("author", "title")
    assert set(titles) == {(committee.coordinator.pk, "Trois"), (claire.pk, "Quatre")}
    assert "Claire Morin en écrit aussi une version, depuis le" in page_of(get(editing(row)))


@pytest.mark.parametrize("base", ["", "0", "x", "9" * 30])
def test_a_form_of_another_base_is_not_taken_for_this_one(committee, get, post, base):
    """A page opened before anything stood, or tampered with, shows both texts."""
    version = committee.in_force("Deux")
    elsewhere = committee.in_force("Autre point")
    for sent in (base, str(elsewhere.pk)):
        page = get(editing(version.subject))
        response = post(editing(version.subject), **fields_of(page, title="Trois", base=sent))
        assert "La version 1 du" in page_of(response)
        assert value_of(response, "base") == str(version.pk)
    assert not Version.objects.drafts().exists()


def test_who_may_not_write_reads_why(committee, get, post):
    version = committee.in_force("Deux")
    page = page_of(get(editing(version.subject), committee.caf_member))
    assert "Seule la coordination" in page
    assert "Voir où en est le point" in page
    response = post(editing(version.subject), committee.caf_member, title="Ce que j’ai écrit")
    assert "Ce que j’ai écrit" in page_of(response)
    assert not Version.objects.drafts().exists()


def test_a_signed_text_is_not_edited_but_proposed_for_an_amendment(committee, get, post):
    row = committee.orientation
    for person in (committee.coordinator, committee.caf_member):
        response = get(editing(row), person)
        assert "Ce texte a été signé par toutes les parties" in page_of(response)
        link = url(committee, f"avenant/proposer/objective/{row.pk}/")
        assert f'href="{link}"' in response.content.decode()
    response = post(editing(row), title="Autre", action="proposer")
    assert "Ce texte a été signé" in page_of(response)
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert "Proposer pour un avenant" not in page_of(get(editing(row), reader))


def test_a_mere_draft_is_unknown_to_who_does_not_write(committee, get, paul):
    row = committee.draft().subject
    addresses = [editing(row), f"objectifs/{row.pk}/retirer/",
                 f"avenant/proposer/objective/{row.pk}/"]  # fmt: skip
    for address in addresses:
        assert get(address, committee.caf_member).status_code == 404
    assert get(addresses[0], paul).status_code == 200
    assert get(addresses[2]).status_code == 404


# Reading -----------------------------------------------------------------------------------------


def page_of_draft(draft) -> str:
    return f"brouillons/{draft.pk}/"


def test_a_draft_shows_what_it_changes(committee, get):
    version = committee.in_force("Ouvrir deux espaces")
    draft = drafts.save_draft(
        version.subject, version.content | {"title": "Ouvrir trois espaces"},
        note="Besoin", by=committee.coordinator,
    )  # fmt: skip
    page = page_of(get(page_of_draft(draft)))
    assert "Ce que ce brouillon change à la version 1 du" in page
    assert "Ouvrir [supprimé : deux ] [ajouté : trois ] espaces" in page
    assert "Motif : Besoin" in page
    assert "Votre brouillon, enregistré le" in page
    for act in ("Proposer au comité", "Continuer à écrire", "Jeter ce brouillon"):
        assert act in page


def test_an_adviser_s_draft_is_read_and_proposed_by_the_coordinator(committee, get, post, paul):
    version = committee.in_force("Deux")
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"}, by=paul)
    own = page_of(get(page_of_draft(draft), paul))
    assert "La coordination voit ce brouillon, et le proposera au comité" in own
    assert "Proposer au comité" not in own
    page = page_of(get(page_of_draft(draft)))
    assert "Brouillon de Paul Roux" in page
    assert "Jeter ce brouillon" not in page
    post(f"{page_of_draft(draft)}proposer/", revision=draft.revision)
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.author) == (State.PROPOSED, 2, paul)


def test_a_draft_that_was_rewritten_meanwhile_is_not_proposed_unread(
    committee, get, post, client, paul
):
    version = committee.in_force("Deux")
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"}, by=paul)
    page = get(page_of_draft(draft))
    drafts.save_draft(version.subject, version.content | {"title": "Aucun"}, by=paul)
    for seen in (value_of(page, "revision"), ""):
        response = post(f"{page_of_draft(draft)}proposer/", revision=seen)
        assert "Ce brouillon a été réécrit" in after(client, response)
        draft.refresh_from_db()
        assert draft.is_draft
    page = get(page_of_draft(draft))
    assert "Aucun" in page_of(page)
    post(f"{page_of_draft(draft)}proposer/", revision=value_of(page, "revision"))
    draft.refresh_from_db()
    assert draft.is_proposed


def test_the_coordinator_writes_on_from_an_adviser_s_draft(committee, get, post, paul):
    version = committee.in_force("Deux")
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"}, by=paul)
    link = f"{editing(version.subject)}?depuis={draft.pk}"
    assert link in get(page_of_draft(draft)).content.decode()
    response = get(link)
    assert (value_of(response, "title"), value_of(response, "revision")) == ("Trois", "0")
    post(editing(version.subject), **fields_of(response, title="Trois ou quatre"))
    titles = Version.objects.drafts().values_list("title", flat=True)
    assert sorted(titles) == ["Trois", "Trois ou quatre"]


def test_an_adviser_does_not_start_from_somebody_else_s(committee, get, claire, paul):
    version = committee.in_force("Deux")
    draft = drafts.save_draft(version.subject, version.content | {"title": "Secret"}, by=claire)
    response = get(f"{editing(version.subject)}?depuis={draft.pk}", paul)
    assert value_of(response, "title") == "Deux"
    page = page_of(response)
    assert "Claire Morin en écrit aussi une version" in page
    assert "La lire" not in page
    assert get(page_of_draft(draft), paul).status_code == 404


def test_each_draft_names_the_other_drafts(committee, get, claire, paul):
    version = committee.in_force("Deux")
    mine = drafts.save_draft(
        version.subject, version.content | {"title": "Trois"}, by=committee.coordinator
    )
    drafts.save_draft(version.subject, version.content | {"title": "Quatre"}, by=paul)
    draft_ending(version.subject, note="Fait", by=claire)
    page = page_of(get(page_of_draft(mine)))
    assert "Paul Roux en écrit aussi une version, depuis le" in page
    assert "Claire Morin en prépare le retrait, depuis le" in page


def test_a_draft_once_proposed_is_its_point(committee, get, post):
    version = committee.proposed()
    for address in ("", "jeter/", "rapprocher/"):
        response = get(f"{page_of_draft(version)}{address}")
        assert response.url == url(committee, f"points/{version.pk}/")
    assert post(f"{page_of_draft(version)}jeter/").status_code == 302
    version.refresh_from_db()
    assert version.state == State.PROPOSED


def test_a_draft_belongs_to_its_convention(committee, client):
    other = committee_of()
    draft = other.draft()
    client.force_login(committee.coordinator)
    for address in ("", "jeter/", "rapprocher/", "proposer/"):
        page = url(committee, f"{page_of_draft(draft)}{address}")
        assert client.post(page).status_code == 404
    assert client.get(url(committee, editing(draft.subject))).status_code == 404


def test_a_drafted_withdrawal_is_shown_where_one_would_edit(committee, get):
    version = committee.in_force("Deux")
    draft = draft_ending(version.subject, note="Fait", by=committee.coordinator)
    page = page_of(get(page_of_draft(draft)))
    assert "brouillon de retrait" in page
    assert "prend fin" in page
    assert "Modifier le motif" in page
    assert "retire cet objectif : l’enregistrer ici" in page_of(get(editing(version.subject)))


# Throwing away -----------------------------------------------------------------------------------


def test_a_draft_is_thrown_away_once_asked(committee, get, post, client):
    draft = committee.draft("Ouvrir")
    assert "Jeter le brouillon « Ouvrir »" in page_of(get(f"{page_of_draft(draft)}jeter/"))
    assert Version.objects.drafts().exists()
    response = post(f"{page_of_draft(draft)}jeter/")
    assert "Le brouillon est jeté" in after(client, response)
    assert not Version.objects.drafts().exists()
    assert not Objective.objects.filter(origin="committee").exists()


def test_a_draft_is_thrown_away_by_its_author_alone(committee, get, post, paul):
    version = committee.in_force("Deux")
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"}, by=paul)
    page = f"{page_of_draft(draft)}jeter/"
    assert "que par la personne qui l’écrit" in page_of(get(page))
    assert post(page).status_code == 302
    assert Version.objects.drafts().get() == draft


# The event ---------------------------------------------------------------------------------------


def test_the_event_refuses_a_draft_written_over_an_unseen_one(committee):
    version, by = committee.in_force("Deux"), committee.coordinator
    row = version.subject
    draft = drafts.save_draft(row, version.content | {"title": "Trois"}, by=by, revision=0)
    with pytest.raises(Refused) as refused:
        drafts.save_draft(row, version.content | {"title": "Quatre"}, by=by, revision=0)
    assert isinstance(refused.value.refusal, drafts.Rewritten)
    draft.refresh_from_db()
    seen = draft.revision
    drafts.save_draft(row, version.content | {"title": "Quatre"}, by=by, revision=seen)
    with pytest.raises(Refused):
        drafts.save_draft(row, version.content | {"title": "Cinq"}, by=by, revision=seen)
    drafts.save_draft(row, version.content | {"title": "Cinq"}, by=by)
    assert Version.objects.drafts().get().title == "Cinq"
