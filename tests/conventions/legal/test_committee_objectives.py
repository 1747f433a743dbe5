"""Objectives of the committee on the pages, and what other chapters let people do about them."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctg_portal.house import ActionLink, overridden
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

AXES, TEXT = "/conventions/vallee/axes/", "/conventions/vallee/texte/"
DUE = datetime.date(2026, 1, 1)


@told_once
def theme(convention):
    return f.ThemeFactory(axis=f.AxisFactory(convention=convention, number=1), untitled=True)


@pytest.fixture
def get(client, coordinator):
    """``get(address)`` is the page's HTML, for the coordinator."""
    client.force_login(coordinator.user)
    return lambda address: client.get(address).content.decode()


@pytest.fixture
def providers():
    """Only the test's own links: of objectives, at the head of the page."""
    objectives, head = [], []
    with overridden(objective_links=objectives, axes_links=head):
        yield SimpleNamespace(objectives=objectives, head=head)


# What is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize("below", [False, True], ids=["orientation", "sub-objective"])
def test_an_objective_of_the_committee_shows_its_day_and_its_measure(get, theme, below):
    parent = f.ObjectiveFactory(theme=theme) if below else None
    f.ObjectiveFactory(
        theme=theme, parent=parent, committee=True, title="Ouvrir un LAEP", due_on=DUE,
        measure="10 places !\n<b>Deux</b> matins",
    )  # fmt: skip
    html = get(AXES)
    assert (
        "Ouvrir un LAEP ✓ défini par le comité Échéance : 1er janvier 2026 "
        "Mesure : 10 places ! &lt;b&gt;Deux&lt;/b&gt; matins"
    ) in text_of(html)
    assert "places\u202f!<br>&lt;b&gt;Deux" in html


def test_an_objective_without_day_and_measure_shows_neither(get, theme):
    f.ObjectiveFactory(theme=theme)
    html = get(AXES)
    assert "Échéance" not in html
    assert "Mesure" not in html


def test_proposed_objective_is_marked_and_not_counted(client, get, theme):
    orientation = f.ObjectiveFactory(theme=theme, title="Signé", rank=1)
    f.ObjectiveFactory(theme=theme, title="Nouveau", rank=2, proposed=True)
    f.ObjectiveFactory(parent=orientation, title="Partie", proposed=True)
    text = text_of(get(AXES))
    assert "Nouveau ○ proposé" in text
    assert "Partie ○ proposé" in text
    assert "défini par le comité" not in text
    assert "2 propositions en discussion." in text
    assert title(client.get(AXES)) == "1 axe et 1 objectif"


def test_objectives_of_the_committee_are_counted_beside_the_signed_ones(client, get, theme):
    orientation = f.ObjectiveFactory(theme=theme, title="Signé")
    f.ObjectiveFactory(parent=orientation, committee=True)
    f.ObjectiveFactory(parent=orientation)
    assert "Le comité de pilotage y a ajouté 1 objectif." in text_of(get(AXES))
    assert title(client.get(AXES)) == "1 axe, 1 objectif et 1 sous-objectif"


def test_nothing_is_said_of_proposals_where_there_is_none(get, theme):
    f.ObjectiveFactory(theme=theme, committee=True)
    assert "proposé" not in text_of(get(AXES))


@pytest.mark.parametrize("trait", ["draft", "withdrawn"])
def test_draft_and_withdrawn_objectives_are_nowhere(get, theme, trait):
    f.ObjectiveFactory(theme=theme, title="Caché", **{trait: True})
    for page in (AXES, TEXT, "/conventions/vallee/recherche/?q=cache"):
        assert "Caché" not in get(page)


def test_text_shows_what_the_committee_added_as_such_and_no_proposal(get, theme):
    orientation = f.ObjectiveFactory(theme=theme, title="Signé")
    f.ObjectiveFactory(parent=orientation, title="Partie", committee=True)
    f.ObjectiveFactory(theme=theme, title="Ajouté", committee=True)
    f.ObjectiveFactory(theme=theme, title="Nouveau", proposed=True)
    text = text_of(get(TEXT))
    assert "Signé Partie ✓ défini par le comité" in text
    assert "Ajouté ✓ défini par le comité" in text
    assert "Nouveau" not in text


