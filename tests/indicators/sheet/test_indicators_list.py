"""The list of indicators: what it counts, shows, and finds."""

import re
from types import SimpleNamespace

import pytest

from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from indicators.definitions.events import add_indicator
from indicators.models import Indicator
from indicators.sheet.reading import IndicatorList
from indicators.sheet.rows import ListedTheme
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import committee_url
from tests.indicators.factories import (
    campaign_of,
    figures,
    indicator_content,
    indicator_in_force,
    proposed_indicator,
    redefine,
    value_of,
)
from tests.indicators.pages import get, indicators_url  # noqa: F401  (a fixture)
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(get):  # noqa: F811
    """The page's text with plain spaces, and only once each."""

    def read(address="", user=None):
        return " ".join(get(address, user).replace("\xa0", " ").replace("\u202f", " ").split())

    return read


def cells(html: str, title: str) -> list[str]:
    """The cells of the row of an indicator, as text."""
    row = next(part for part in html.split("<tr")[1:] if title in part)
    bare = re.sub(r"<[^>]+>", " ", row.split("</tr>")[0].replace("</td>", "|"))
    return [" ".join(cell.split()) for cell in bare.split("|")]


def draft(committee, **values):
    content = indicator_content(committee, **values)
    return add_indicator(committee.convention, content, by=committee.coordinator)


# Counts ------------------------------------------------------------------------------------------


def test_the_list_without_any_indicator_says_so(committee, read):
    page = read()
    assert page.startswith("Aucun indicateur n’est encore suivi")
    assert "Chercher parmi" not in page


def test_the_title_counts_what_is_agreed_and_what_is_discussed(committee, read):
    indicator_in_force(committee)
    proposed_indicator(committee, title="Ateliers")
    draft(committee, title="Un brouillon")
    assert read().startswith("1 indicateur suivi, 1 en discussion")


def test_the_lead_counts_movements_of_the_last_closed_year(committee, read):
    first, second = indicator_in_force(committee), indicator_in_force(committee, title="Lits")
    for year, numbers in [(2021, (410, 90)), (2022, (420, 80)), (2023, (1, 1))]:
        state = "open" if year == 2023 else "closed"
        campaign = campaign_of(committee, year, [first, second], state=state)
        for indicator, number in zip((first, second), numbers, strict=True):
            value_of(campaign, indicator, number)
    page = read()
    assert (
        "En 2022, dernier recueil clos : 1 des 2 indicateurs comparables progresse et 1 recule."
    ) in page


# Rows --------------------------------------------------------------------------------------------


def html_of(get, committee, address=""):  # noqa: F811
    return get.client.get(indicators_url(committee, address)).content.decode()


def test_a_row_shows_three_years_its_movement_and_its_target(committee, get):  # noqa: F811
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2020: 405, 2021: 410, 2022: None, 2023: 420})
    get()
    html = html_of(get, committee)
    assert "2020</th>" not in html
    row = cells(html, "Places agréées en EAJE")
    assert row[1:5] == [
        "manque manquant", "420", "▲ en progrès en 2023",
        f"500 à terme 20 % du chemin depuis {indicator.baseline_year}",
    ]  # fmt: skip
    assert "410" in row[0]
    assert 'class="spark"' in html
    assert "Source Caf d’Exemple" in html


def test_what_is_masked_is_told_and_not_shown(committee, get):  # noqa: F811
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True)
    figures(committee, indicator, {2022: 3})
    get()
    html = html_of(get, committee)
    assert "secret" in cells(html, "Places agréées en EAJE")[0]
    assert ">3<" not in html


def test_lights_stand_where_something_is_discussed(committee, get, read):  # noqa: F811
    agreed = indicator_in_force(committee, title="Accepté")
    changed = indicator_in_force(committee, title="Modifié")
    proposed = proposed_indicator(committee, title="Nouveau")
    committee.agree(proposed, committee.caf_member)
    later = redraft(committee, changed, title="Modifié autrement")
    ended = indicator_in_force(committee, title="Finissant")
    drafts.propose(draft_ending(ended, note="Fini", by=committee.coordinator),
                   by=committee.coordinator)  # fmt: skip
    page = read()
    assert "proposé ✓ CAF 99 d’accord" in page
    assert "une version 2 est en discussion ↻ CAF 99 à revalider" in page
    assert "son retrait est en discussion" in page
    assert "Modifié autrement" not in page
    html = html_of(get, committee)
    assert committee_url(committee, f"points/{later.pk}/") in html
    assert "light" not in cells(html, "Accepté")[0]
    assert agreed.get_absolute_url() in html


def test_the_list_is_read_again_once_a_party_has_answered(committee, read):
    proposed = proposed_indicator(committee)
    changed(committee.convention, *Subject)
    assert "proposé ○ CAF 99 attendu" in read()
    committee.agree(proposed, committee.caf_member)
    assert "proposé ✓ CAF 99 d’accord" in read()


def redraft(committee, indicator, **values):
    content = indicator_content(committee, **values)
    saved = drafts.save_draft(indicator, content, by=committee.coordinator)
    return drafts.propose(saved, by=committee.coordinator)


def test_a_draft_is_for_who_may_draft(committee, read):
    draft(committee, title="Un brouillon")
    changed(committee.convention, *Subject)
    assert "Un brouillon" in read()
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    assert "Un brouillon" in read("", adviser)
    page = read("", committee.caf_member)
    assert "Un brouillon" not in page
    assert "Écrire un indicateur" not in page


