"""A territory's own words are those of its pages: no "axe" where it says "enjeu"."""

import re

import pytest

from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.reading import unexplained
from tests.stories import told_once

OURS = re.compile(r"\b(sous-)?(axes?|thématiques?|objectifs?)\b", re.IGNORECASE)
PAGES = ["", "texte/", "axes/", "territoire/", "territoire/86174/", "recherche/?q=enfants",
         "recherche/?q=introuvable", "signataires/", "cooperation/", "acces/moi/"]  # fmt: skip


@told_once
def convention(db):
    labels = {"axe": "Enjeu", "thematique": "Volet", "objectif": "Orientation"}
    return f.ConventionFactory(slug="vallee", territory="Vallée", labels=labels)


@pytest.fixture
def get(client, coordinator):
    client.force_login(coordinator.user)
    return lambda page="": client.get(f"/conventions/vallee/{page}")


@told_once
def structure(convention):
    """Two issues, one with two strands; an orientation made precise."""
    axis = f.AxisFactory(convention=convention, number=1, title="Familles")
    f.AxisFactory(convention=convention, number=2, title="Logement")
    theme = f.ThemeFactory(axis=axis, rank=1, number="1.1", title="Enfance")
    f.ThemeFactory(axis=axis, rank=2, number="1.2", title="Jeunesse des enfants")
    orientation = f.ObjectiveFactory(theme=theme, title="Accueillir les enfants")
    f.ObjectiveFactory(parent=orientation, title="Ouvrir le soir")
    f.CoverageFactory(
        commune=f.CommuneFactory(convention=convention, insee_code="86174", name="Naintré")
    )


def words_of(page) -> str:
    """What a page shows or reads aloud."""
    assert page.status_code == 200
    html = unexplained(page.content.decode())
    aloud = re.findall(r'(?:aria-label|data-label|title|placeholder|alt)="([^"]*)"', html)
    return " ".join([text_of(html), *aloud])


@pytest.mark.usefixtures("structure")
@pytest.mark.parametrize("page", PAGES)
def test_no_page_speaks_of_axes_themes_or_objectives(page, get):
    assert [match[0] for match in OURS.finditer(words_of(get(page)))] == []


@pytest.mark.parametrize("page", PAGES[:3])
def test_check_finds_our_words_where_there_are_no_others(page, get, convention, structure):
    convention.labels = {}
    convention.save()
    assert OURS.search(words_of(get(page)))


@pytest.mark.usefixtures("structure")
def test_own_words_are_in_the_titles_of_the_structure(get):
    page = get("axes/")
    assert title(page) == "2 enjeux, 2 volets, 1 orientation et 1 sous-orientation"
    text = words_of(page)
    assert "Enjeux et orientations – CTG Vallée" in text
    assert "Enjeu 1 Familles" in text
    assert "Aucune orientation n’est inscrite ici." in text


@pytest.mark.usefixtures("structure")
def test_own_words_are_in_the_menu(get):
    assert "Enjeux et orientations" in words_of(get())


@pytest.mark.usefixtures("structure")
def test_own_words_are_in_the_contents_of_the_text(get):
    assert "Sommaire Enjeux et orientations" in words_of(get("texte/"))


@pytest.mark.usefixtures("structure")
def test_own_words_head_what_a_search_finds(get):
    text = words_of(get("recherche/?q=enfants"))
    assert "Enjeux et volets (1) Volet 1.2 : Jeunesse des enfants" in text
    assert "Orientations (1)" in text
    assert "Enjeu 1, Enfance" in text
    assert "Enjeux et orientations" in words_of(get("recherche/?q=introuvable"))
