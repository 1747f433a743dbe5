"""What frames every page of a convention: which one, as whom, its chapters."""

import re

import pytest

from ctg_portal.house import Entry, house, overridden
from tests import factories as f
from tests.accounts.reading import text_of

pytestmark = pytest.mark.once

PAGE = "/conventions/vallee/"
CHAPTERS = [
    ("Tableau de bord", ""),
    ("Texte de la convention", "texte/"),
    ("Axes et objectifs", "axes/"),
    ("Plan d’actions", "plan-d-actions/"),
    ("Comité de pilotage", "comite/"),
    ("Indicateurs", "indicateurs/"),
    ("Évaluations", "evaluations/"),
    ("Parties et signataires", "signataires/"),
    ("Poste de coopération", "cooperation/"),
    ("Territoire", "territoire/"),
]


@pytest.fixture
def get(client, agent):
    client.force_login(agent.user)
    return lambda page="": client.get(f"{PAGE}{page}").content.decode()


def menu_of(html):
    """(label, page, is it the current one) of each entry of the menu."""
    menu = re.search(r'<nav class="chapters".*?</nav>', html, re.DOTALL)[0]
    links = re.findall(rf'<a href="{PAGE}([^"]*)"( aria-current="page")?>([^<]*)</a>', menu)
    return [(label, page, bool(current)) for page, current, label in links]


@pytest.mark.parametrize("page", [page for _, page in CHAPTERS])
def test_menu_leads_to_the_chapters_and_marks_the_one_that_is_read(get, page):
    expected = [(label, address, address == page) for label, address in CHAPTERS]
    assert menu_of(get(page)) == expected


def test_a_page_below_a_chapter_marks_it_without_being_it(get, convention):
    commune = f.CoverageFactory(commune__convention=convention).commune
    menu = get(f"territoire/{commune.insee_code}/")
    marked = re.findall(r'<a href="([^"]*)" aria-current="(\w+)"', menu)
    assert marked == [(f"{PAGE}territoire/", "true")]


def test_what_rooms_bring_to_the_menu_is_named_in_the_territory_s_words(get):
    entry = Entry("Plan pour chaque {words.objective.one}", "conventions:search", 25)
    with overridden(menu=[*house().menu[:3], entry, *house().menu[3:]]):
        labels = [label for label, _, _ in menu_of(get())]
    assert labels.index("Plan pour chaque objectif") == labels.index("Axes et objectifs") + 1


def test_head_says_which_convention_and_as_whom(get, convention):
    html = get()
    head = text_of(re.search(r'<header class="top">.*?</header>', html, re.DOTALL)[0])
    term = f"{convention.start.year}–{convention.end.year}"
    assert f"Convention territoriale globale Vallée · {term}" in head
    assert "Mes conventions" in head
    assert "Nadia Lefèvre, Caf" in head
    assert "Se déconnecter" in head


def test_head_of_a_project_without_first_day_has_no_years(get, convention):
    convention.signed_on = convention.start = None
    convention.save()
    head = re.search(r'<header class="top">.*?</header>', get(), re.DOTALL)[0]
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
