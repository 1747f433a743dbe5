"""The library of indicators: what it holds, how it is searched, what it guesses."""

from dataclasses import replace

import pytest

from conventions.models import Theme
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from indicators.definitions.events import add_indicator, canonical_content
from indicators.library import entries as library
from indicators.library.documented import Documented, documented
from indicators.library.entries import (
    LibraryEntry,
    entry_of,
    guess_provider,
    guess_theme,
    prefill,
    search_entries,
)
from indicators.models import Calculation, Direction, Indicator, Kind, Periodicity
from tests import factories as f
from tests.agreements.factories import SeatFactory
from tests.indicators.factories import indicator_in_force, proposed_indicator
from tests.indicators.pages import get, indicators_url, post  # noqa: F401  (fixtures)

pytestmark = pytest.mark.postgresql


def codes(entries) -> list[str]:
    return [entry.code for entry in entries]


def test_the_whole_file_is_read():
    entries = library.library()
    assert len(entries) == 61
    assert len(set(codes(entries))) == 61
    assert {entry.theme for entry in entries} == set(library.THEMES)
    assert all(entry.title and entry.unit and entry.source for entry in entries)


def test_the_library_names_no_place_of_one_territory():
    titles = " ".join(entry.title for entry in library.library())
    assert "Châtellerault" not in titles
    assert "« 4 »" not in titles
    assert "Pôle Handicap" not in titles


def test_what_the_file_says_is_told_in_the_terms_of_the_model():
    assert replace(entry_of("PE-01"), documented=Documented()) == LibraryEntry(
        code="PE-01",
        title="Taux de couverture de l’accueil formel des enfants de moins de 3 ans",
        unit="places pour 100 enfants",
        kind=Kind.OUTCOME,
        direction=Direction.UP,
        calculation=Calculation.RATIO,
        theme="petite-enfance",
        source="Caf",
        periodicity=Periodicity.ANNUAL,
    )
    assert entry_of("LO-05").direction == Direction.DOWN
    assert entry_of("LO-07").calculation == Calculation.DIRECT
    assert entry_of("TR-01").periodicity == Periodicity.PER_MEETING
    assert entry_of("XX-99") is None


def test_no_definition_is_told_without_the_document_that_says_it():
    documents = documented()
    assert documents.keys() <= {entry.code for entry in library.library()}
    for code, document in documents.items():
        assert document.definition, code
        assert document.sources, code
        assert all(source.title and source.publisher for source in document.sources), code
        assert all(source.url.startswith("https://") for source in document.sources if source.url)
        assert bool(document.numerator) == bool(document.denominator), code


def test_a_definition_is_taken_up_with_its_document(committee):
    convention = committee.convention
    started = prefill(entry_of("PE-02"), convention, None)
    assert started["definition"].startswith("Places des établissements")
    assert "D’après : Nombre de places offertes" in started["definition"]
    assert started["limits"]
    blank = prefill(entry_of("EN-07"), convention, None)
    assert (blank["definition"], blank["limits"], blank["available_month"]) == ("", "", None)


@pytest.mark.parametrize(
    ("query", "theme", "found"),
    [
        ("agreees eaje", "", ["PE-02"]),
        ("AGRÉÉ", "", ["PE-02", "VS-01"]),
        ("pe-02", "", ["PE-02"]),
        ("mission locale", "", ["JE-05"]),
        ("ateliers", "enfance", ["EN-07"]),
        ("introuvable", "", []),
    ],
)
def test_words_are_found_without_accents(query, theme, found):
    assert codes(search_entries(query, theme)) == found


def test_a_theme_alone_gives_its_entries():
    assert codes(search_entries(theme="transversal")) == ["TR-01", "TR-02", "SP-09"]
    assert len(search_entries()) == 61


