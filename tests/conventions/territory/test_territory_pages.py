"""The territory: map, table, filter, and the page of one commune."""

import datetime
import re

import pytest
from django.utils import timezone

from ctg_portal.house import CommuneSection, overridden
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.reading import on_one_line
from tests.stories import told_once

START, TODAY = datetime.date(2020, 1, 1), datetime.date(2022, 5, 1)
CEJ_2020, CEJ_2021 = datetime.date(2020, 12, 31), datetime.date(2021, 12, 31)
TERRITORY = "/conventions/vallee/territoire/"


@pytest.fixture
def convention(db, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    return f.ConventionFactory(
        slug="vallee", territory="Vallée", signed_on=START, end=datetime.date(2024, 12, 31)
    )


@pytest.fixture
def get(client, coordinator):
    client.force_login(coordinator.user)
    return client.get


def cover(convention, name, code, **fields):
    """A commune of the convention: fields of the commune, then of its coverage."""
    commune = {
        key: fields.pop(key) for key in list(fields) if key in {"population", "longitude",
                                                               "latitude", "name_in_text"}
    }  # fmt: skip
    return f.CoverageFactory(
        commune=f.CommuneFactory(convention=convention, name=name, insee_code=code, **commune),
        **fields,
    )


@told_once
def communes(convention):
    cover(convention, "Châtellerault", "86066", population=31000, cej_end=CEJ_2020)
    cover(convention, "Naintré", "86174", population=5800, cej_end=CEJ_2021)
    cover(convention, "Archigny", "86009", population=None, cej_end=None)


def names(page):
    """The communes that the table lists."""
    return re.findall(r"territoire/\w{5}/\">([^<]+)</a>\s*</th>", page.content.decode())


# The territory -------------------------------------------------------------------------------


def test_title_counts_communes_and_inhabitants(get, communes):
    page = get(TERRITORY)
    assert title(page) == "3 communes, 36 800 habitants dans les 2 dont la population est connue"
    text = text_of(page.content.decode())
    assert "Le périmètre de la convention, au 1er mai 2022." in text
    assert names(page) == ["Archigny", "Châtellerault", "Naintré"]
    assert "Archigny 86009 non renseigné sans date" in text
    assert "Châtellerault 86066 31 000 31 décembre 2020" in text


def test_perimeter_is_that_of_the_day(get, convention, communes):
    yesterday, tomorrow = datetime.date(2022, 4, 30), datetime.date(2022, 5, 2)
    cover(convention, "Partie", "86001", left_on=yesterday)
    cover(convention, "À venir", "86002", joined_on=tomorrow)
    cover(convention, "Entrée", "86003", joined_on=TODAY, left_on=TODAY)
    amendment = f.AmendmentFactory(
        convention=convention, number=1, signed_on=START, effective_on=TODAY
    )
    cover(convention, "Retirée", "86004", until=amendment)
    cover(f.ConventionFactory(signed_on=START), "Ailleurs", "86005")
    assert names(get(TERRITORY)) == ["Archigny", "Châtellerault", "Entrée", "Naintré"]


def test_project_shows_its_planned_perimeter(get, convention, communes):
    convention.signed_on = None
    convention.save()
    cover(convention, "Partie", "86001", left_on=START)
    page = get(TERRITORY)
    assert "tel que le projet le prévoit" in text_of(page.content.decode())
    assert len(names(page)) == 4


def test_remarks_name_what_is_particular(get, convention):
    cover(
        convention,
        "Usseau",
        "86275",
        is_epci_member=False,
        name_in_text="Usseaux",
        joined_on=datetime.date(2021, 3, 1),
        left_on=datetime.date(2023, 2, 28),
    )
    assert (
        "hors de l’intercommunalité écrite « Usseaux » dans le texte "
        "entrée le 1er mars 2021 sortie le 28 février 2023" in text_of(
            get(TERRITORY).content.decode()
        )
    )  # fmt: skip


def test_communes_are_listed_by_sector(get, convention, communes):
    convention.labels = {"secteur": "Pôle"}
    convention.save()
    north = f.SectorFactory(convention=convention, name="Nord", rank=1)
    south = f.SectorFactory(convention=convention, name="Sud", rank=2)
    cover(convention, "Orches", "86182", sector=south)
    cover(convention, "Leugny", "86130", sector=south)
    cover(convention, "Antran", "86007", sector=north)
    page = get(TERRITORY)
    assert names(page) == [
        "Antran", "Leugny", "Orches", "Archigny", "Châtellerault", "Naintré"
    ]  # fmt: skip
    text = text_of(page.content.decode())
    assert "Pôle Nord 1 commune" in text
    assert "Pôle Sud 2 communes" in text
    assert "Sans pôle 3 communes" in text
    assert names(get(TERRITORY, {"nom": "orches", "cej": "2020-12-31"})) == ["Orches"]


def test_convention_without_communes_says_so(get, convention):
    page = get(TERRITORY)
    assert title(page) == "La convention n’énumère aucune commune"
    html = page.content.decode()
    assert '<svg class="map"' not in html
    assert "<table" not in html
    assert 'class="filters"' not in html


def test_communes_without_population_are_counted_alone(get, convention):
    cover(convention, "Archigny", "86009", population=None)
    assert title(get(TERRITORY)) == "1 commune"


def test_column_of_the_cej_is_left_out_without_dates(get, convention):
    cover(convention, "Archigny", "86009", cej_end=None)
    assert "Fin du CEJ" not in get(TERRITORY).content.decode()
    assert "sans date" not in text_of(get(TERRITORY).content.decode())


def test_points_to_check_are_announced_and_listed_with_their_articles(get, convention, communes):
    f.ArticleFactory(convention=convention, number=2)
    convention.points_to_check = ["L'article 2 compte autrement."]
    convention.save()
    html = get(TERRITORY).content.decode()
    assert '<a href="#points">2\u00a0points du texte sont à vérifier</a>' in html
    assert '<div id="points"' in html
    assert 'L’<a href="/conventions/vallee/texte/#article-2">article\u00a02</a> compte' in html


# The filter ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"cej": "2020-12-31"}, ["Châtellerault"]),
        ({"cej": "aucune"}, ["Archigny"]),
        ({"nom": "naintre", "cej": "2021-12-31"}, ["Naintré"]),
        ({"nom": "naintre", "cej": "2020-12-31"}, []),
        ({"nom": "paris"}, []),
        ({"nom": "", "cej": ""}, ["Archigny", "Châtellerault", "Naintré"]),
        ({"cej": "demain"}, ["Archigny", "Châtellerault", "Naintré"]),
    ],
)
def test_table_is_filtered_by_name_code_and_date(get, communes, query, expected):
    page = get(TERRITORY, query)
    assert names(page) == expected
    assert title(page).startswith("3 communes")
    assert ("sur 3" in text_of(page.content.decode())) == (len(expected) < 3)
    assert ("Aucune commune ne répond" in page.content.decode()) == (not expected)


