"""From the sections of an action to its proposal, and to its withdrawal."""

import re

import pytest

from agreements.models import Version
from agreements.versions import endings
from tests.actions.factories import action_in_force, draft_action, proposed_action
from tests.actions.pages import (  # noqa: F401  (fixtures)
    field_errors,
    held_by,
    read,
    reading,
    sending,
)
from tests.actions.plan.writing import (  # noqa: F401  (fixtures)
    SECTIONS,
    adviser_of,
    bare_draft,
    content,
    draft_of,
    essential,
    writing,
)
from tests.actions.ways.scene import ways_url

pytestmark = pytest.mark.django_db


# The way to a proposal ----------------------------------------------------------------------------


def test_the_hub_shows_changes_and_links_to_the_sections(committee, get, send):
    action = action_in_force(committee)
    text = get(f"{action.pk}/modifier/")
    assert "Choisissez ce que vous voulez changer. La version 1 du" in text
    assert "reste en vigueur tant que la vôtre n’est pas acceptée" in text
    assert "modifié dans votre brouillon" not in text
    assert "Proposer au comité" not in text
    send(f"{action.pk}/modifier/contenu/", typed={"audience": "Tous"})
    text = get(f"{action.pk}/modifier/")
    assert "Votre brouillon est enregistré depuis le" in text
    assert text.count("modifié dans votre brouillon") == 1
    assert re.search(r"Pourquoi et quoi\s*<span[^>]*>.{0,60}modifié", get.html)
    for section in SECTIONS:
        assert ways_url(committee, f"{action.pk}/modifier/{section}/") in get.html
    assert "Proposer au comité" in text


def test_a_draft_is_proposed_from_the_hub(committee, get, client):
    version = draft_action(committee)
    get(f"{version.object_id}/modifier/")
    address = re.search(r'action="([^"]*proposer[^"]*)"', get.html)[1]
    response = client.post(address, {"revision": version.revision})
    version.refresh_from_db()
    assert version.is_proposed
    assert "La version 1 est proposée" in read(client.get(response.url))
    assert "est en discussion : la vôtre la remplacera" in get(f"{version.object_id}/modifier/")


def test_a_missing_field_is_shown_in_its_section(committee, get):
    version = draft_action(committee, leads=[], starts_on=None, ends_on=None)
    text = get(f"{version.object_id}/modifier/")
    lacks = text.split("il reste à compléter")[1].split("L’essentiel")[0]
    assert "Une action a un pilote : qui la conduit ?" in lacks
    assert "Donnez le début de l’action." in lacks
    for section, lack in (("acteurs", "Une action a un pilote"), ("calendrier", "Donnez le début")):
        assert re.search(rf'<li>\s*<a href="[^"]*/modifier/{section}/">{lack}', get.html)
    section = r'id="section-(\w+)".*?</h2>\s*((?:<p class="doubt">.*?</p>\s*)*)'
    by_section = dict(re.findall(section, get.html, re.DOTALL))
    assert {key for key, faults in by_section.items() if faults} == {"acteurs", "calendrier"}
    assert "Donnez le début de l’action." in by_section["calendrier"]


def test_the_coordinator_takes_up_what_an_adviser_has_drafted(committee, get, send):
    adviser = adviser_of(committee)
    send("nouvelle/", adviser, typed=essential(committee, title="Le titre de la Caf"))
    theirs = draft_of(adviser)
    address = f"{theirs.object_id}/modifier/"
    assert "La coordination le voit, et le proposera" in get(address, adviser)
    text = get(address)
    assert f"{adviser} en écrit aussi une version" in text
    assert "Proposer au comité" not in text
    text = get(f"{address}?depuis={theirs.pk}")
    assert "Le titre de la Caf" in text
    assert f"modifier/contenu/?depuis={theirs.pk}" in get.html
    send(f"{address}contenu/?depuis={theirs.pk}", typed={"audience": "Tous"})
    mine = draft_of(committee.coordinator)
    assert (mine.content["title"], mine.content["audience"]) == ("Le titre de la Caf", "Tous")


def test_a_section_is_prefilled_from_the_draft_of_a_colleague(committee, get, send):
    action, adviser = action_in_force(committee), adviser_of(committee)
    send(f"{action.pk}/modifier/contenu/", adviser, typed={"audience": "Adolescents"})
    theirs = draft_of(adviser)
    get(f"{action.pk}/modifier/contenu/?depuis={theirs.pk}")
    assert held_by(get.response)["audience"] == ["Adolescents"]
    get(f"{action.pk}/modifier/contenu/?depuis={theirs.pk}", adviser_of(committee))
    assert held_by(get.response)["audience"] == ["Enfants de moins de six ans et leurs parents"]


@pytest.mark.parametrize("asked", ["abc", "%00", "9" * 40, "-1", "%3Cscript%3E"])
def test_an_odd_draft_is_not_taken_up(committee, get, asked):
    action = action_in_force(committee)
    assert "Choisissez ce que vous voulez changer" in get(f"{action.pk}/modifier/?depuis={asked}")
    assert "<script>" not in get.html.split("<main")[1]
    get(f"{action.pk}/modifier/contenu/?depuis={asked}")


def test_the_hub_says_why_others_may_not_write(committee, get, agent):
    action = action_in_force(committee)
    for address in ("modifier/", "modifier/moyens/", "retirer/"):
        text = get(f"{action.pk}/{address}", agent)
        assert "Seule la coordination" in text
        assert "Enregistrer" not in text
    get.client.post(ways_url(committee, f"{action.pk}/modifier/contenu/"), {"audience": "Tous"})
    assert not Version.objects.drafts().exists()


# Giving up ----------------------------------------------------------------------------------------


def test_an_action_is_given_up_once_all_agree(committee, get, send):
    action = action_in_force(committee)
    assert "Le retrait demande le même accord que l’ajout" in get(f"{action.pk}/retirer/")
    send(f"{action.pk}/retirer/", typed={"note": "Plus de local", "action": "proposer"})
    version = Version.objects.proposed().get()
    assert version.ends
    committee.agree(version)
    text = get(f"{action.pk}/")
    assert "Cette action est retirée du plan." in text
    assert "Retirer du plan" not in text


def test_a_withdrawal_needs_its_reason(committee, send):
    action = action_in_force(committee)
    send(f"{action.pk}/retirer/", typed={"note": " "})
    assert field_errors(send.response, "note")
    assert not Version.objects.drafts().exists()


def test_an_action_only_proposed_is_not_given_up(committee, get):
    version = proposed_action(committee)
    assert "Seul ce qui est en vigueur se retire" in get(f"{version.object_id}/retirer/")


def test_a_drafted_withdrawal_is_replaced_only_by_who_saw_it(committee, get, send):
    action = action_in_force(committee)
    get(f"{action.pk}/modifier/contenu/")
    opened = get.response
    endings.draft_ending(action, note="Plus de local", by=committee.coordinator)
    assert "retire cette action" in get(f"{action.pk}/modifier/")
    assert "remplacerait ce retrait" in get(f"{action.pk}/modifier/contenu/")
    address = f"{action.pk}/modifier/contenu/"
    text = send.again(opened, address, audience="Tous")
    assert "Ce brouillon retire le point ; ce que vous venez d’écrire le garde." in text
    assert draft_of(committee.coordinator).ends
    send.again(send.response, address)
    draft = draft_of(committee.coordinator)
    assert (draft.ends, draft.content["audience"]) == (False, "Tous")