@pytest.mark.parametrize(
    ("code", "factor", "is_about_people"),
    [
        ("PE-01", 100, False),  # places pour 100 enfants
        ("PE-06", 100, False),  # %
        ("PA-07", 100, True),  # % of families
        ("PA-04", 1, False),  # familles par séance
        ("LO-08", 1, False),  # a percentage that is given as such
        ("PE-02", 1, False),  # places
        ("PE-05", 1, True),  # enfants
        ("DR-06", 1, True),  # foyers
    ],
)
def test_factor_and_secrecy_follow_from_unit(code, factor, is_about_people):
    entry = entry_of(code)
    assert (entry.factor, entry.is_about_people) == (factor, is_about_people)


def test_the_provider_is_guessed_by_kind_acronym_or_name(committee):
    insee = f.OrganisationFactory(
        convention=committee.convention, acronym="Insee", kind="etat",
        name="Institut national de la statistique et des études économiques",
    )  # fmt: skip
    local = f.OrganisationFactory(
        convention=committee.convention, acronym="MLX", name="Mission locale d’Exemple"
    )
    organisations = list(committee.convention.organisations.all())
    guessed = {
        code: guess_provider(entry_of(code), organisations)
        for code in ("PE-02", "PE-07", "PE-11", "JE-05", "PE-05", "LO-05", "DR-07")
    }
    assert guessed == {
        "PE-02": committee.caf, "PE-07": committee.epci, "PE-11": insee, "JE-05": local,
        "PE-05": None, "LO-05": None, "DR-07": None,
    }  # fmt: skip


def test_a_cgss_gives_what_a_caf_and_a_msa_would(committee):
    convention = f.ConventionFactory()
    cgss = f.OrganisationFactory(convention=convention, acronym="CGSS", kind="cgss")
    f.OrganisationFactory(convention=convention, acronym="Ville", kind="commune")
    organisations = list(convention.organisations.all())
    for code in ("PE-02", "DR-07"):
        assert guess_provider(entry_of(code), organisations) == cgss
    assert guess_provider(entry_of("PE-07"), organisations) is None
    caf = f.OrganisationFactory(convention=convention, acronym="Caf", kind="caf")
    assert guess_provider(entry_of("PE-02"), [cgss, caf]) == caf


def test_the_theme_is_guessed_by_its_words(committee):
    axis = committee.orientation.theme.axis
    titles = ["Petite enfance", "Enfance et loisirs", "La parentalité", "Accès aux droits et aux "
              "services", "Animation de la vie sociale"]  # fmt: skip
    for rank, title in enumerate(titles):
        f.ThemeFactory(axis=axis, title=title, rank=rank + 2)
    themes = list(Theme.objects.filter(axis=axis).order_by("rank"))
    guessed = {
        code: str(guess_theme(entry_of(code), themes) or "")
        for code in ("PE-02", "EN-01", "PA-01", "DR-01", "VS-01", "LO-01", "TR-01")
    }
    assert guessed == {
        "PE-02": "Petite enfance", "EN-01": "Enfance et loisirs", "PA-01": "La parentalité",
        "DR-01": "Accès aux droits et aux services", "VS-01": "Animation de la vie sociale",
        "LO-01": "", "TR-01": "",
    }  # fmt: skip


def test_a_convention_without_themes_guesses_by_its_axes(committee):
    axis = f.AxisFactory(convention=committee.convention, title="Soutenir la jeunesse")
    theme = f.ThemeFactory(axis=axis, untitled=True)
    assert guess_theme(entry_of("JE-01"), [committee.orientation.theme, theme]) == theme


def test_a_taken_code_is_left_out(committee):
    assert prefill(entry_of("PE-02"), committee.convention, None)["code"] == "PE-02"
    indicator_in_force(committee, code="PE-02")
    assert prefill(entry_of("PE-02"), committee.convention, None)["code"] == ""


# The page ----------------------------------------------------------------------------------------


def test_the_page_marks_what_is_taken(committee, get):  # noqa: F811
    indicator = indicator_in_force(committee, code="PE-02")
    proposed_indicator(committee, title="taux d'occupation des eaje")
    page = get("bibliotheque/")
    assert "Cinquante-neuf indicateurs de la bibliothèque ne sont pas encore suivis" in page
    assert "2 sur 61" in page.replace("\xa0", " ")
    html = get.client.get(indicators_url(committee, "bibliotheque/")).content.decode()
    assert f'href="{indicator.get_absolute_url()}"' in html
    assert 'value="PE-03"' in html
    assert 'value="PE-02"' not in html
    assert 'value="PE-06"' not in html