@pytest.mark.parametrize("asked", ["naintre", "86174", "Nainté St Sauveur", "nainte saint sauveur"])
def test_the_only_commune_found_opens(get, convention, communes, asked):
    if "auveur" in asked:
        cover(convention, "Nainté-Saint-Sauveur", "86260")
    page = get(TERRITORY, {"nom": asked})
    assert page.url == f"{TERRITORY}{'86260' if 'auveur' in asked else '86174'}/"


def test_a_commune_opens_when_its_name_is_sent_and_not_while_it_is_typed(get, communes):
    typing = get(TERRITORY, {"nom": "chatel", "cej": ""}, headers={"hx-request": "true"})
    assert names(typing) == ["Châtellerault"]
    sent = get(TERRITORY, {"nom": "chatel", "ouvrir": "oui"}, headers={"hx-request": "true"})
    assert sent["HX-Redirect"] == f"{TERRITORY}86066/"


def test_the_filter_says_that_a_postal_code_is_no_insee_code(get, communes):
    html = on_one_line(get(TERRITORY, {"nom": "86530"}).content.decode())
    assert "il ne dit pas de quelle commune" in html
    assert "Si c’est un code postal" not in get(TERRITORY, {"nom": "paris"}).content.decode()


def test_filter_keeps_what_was_asked_and_offers_the_dates_there_are(get, communes):
    html = get(TERRITORY, {"nom": "<nain>", "cej": "2021-12-31"}).content.decode()
    assert 'value="&lt;nain&gt;"' in html
    assert re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)', html) == [
        ("", "", "Toutes"),
        ("2020-12-31", "", "31/12/2020"),
        ("2021-12-31", " selected", "31/12/2021"),
        ("aucune", "", "Sans date"),
    ]


# A commune -----------------------------------------------------------------------------------


def test_commune_has_its_page(get, convention, communes, coordinator):
    coordinator.organisation.name = "Agglo"
    coordinator.organisation.save()
    f.AxisFactory(convention=convention, number=1, title="Familles")
    page = get(f"{TERRITORY}86174/")
    assert title(page) == "Naintré dans la convention"
    text = text_of(page.content.decode())
    assert "Code Insee 86174" in text
    assert "5 800 habitants, soit 15,8 % du territoire de la convention" in text
    assert "terme le 31 décembre 2021" in text
    assert "1. Familles" in text
    assert "Claire Morin, coordination (Agglo) : coordination@vallee.example" in text


