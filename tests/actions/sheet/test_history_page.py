"""The history of an action: its versions compared, what was told of it act by act."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.events import attach_document, follow_up
from actions.models import JournalEntry
from agreements.models import Version
from agreements.versions import endings
from agreements.versions import events as drafts
from tests.actions.factories import (
    action_in_force,
    agree,
    agreed_again,
    draft_action,
    in_state,
    noted,
    proposed_action,
    spent,
    with_milestones,
)
from tests.actions.pages import reading  # noqa: F401  (a fixture)
from tests.actions.ways.scene import plain, ways_url
from tests.documents.files import PDF
from tests.stories import told_once

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@told_once
def action(committee):
    return action_in_force(committee)


@pytest.fixture
def history(action, get):
    """``history(query, person)``: the page of the action's history."""
    return lambda query="", user=None: get(f"{action.pk}/historique/{query}", user)


def entries(html: str) -> list[str]:
    """The acts of the journal, each as text."""
    journal = html.partition('id="journal"')[2].partition("</section>")[0]
    items = re.findall(r"<li>(.*?)</li>", journal, re.DOTALL)
    return [plain(re.sub(r"<[^>]+>", " ", item)).strip() for item in items]


# The journal --------------------------------------------------------------------------------------


def test_a_history_without_entries_says_so(action, get, history):
    text = history()
    assert "Le suivi n’a pas encore changé" in text
    assert "La seule version de ce point" in text
    assert entries(get.html) == []


def test_the_history_lists_each_act_with_its_changes(committee, action, get, history, agent):
    in_state(action, "paused", reason="Le poste est vacant", progress=40, by=agent)
    with_milestones(action, ("Local", TODAY(), None), by=agent)
    spent(action, {action.fundings.get().pk: ("11500.50", None)}, by=committee.coordinator)
    noted(action, TODAY().year, "Deux **ateliers** <b>.", brakes="Le temps", by=agent)
    other = action_in_force(committee, title="Former")
    follow_up(action, parts.LINKED, parts.LINKED.plain({"related": [other]}), by=None)
    attach_document(action, SimpleUploadedFile("a.pdf", PDF), title="L’accord", by=agent)
    history()
    document, links, note, money, steps, state = entries(get.html)
    assert document.startswith(f"Document ajouté {agent}, le")
    assert "L’accord (a.pdf)" in document
    assert links.startswith("Actions liées Le portail, le")
    assert "Former" in links
    assert note.startswith(f"Bilan {TODAY().year} {agent}, le")
    assert "Deux **ateliers** &lt;b&gt;." in note
    assert "Freins [ajouté : Le temps" in note
    assert "Leviers" not in note
    assert money.startswith(f"Financement accordé et dépensé {committee.coordinator}, le")
    assert "11 500,50 €" in money
    assert "Jalons" in steps
    assert "Local" in steps
    assert re.search(r"État .*à venir.*en pause", state)
    assert "Le poste est vacant" in state
    assert "40" in state


def test_a_reached_milestone_is_listed_as_reached(action, get, history):
    with_milestones(action, ("Local", TODAY(), None))
    with_milestones(action, ("Local", TODAY(), TODAY()))
    history()
    [last, _] = entries(get.html)
    assert "[ajouté : , atteint le" in last


def test_acts_are_read_page_by_page(action, get, history):
    JournalEntry.objects.bulk_create(
        JournalEntry(action=action, part="bilan-2025", day=TODAY(), user_name=f"Zoé {n}",
                     before="", after='{"text":"Fait."}')
        for n in range(31)
    )  # fmt: skip
    assert "Page 1 sur 2" in history()
    assert len(entries(get.html)) == 30
    assert entries(get.html)[0].startswith("Bilan 2025 Zoé 30")
    history("?page=2")
    assert [entry.split(",")[0] for entry in entries(get.html)] == ["Bilan 2025 Zoé 0"]


@pytest.mark.parametrize("page", ["abc", "-1", "0", "9" * 40, "%00", "9" * 5000])
def test_an_odd_page_number_leads_to_a_page_of_the_history(action, get, history, page):
    in_state(action, "in_progress")
    history(f"?page={page}")
    assert len(entries(get.html)) == 1