def test_a_search_unticks_nothing(client, committee):
    client.force_login(committee.coordinator)
    address = indicators_url(committee, "bibliotheque/")
    page = client.get(address, {"mots": "atelier", "codes": ["PE-02", "EN-07"]})
    html = page.content.decode()
    assert 'id="code-PE-02" checked' in html
    assert 'id="code-EN-07" checked' in html
    assert 'value="PE-03"' not in html


def test_the_page_is_searched_by_words_and_theme(committee, get):  # noqa: F811
    page = get("bibliotheque/?mots=ATELIER+d%27inclusion&thematique=droits")
    assert "1 indicateur répond à votre recherche" in page.replace("\xa0", " ")
    assert entry_of("DR-04").title in page
    assert entry_of("PE-02").title not in page


@pytest.mark.parametrize("query", ["thematique=inconnue", "mots=" + "x" * 300, "mots=zz%00zz"])
def test_what_makes_no_sense_finds_nothing(committee, get, query):  # noqa: F811
    assert entry_of("PE-02").title not in get(f"bibliotheque/?{query}")


def test_the_page_is_read_again_once_something_is_taken(committee, get):  # noqa: F811
    changed(committee.convention, *Subject)
    assert "61 indicateurs à choisir" in get("bibliotheque/").replace("\xa0", " ")
    draft_of(committee)
    assert "Soixante indicateurs" in get("bibliotheque/").replace("\xa0", " ")


def test_who_may_not_draft_reads_it_only(committee, get):  # noqa: F811
    draft_of(committee)
    changed(committee.convention, *Subject)
    page = get("bibliotheque/", committee.caf_member)
    assert "Reprendre les indicateurs cochés" not in page
    assert "61 indicateurs à choisir" in page.replace("\xa0", " ")
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    assert "Reprendre les indicateurs cochés" in get("bibliotheque/", adviser)


def draft_of(committee) -> Indicator:
    """A draft from the library, which only drafters know of."""
    values = prefill(entry_of("PE-02"), committee.convention, None) | {
        "theme": committee.orientation.theme, "targets": []
    }  # fmt: skip
    version = add_indicator(
        committee.convention, canonical_content(values), by=committee.coordinator
    )
    return version.subject


def test_an_entry_opens_a_form_that_is_filled_in(committee, get, post):  # noqa: F811
    get("nouveau/?modele=PE-01")
    form = get.client.get(indicators_url(committee, "nouveau/?modele=PE-01")).context["form"]
    assert form["title"].value() == entry_of("PE-01").title
    assert form["provider"].value() == committee.caf.pk
    assert (form["calculation"].value(), form["factor"].value()) == (Calculation.RATIO, 100)
    assert "source habituelle : Caf" in get("nouveau/?modele=PE-01").replace("\xa0", " ")
    assert form["numerator"].value() == entry_of("PE-01").documented.numerator


def test_the_page_tells_what_is_documented(committee, get):  # noqa: F811
    assert "Rapports d’évaluation des politiques de sécurité sociale" in get("bibliotheque/")


def test_an_indicator_keeps_the_code_of_its_entry_whatever_it_is_called(committee, get):  # noqa: F811
    values = prefill(entry_of("PE-02"), committee.convention, None) | {
        "theme": committee.orientation.theme, "targets": [], "code": "1.1", "title": "Berceaux",
    }  # fmt: skip
    version = add_indicator(
        committee.convention, canonical_content(values), library_code="PE-02",
        by=committee.coordinator,
    )  # fmt: skip
    indicator = version.subject
    assert indicator.library_code == "PE-02"
    assert entry_of("PE-02").title in get("bibliotheque/").partition("suivez déjà")[2]
    assert "où il a le code PE-02" in get(f"{indicator.pk}/").replace("\xa0", " ")