def test_commune_of_which_little_is_known_has_a_page_without_gaps(get, convention, communes):
    cover(
        convention,
        "Ouzilly",
        "86184",
        population=None,
        longitude=None,
        latitude=None,
        cej_end=None,
        is_epci_member=False,
    )
    page = get(f"{TERRITORY}86184/")
    text = text_of(page.content.decode())
    assert "Population" not in text
    assert "la convention ne donne pas de date pour cette commune" in text
    assert "commune extérieure à l’intercommunalité" in text
    assert '<svg class="map"' not in page.content.decode()


def test_commune_without_inhabitants_has_no_share(get, convention):
    cover(convention, "Fleury", "55189", population=0)
    text = text_of(get(f"{TERRITORY}55189/").content.decode())
    assert "0 habitant" in text
    assert "soit" not in text


def test_commune_is_pointed_out_on_the_map(get, convention, communes):
    html = get(f"{TERRITORY}86174/").content.decode()
    assert 'aria-label="Naintré parmi les communes de la convention"' in html
    assert html.count('class="place here"') == 1
    assert ">Naintré</text>" in html
    assert 'class="place here"' not in get(TERRITORY).content.decode()


def test_corsican_commune_has_its_page(get, convention):
    cover(convention, "Ajaccio", "2A004")
    assert get(f"{TERRITORY}2A004/").status_code == 200


@pytest.mark.parametrize("code", ["75056", "86175", "inconnu", "86009x"])
def test_unknown_commune_is_not_found(get, communes, code):
    assert get(f"{TERRITORY}{code}/").status_code == 404


def test_commune_that_is_elsewhere_or_has_not_joined_is_not_found(get, convention):
    cover(convention, "À venir", "86001", joined_on=TODAY + datetime.timedelta(days=1))
    elsewhere = f.ConventionFactory(signed_on=START)
    cover(elsewhere, "Ailleurs", "86002")
    for code in ("86001", "86002"):
        assert get(f"{TERRITORY}{code}/").status_code == 404


def test_communes_that_have_left_are_listed_apart_and_keep_their_pages(get, convention, communes):
    cover(convention, "Partie", "86001", left_on=datetime.date(2021, 12, 31), population=500)
    amendment = f.AmendmentFactory(
        convention=convention, number=1, signed_on=START, effective_on=datetime.date(2022, 1, 1)
    )
    cover(convention, "Retirée", "86004", until=amendment)
    page = get(TERRITORY)
    assert title(page).startswith("3 communes, 36 800 habitants")
    assert names(page) == ["Archigny", "Châtellerault", "Naintré"]
    text = text_of(page.content.decode())
    assert "Partie a quitté le territoire le 31 décembre 2021" in text
    assert "Retirée a quitté le territoire le 1er janvier 2022" in text
    for code, day in [("86001", "31 décembre 2021"), ("86004", "1er janvier 2022")]:
        assert f'<a href="{code}/">' in page.content.decode()
        commune_text = text_of(get(f"{TERRITORY}{code}/").content.decode())
        assert f"La commune a quitté le territoire de la convention le {day}." in commune_text
        assert "comme sur tout le territoire" not in commune_text
        assert "% du territoire" not in commune_text


def test_populations_have_their_source(get, convention, communes):
    assert "Insee, populations" not in text_of(get(TERRITORY).content.decode())
    convention.population_source = "Insee, populations légales 2023"
    convention.save()
    for page in (TERRITORY, f"{TERRITORY}86066/"):
        assert "Insee, populations légales 2023" in text_of(get(page).content.decode())


@pytest.mark.parametrize(("year", "query"), [("2022", "?annee=2022"), ("x", ""), ("", "")])
def test_the_year_that_is_read_is_kept_for_the_commune_found(
    get, convention, communes, year, query
):
    page = get(f"{TERRITORY}?nom=naintre&annee={year}")
    assert page.url == f"{TERRITORY}86174/{query}"


def test_other_chapters_bring_their_sections(get, convention, communes, coordinator):
    def provider(user, commune, year):
        assert (user, commune.insee_code, year) == (coordinator.user, "86174", 2022)
        yield CommuneSection("conventions/parts/up.html", [])

    with overridden(commune_sections=[provider]):
        (section,) = get(f"{TERRITORY}86174/?annee=2022").context["sections"]
    assert section.template == "conventions/parts/up.html"
