"""The action plan as a list: what it counts and shows, in which order, and to whom."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Action, Lead
from agreements.models import Version
from agreements.versions import endings
from agreements.versions import events as drafts
from tests import factories as f
from tests.actions.bulk import many_actions
from tests.actions.factories import (
    action_in_force,
    agree,
    draft_action,
    in_state,
    proposed_action,
    with_milestones,
)
from tests.actions.pages import read, reading  # noqa: F401  (a fixture)
from tests.actions.ways.scene import action_row, heading_of, plain, titles, ways_url
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import committee_url

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - datetime.timedelta(days=1)


# What is there ------------------------------------------------------------------------------------


def test_an_empty_plan_says_what_to_do(committee, get, reader):
    text = get()
    assert heading_of(get.html) == "Aucune action n’est encore en vigueur"
    assert "Le plan d’actions est vide : ajoutez une première action" in text
    assert "Ajouter une action" in text
    assert "Chercher, filtrer" not in text
    text = get("", reader)
    assert "Le plan d’actions est vide." in text
    assert "Ajouter une action" not in text


def test_only_what_is_agreed_counts(committee, get):
    action_row(committee, "En cours", state="in_progress")
    action_row(committee, "À venir", state="to_come")
    action_row(committee, "Finie", state="done")
    action_row(committee, "Faite aussi", state="done")
    proposed_action(committee, title="Proposée")
    draft_action(committee, title="Brouillon")
    action_row(committee, "Retirée", standing="withdrawn")
    text = get()
    assert heading_of(get.html) == "4 actions en vigueur, dont 1 en retard"
    assert "1 à venir, 1 en cours et 2 terminées." in text
    assert "1 action retirée : ce qui en a été dit demeure lisible." in text
    assert set(titles(get.html)) == {
        "En cours", "À venir", "Finie", "Faite aussi", "Proposée", "Brouillon",
    }  # fmt: skip


def test_a_plan_without_late_actions_does_not_mention_lateness(committee, get):
    action_row(committee, "Une", state="in_progress")
    get()
    assert heading_of(get.html) == "1 action en vigueur"
    assert "en retard" not in get.html.split("</details>")[1]


def test_a_row_tells_where_it_is_and_who_leads(committee, get):
    action = in_state(action_in_force(committee, priority="high", is_innovative=True), "blocked",
                      reason="Sans local", progress=40)  # fmt: skip
    with_milestones(action, ("Local", YESTERDAY, None))
    get()
    row = re.search(r'<li class="plan-line".*?</li>', get.html, re.DOTALL)[0]
    text = plain(re.sub(r"<[^>]+>", " ", row))
    assert "■ bloquée ! en retard · CAF 99" in text
    assert f'id="action-{action.pk}"' in row


def test_what_nobody_tells_is_not_a_zero(committee, get):
    action = action_row(committee, "Une", starts_on=None, ends_on=None)
    action.leads.all().delete()
    text = get()
    assert "sans pilote" in text


def test_what_is_discussed_shows_where_each_party_stands(committee, get, reader):
    action = action_in_force(committee, title="Convenue")
    version = proposed_action(committee, title="Proposée")
    content = Version.objects.about(action).get().content | {"title": "Autrement"}
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    drafts.propose(draft, by=committee.coordinator)
    ended = action_in_force(committee, title="Finissante")
    ending = endings.draft_ending(ended, note="Fini", by=committee.coordinator)
    drafts.propose(ending, by=committee.coordinator)
    text = get("", reader)
    assert "une version 2 est en discussion ↻ CAF 99 à revalider" in text
    assert "proposée ○ CAF 99 attendu" in text
    assert "son retrait est en discussion" in text
    assert "Autrement" not in text
    assert committee_url(committee, f"points/{version.pk}/") in get.html
    assert text.count("pas encore suivie") == 1


def test_drafts_are_for_who_writes_them(committee, get, reader, agent):
    draft_action(committee, title="Un brouillon")
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    for user in (committee.coordinator, adviser):
        assert "✐ brouillon" in get("", user)
    for user in (reader, agent, committee.caf_member):
        assert "brouillon" not in get("", user)
        assert "Le plan d’actions est vide." in get("", user)


def test_what_is_withdrawn_is_shown_only_where_asked_for(committee, get):
    action = action_in_force(committee, title="Abandonnée")
    ending = endings.draft_ending(action, note="Fini", by=committee.coordinator)
    agree(committee, drafts.propose(ending, by=committee.coordinator))
    assert "1 action retirée" in get()
    assert titles(get.html) == []
    get("?mots=abandonnee")
    assert titles(get.html) == []
    text = get("?accord=retiree")
    assert titles(get.html) == ["Abandonnée"]
    assert "✕ retirée" in text


def test_ones_own_actions_are_offered_to_who_may_lead_some(committee, get, agent, reader):
    action = action_row(committee, "Une")
    address = ways_url(committee, "mes-actions/")
    for user in (committee.coordinator, agent):
        get("", user)
        assert f'href="{address}"' in get.html
    for user in (reader, committee.caf_member):
        assert "Mes actions" not in get("", user)
    Lead.objects.filter(action=action).update(user=reader)
    assert "Mes actions" in get("?mots=rien", reader)
    elsewhere = f.MembershipFactory(user=committee.caf_member).organisation.convention
    assert elsewhere != committee.convention
    assert "Mes actions" not in get("", committee.caf_member)


def test_the_list_shows_nothing_of_another_convention(committee, get, client):
    other = committee_of()
    action_in_force(other, title="Ailleurs")
    assert "Ailleurs" not in get()
    client.force_login(other.coordinator)
    assert client.get(ways_url(committee)).status_code == 404


# Page by page, and elsewhere ----------------------------------------------------------------------


def test_a_list_beyond_fifty_actions_has_pages(committee, get):
    many_actions(committee.convention, 51)
    text = get("?tri=titre&priorite=moyenne")
    assert len(titles(get.html)) == 50
    assert "Page 1 sur 2" in text
    assert "?priorite=moyenne&amp;tri=titre&amp;page=2" in get.html
    text = get("?priorite=moyenne&tri=titre&page=2")
    assert len(titles(get.html)) == 1
    assert "51 actions répondent à votre recherche" in text


@pytest.mark.parametrize("page", ["abc", "-1", "0", "9" * 40, "%00", "", "9" * 5000])
def test_an_odd_page_number_leads_to_a_page_of_the_list(committee, get, page):
    action_row(committee, "Une")
    get(f"?page={page}")
    assert titles(get.html) == ["Une"]


def test_tabs_and_files_keep_what_is_asked_for(committee, get):
    action_row(committee, "Une", state="in_progress")
    get("?etat=en-cours&tri=titre&page=1&inconnu=3")
    tabs = re.search(r'<nav class="tabs.*?</nav>', get.html, re.DOTALL)[0]
    links = re.findall(r'href="[^"?]*plan-d-actions/([^"?]*)([^"]*)"', tabs)
    assert [place for place, _ in links] == [
        "", "calendrier/", "etats/", "objectifs/", "communes/", "budget/",
    ]  # fmt: skip
    assert {query for _, query in links} == {"?etat=en-cours&amp;tri=titre"}
    files = re.findall(r'(?:href|"post" action)="[^"]*export/(\w+)/(\?[^"]*)"', get.html)
    assert files == [(kind, "?etat=en-cours&amp;tri=titre") for kind in ("xlsx", "csv", "pdf")]
    assert 'aria-current="page">Liste' in tabs


def test_sheets_may_be_chosen_for_a_document(committee, get):
    action = action_row(committee, "Une")
    get()
    box = re.search(rf'<input[^>]*value="{action.pk}"[^>]*>', get.html)[0]
    assert 'name="fiche"' in box
    assert f'aria-label="Choisir {action.number} Une"' in box
    assert re.search(r'<form method="post" action="[^"]*/export/pdf/">', get.html)


def test_none_chosen_leads_back_to_the_same_list(committee, get, client):
    action_row(committee, "Une")
    get("?mots=une&tri=titre&page=1")
    form = re.search(r'"post" action="([^"]*/export/pdf/)">(.*?)</form>', get.html, re.DOTALL)
    [choice] = re.findall(r'<input type="hidden" name="choix" value="([^"]*)">', form[2])
    answer = client.post(form[1], {"choix": unescape(choice)})
    assert answer.status_code == 302
    assert answer.url == ways_url(committee, "?mots=une&tri=titre&page=1")
    assert "Cochez au moins une fiche." in read(client.get(answer.url))
    for odd in ("//ailleurs.example/", "\0=\n", "x" * 5000):
        assert client.get(form[1], {"choix": odd}).url.startswith(ways_url(committee, "?"))


# Many ---------------------------------------------------------------------------------------------

PAGES = ["", "?mots=ouvrir", "?etat=en-cours&retard=on", "?tri=avancement", "?page=2",
         "?accord=en-discussion", "mes-actions/"]  # fmt: skip


def test_as_many_queries_for_60_actions_as_for_one(client):
    counts = {}
    for number in (1, 60):
        committee = committee_of()
        for rank in range(3):
            f.ThemeFactory(axis=committee.orientation.theme.axis, rank=rank + 2)
        many_actions(committee.convention, number)
        proposed_action(committee)
        client.force_login(f.MembershipFactory(organisation=committee.caf).user)
        for page in PAGES:
            client.get(ways_url(committee, page))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(ways_url(committee, page)).status_code == 200
            counts.setdefault(page, []).append(len(captured))
    assert {page: numbers[0] for page, numbers in counts.items()} == {
        page: numbers[1] for page, numbers in counts.items()
    }
    assert Action.objects.count() == 63