def test_what_is_withdrawn_is_shown_only_where_asked_for(committee, read):
    indicator = indicator_in_force(committee, title="Abandonné")
    version = drafts.propose(
        draft_ending(indicator, note="Fini", by=committee.coordinator), by=committee.coordinator
    )
    committee.agree(version)
    page = read()
    assert "Abandonné" not in page
    assert "1 indicateur retiré : les chiffres déjà recueillis" in page
    assert "Abandonné" not in read("?mots=abandonne")
    assert "Abandonné" in read("?etat=retire")


def test_an_axis_without_themes_stands_there_itself(committee, get):  # noqa: F811
    theme = f.ThemeFactory(axis__convention=committee.convention, untitled=True)
    indicator_in_force(committee, theme=theme)
    get()
    html = html_of(get, committee)
    assert theme.axis.title.replace("'", "’") in html
    assert html.count("<h3") == 1


def test_the_words_are_those_of_the_territory(read):
    committee = committee_of(labels={"axe": "Enjeu", "thematique": "Chantier"})
    indicator_in_force(committee)
    user = committee.coordinator
    listing = IndicatorList(committee.convention, user, {})
    assert listing.filter.form["thematique"].label == "Chantier"


# Filter ------------------------------------------------------------------------------------------


@told_once
def several(committee):
    other = f.ThemeFactory(axis=committee.orientation.theme.axis, title="Jeunesse")
    indicator_in_force(committee, title="Places agréées", code="PE-02",
                       objectives=[committee.orientation])  # fmt: skip
    indicator_in_force(committee, title="Séances", provider=committee.epci, kind="outcome",
                       definition="Séances tenues.")  # fmt: skip
    proposed_indicator(committee, title="Jeunes suivis", theme=other, direction="neutral",
                       definition="Jeunes connus.")  # fmt: skip
    return {"theme": other.pk, "epci": committee.epci.pk, "objective": committee.orientation.pk}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mots=agreees", {"Places agréées"}),
        ("mots=pe+02", {"Places agréées"}),
        ("mots=SEANCES", {"Séances"}),
        ("mots=rien", set()),
        ("thematique={theme}", {"Jeunes suivis"}),
        ("nature=outcome", {"Séances"}),
        ("fournisseur={epci}", {"Séances"}),
        ("etat=en-vigueur", {"Places agréées", "Séances"}),
        ("etat=en-discussion", {"Jeunes suivis"}),
        ("objectif={objective}", {"Places agréées"}),
        ("objectif={objective}&nature=outcome", set()),
        ("thematique=999999", set()),
        ("nature=autre", set()),
        ("mots=", {"Places agréées", "Séances", "Jeunes suivis"}),
    ],
)
def test_the_address_asks_for_some_indicators(committee, several, query, found):
    asked = dict(part.split("=") for part in query.format(**several).split("&"))
    asked = {name: value.replace("+", " ") for name, value in asked.items()}
    listing = IndicatorList(committee.convention, committee.coordinator, asked)
    assert {row.title for row in listing.shown} == found


def test_a_filtered_page_says_how_many_it_found(committee, several, read):
    page = read(f"?objectif={several['objective']}")
    assert "1 indicateur répond à votre recherche, qui porte sur l’objectif" in page
    assert "Tout montrer" in page


def test_a_theme_of_another_convention_is_not_asked_for(committee, several):
    other = committee_of()
    indicator_in_force(other)
    asked = {"thematique": str(other.orientation.theme.pk)}
    listing = IndicatorList(committee.convention, committee.coordinator, asked)
    assert listing.shown == []


@pytest.mark.parametrize(
    "address",
    [
        "?thematique=99999999999999999999", "?objectif=abc", "?fournisseur=-1", "?page=abc",
        "?page=-1", "?page=9999999999999999999999", "?mots=x%00y", "?etat=inconnu",
        "?etat=brouillon", "?mots=" + "x" * 300, "bibliotheque/?thematique=%00",
        "nouveau/?modele=%00", "nouveau/?modele=XX-99",
    ],
)  # fmt: skip
def test_an_odd_address_is_answered_by_a_page(several, get, address):  # noqa: F811
    get(address)


def test_a_draft_is_not_asked_for_by_who_may_not_see_it(committee, several, read):
    draft(committee, title="Un brouillon")
    assert "Un brouillon" in read("?etat=brouillon")
    assert "Un brouillon" not in read("?etat=brouillon", committee.caf_member)


def test_many_indicators_are_read_page_by_page(committee, read, monkeypatch):
    monkeypatch.setattr("indicators.sheet.reading.PAGE_SIZE", 2)
    for n in range(3):
        indicator_in_force(committee, title=f"Indicateur {n}")
    first, second = read(), read("?page=2&mots=indicateur")
    assert "Page 1 sur 2" in first
    assert "Indicateur 2" not in first
    assert "Indicateur 2" in second
    assert Indicator.objects.count() == 3


def test_a_new_definition_is_what_is_shown(committee, read):
    indicator = redefine(committee, indicator_in_force(committee), unit="berceaux")
    assert "berceaux" in read()
    assert indicator.unit == "berceaux"


def test_sources_that_differ_by_their_year_are_told_once():
    def listed(sources):
        return ListedTheme(theme=None, rows=[SimpleNamespace(sources=one) for one in sources])

    row_sources = [
        ["Cnaf, décembre 2023, à 5 près", "Caf", "Insee (2021, parue en 2024)"],
        ["Cnaf, décembre 2022, à 5 près", "Caf", "Insee (2021, parue en 2024)", "Cnaf, 2022"],
    ]
    assert listed(row_sources).sources == [
        "Cnaf, décembre 2022, 2023, à 5 près",
        "Caf",
        "Insee (2021, parue en 2024)",
        "Cnaf, 2022",
    ]
