"""What frames every page of a convention: which one, as whom, its chapters."""

import re

import pytest

from ctg_portal.house import Entry, house, overridden
from tests import factories as f
from tests.accounts.reading import text_of

PAGE = "/conventions/vallee/"
CHAPTERS = [
    ("Tableau de bord", ""),
    ("Comité de pilotage", "comite/"),
    ("Plan d’actions", "plan-d-actions/"),
    ("Indicateurs", "indicateurs/"),
    ("Évaluations", "evaluations/"),
    ("Texte de la convention", "texte/"),
    ("Axes et objectifs", "axes/"),
    ("Parties et signataires", "signataires/"),
    ("Postes de coopération", "cooperation/"),
    ("Organismes et personnes", "organismes/"),
    ("Territoire", "territoire/"),
    ("Réglages", "reglages/"),
    ("Accès au portail", "acces/"),
]
ROW = [
    ("Accueil", ""),
    ("Points à valider", "comite/"),
    ("Plan d’actions", "plan-d-actions/"),
    ("Résultats", "evaluations/"),
]


@pytest.fixture
def get(client, agent):
    client.force_login(agent.user)
    return lambda page="": client.get(f"{PAGE}{page}").content.decode()


@pytest.fixture
def get_as_coordinator(client, coordinator):
    client.force_login(coordinator.user)
    return lambda page="": client.get(f"{PAGE}{page}").content.decode()


def menu_of(html, part="nav"):
    """(label, page, is it the current one) of each entry of the menu, or of its row."""
    menu = re.search(r'<nav class="chapters".*?</nav>', html, re.DOTALL)[0]
    menu = menu.partition('<div class="who">')[0]
    menu = menu.partition("<details")[0] if part == "row" else menu
    links = re.findall(rf'<a href="{PAGE}([^"]*)"( aria-current="page")?>([^<]*)</a>', menu)
    return [(label, page, bool(current)) for page, current, label in links]


@pytest.mark.parametrize("page", [page for _, page in CHAPTERS])
def test_menu_leads_to_the_chapters_and_marks_the_one_that_is_read(get_as_coordinator, page):
    expected = [(label, address, address == page) for label, address in CHAPTERS]
    assert menu_of(get_as_coordinator(page)) == expected


@pytest.mark.parametrize("page", [page for _, page in ROW])
def test_members_and_agents_read_few_entries_and_the_rest_folded(get, page):
    html = get(page)
    assert menu_of(html, "row") == [(label, address, address == page) for label, address in ROW]
    folded = [entry for entry in menu_of(html) if entry not in menu_of(html, "row")]
    assert {"Indicateurs", "Territoire"} <= {label for label, _, _ in folded}
    assert "Accès au portail" not in html


def test_a_chapter_that_is_read_joins_the_row(get):
    assert menu_of(get("territoire/"), "row")[-1] == ("Territoire", "territoire/", True)


def test_the_chapter_stays_written_on_a_page_below_it_with_the_way_up(get, convention):
    commune = f.CoverageFactory(commune__convention=convention).commune
    page = get(f"territoire/{commune.insee_code}/")
    assert '<p class="here no-print">Territoire</p>' in page
    assert f'<a href="{PAGE}territoire/"><span aria-hidden="true">‹</span> Territoire</a>' in page
    assert 'class="back' not in get("territoire/")


def test_a_page_below_a_chapter_marks_it_without_being_it(get, convention):
    commune = f.CoverageFactory(commune__convention=convention).commune
    menu = get(f"territoire/{commune.insee_code}/")
    marked = re.findall(r'<a href="([^"]*)"\s+aria-current="(\w+)"', menu)
    assert marked == [(f"{PAGE}territoire/", "true")]


def test_menu_entries_of_rooms_use_the_words_of_the_territory(get):
    entry = Entry("Plan pour chaque {words.objective.singular}", "conventions:search", 76)
    with overridden(menu=[*house().menu[:7], entry, *house().menu[7:]]):
        labels = [label for label, _, _ in menu_of(get())]
    assert labels.index("Plan pour chaque objectif") == labels.index("Axes et objectifs") + 1


def test_head_says_which_convention_and_as_whom(get, convention):
    html = get()
    head = text_of(re.search(r'<header class="top.*?</header>', html, re.DOTALL)[0])
    term = f"{convention.start.year}–{convention.end.year}"
    assert f"Convention territoriale globale Vallée · {term}" in head
    assert "Mes conventions" in head
    assert "Nadia Lefèvre, Caf" in head
    assert "Se déconnecter" in head


def test_head_of_a_project_without_first_day_has_no_years(get, convention):
    convention.signed_on = convention.start = None
    convention.save()
    head = re.search(r'<header class="top.*?</header>', get(), re.DOTALL)[0]
    assert f"–{convention.end.year}" not in head


def test_names_are_shown_as_they_are_written(get, convention, agent):
    convention.territory = "Vallée & <Montagne>"
    convention.save()
    agent.user.last_name = "<b>Lefèvre</b>"
    agent.user.save()
    html = get()
    assert "<b>Lefèvre" not in html
    assert "Vallée &amp; &lt;Montagne&gt;" in html


def test_convention_of_somebody_else_does_not_exist(client, convention):
    client.force_login(f.UserFactory())
    for page in ("", "texte/", "recherche/?q=a", "acces/moi/"):
        assert client.get(f"{PAGE}{page}").status_code == 404