def test_an_entry_of_an_abolished_part_is_still_listed(action, get, history):
    JournalEntry.objects.create(action=action, part="ancien", day=TODAY(), user_name="Zoé",
                                before="", after='{"text":"Fait."}')  # fmt: skip
    history()
    assert entries(get.html)[0].startswith("ancien Zoé, le")


def test_the_history_is_for_all_members(action, history, reader):
    in_state(action, "in_progress")
    assert "en cours" in history(user=reader)


# The versions -------------------------------------------------------------------------------------


@told_once
def rewritten(committee, action):
    agreed_again(committee, action, audience="Adolescents")
    return agreed_again(committee, action, audience="Adultes")


def test_the_last_two_versions_are_compared(rewritten, history):
    text = history()
    assert "Les 3 versions de ce point" in text
    assert "Ce qui change de la version 2 à la version 3" in text
    assert "[supprimé : Adolescents" in text
    assert "[ajouté : Adultes" in text


def test_any_two_versions_may_be_compared(rewritten, get, history):
    text = history("?depuis=1&vers=2")
    assert "Ce qui change de la version 1 à la version 2" in text
    assert "Enfants de moins de six ans" in text
    assert re.search(r'action="[^"]*/historique/#difference"', get.html)
    assert "Rien ne change entre ces deux versions." in history("?depuis=2&vers=2")


@pytest.mark.parametrize("query", [
    "depuis=abc&vers=-1", "depuis=99&vers=100", "depuis=%00", "vers=" + "9" * 40, "depuis=&vers=",
    "depuis=²", "depuis=3&vers=1",
])  # fmt: skip
def test_odd_versions_are_answered_by_a_page(rewritten, history, query):
    assert "Ce qui change de la version" in history(f"?{query}")


def test_pages_keep_the_versions_that_are_compared(rewritten, get, history):
    JournalEntry.objects.bulk_create(
        JournalEntry(action=rewritten, part="etat", day=TODAY()) for _ in range(31)
    )
    history("?depuis=1&vers=2&page=2")
    assert "?depuis=1&amp;vers=2&amp;page=1" in get.html


def test_a_draft_is_for_its_author_and_the_coordinator(committee, action, get, history, reader):
    content = Version.objects.about(action).get().content | {"audience": "Adolescents"}
    drafts.save_draft(action, content, by=committee.coordinator)
    assert "Brouillon" in history()
    assert "Brouillon" not in history(user=reader)
    assert "Adolescents" not in history(user=reader)


def test_every_version_leads_to_its_page(committee, action, get, history, client):
    content = Version.objects.about(action).get().content | {"audience": "Adolescents"}
    drafts.save_draft(action, content, by=committee.coordinator)
    history()
    main = get.html.split("<main")[1]
    links = re.findall(r'href="(/[^"#]+)"', main)
    assert links
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_a_draft_has_a_history(committee, get):
    version = draft_action(committee)
    text = get(f"{version.object_id}/historique/")
    assert "Brouillon" in text
    assert "Le suivi n’a pas encore changé" in text


def test_a_proposed_action_has_a_history(committee, get, reader):
    version = proposed_action(committee)
    assert "La seule version de ce point" in get(f"{version.object_id}/historique/", reader)


def test_a_withdrawn_action_keeps_its_history(committee, action, get, history):
    in_state(action, "in_progress")
    ending = endings.draft_ending(action, note="Plus de local", by=committee.coordinator)
    agree(committee, drafts.propose(ending, by=committee.coordinator))
    text = history()
    assert "met fin au point" in text
    assert len(entries(get.html)) == 1
    assert ways_url(committee, f"{action.pk}/") in get.html


def test_the_whole_journal_is_a_file(committee, action, client, history):
    in_state(action, "in_progress", by=committee.coordinator)
    history()
    address = f"{action.get_absolute_url()}historique/export/csv/"
    client.force_login(committee.coordinator)
    text = client.get(address).content.decode("utf-8-sig")
    assert text.startswith("Le;Par;Partie;Ce qui a changé;Avant;Après")
    assert f"{committee.coordinator};" in text
    assert ";en cours;" in text