def test_text_shows_no_list_of_proposals_alone(get, theme):
    f.ObjectiveFactory(theme=theme, proposed=True)
    assert '<ul class="prose">' not in get(TEXT)


# Search --------------------------------------------------------------------------------------


def test_search_marks_what_is_proposed(get, theme):
    f.ObjectiveFactory(theme=theme, title="Ouvrir une crèche", rank=1)
    f.ObjectiveFactory(theme=theme, title="Agrandir la crèche", rank=2, proposed=True)
    text = text_of(get("/conventions/vallee/recherche/?q=creche"))
    assert "Agrandir la crèche ○ proposé" in text
    assert text.count("○ proposé") == 1


def test_search_shows_the_measure_when_the_words_are_there(get, theme):
    f.ObjectiveFactory(theme=theme, title="Garder les petits", measure="Une crèche ouverte")
    html = get("/conventions/vallee/recherche/?q=creche")
    assert "Mesure\u00a0: Une <mark>crèche</mark> ouverte" in html


# What other chapters bring -------------------------------------------------------------------


def test_actions_are_shown_beneath_their_objective(get, convention, coordinator, theme, providers):
    orientation = f.ObjectiveFactory(theme=theme, title="Accueillir")
    sub = f.ObjectiveFactory(parent=orientation, title="Ouvrir le soir")
    calls = []

    def provider(user, its_convention, objectives):
        calls.append((user, its_convention, set(objectives)))
        return {o.pk: [ActionLink("Modifier", f"/x/{o.pk}/")] for o in objectives}

    providers.objectives += [provider, lambda *args: {sub.pk: [ActionLink("Retirer", "/y/")]}]
    html = get(AXES)
    assert calls == [(coordinator.user, convention, {orientation, sub})]
    assert html.count('<div class="links no-print">') == 2
    assert f'<a href="/x/{sub.pk}/">Modifier<span' in html
    text = text_of(html)
    assert "Accueillir Modifier : Accueillir" in text
    assert "Modifier : Ouvrir le soir Retirer : Ouvrir le soir" in text


def test_folded_actions_wait_behind_one_word(get, theme, providers):
    orientation = f.ObjectiveFactory(theme=theme, title="Accueillir")
    sub = f.ObjectiveFactory(parent=orientation, title="Ouvrir le soir")
    folded = ActionLink("Proposer", "/p/", is_folded=True)
    providers.objectives.append(
        lambda *args: {orientation.pk: [folded], sub.pk: [ActionLink("Lire", "/l/"), folded]}
    )
    html = get(AXES)
    assert html.count('<details class="act') == 2
    assert "Agir : Accueillir Proposer : Accueillir" in text_of(html)
    assert "Lire : Ouvrir le soir Agir : Ouvrir le soir Proposer : Ouvrir" in text_of(html)
    shown = html[html.index("/l/") :]
    assert shown.index("<details") < shown.index("/p/") < shown.index("</details>")


def test_actions_of_the_page_stand_at_its_head(get, convention, coordinator, theme, providers):
    def provider(user, its_convention):
        assert (user, its_convention) == (coordinator.user, convention)
        yield ActionLink("Proposer un objectif", "/nouveau/")

    providers.head.append(provider)
    html = get(AXES)
    assert html.index("</h1>") < html.index('<a href="/nouveau/">Proposer un objectif</a>')
    assert html.index("/nouveau/") < html.index('id="axe-1"')


def test_page_without_actions_has_no_place_for_them(get, theme, providers):
    f.ObjectiveFactory(theme=theme)
    assert 'class="links' not in get(AXES)


def test_provider_finds_each_theme_and_axis_without_a_query(get, theme, providers):
    parent = f.ObjectiveFactory(theme=theme)
    f.ObjectiveFactory(parent=parent)
    asked = []

    def provider(user, convention, objectives):
        with CaptureQueriesContext(connection) as queries:
            links = {o.pk: [ActionLink("Lire", o.get_absolute_url())] for o in objectives}
        asked.append(len(queries))
        return links

    providers.objectives.append(provider)
    get(AXES)
    assert asked == [0]
