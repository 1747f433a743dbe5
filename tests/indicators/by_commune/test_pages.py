"""The pages that compare communes: an indicator's own, and that of a commune."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import MembershipFactory
from tests.indicators.by_commune.stories import (
    RATE,
    figures_by_commune,
    indicator_by_commune,
    territory,
)
from tests.indicators.factories import value_of


def plain(response) -> str:
    """Its HTML with plain spaces."""
    return " ".join(response.content.decode().split())


@pytest.fixture
def reader(committee):
    return MembershipFactory(organisation=committee.epci, reader=True).user


@pytest.fixture
def read(client, reader):
    client.force_login(reader)

    def page(indicator, asked=""):
        url = reverse("indicators:indicator", args=[indicator.convention.slug, indicator.pk])
        response = client.get(f"{url}{asked}")
        assert response.status_code == 200
        return re.sub(
            r"\s+", " ", response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
        )

    return page


def test_an_indicator_compares_its_communes_on_a_map_and_in_a_table(committee, read):
    territory(committee, 15)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: range(10, 25)}, 2022)
    figures_by_commune(committee, {indicator: range(20, 35)}, 2023)
    page = read(indicator)
    assert "Commune par commune : de 4,0 à 6,6 pour 100 habitants en 2023" in page
    assert "Médiane des communes : 5,3 pour 100 habitants." in page
    assert 'class="figure-map"' in page
    assert "<circle" not in page.split('class="figure-map"')[1].split("</svg>")[0]
    rows = re.sub(r"<[^>]+>", " ", page[page.index('id="toutes-les-communes"') :])
    assert "Commune 014 24 34 +42 % 6,6" in re.sub(r"\s+", " ", rows)
    assert "Les plus hauts" in page


def test_the_year_is_chosen_by_a_link(committee, read):
    territory(committee, 6)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: range(6)}, 2022)
    figures_by_commune(committee, {indicator: range(10, 16)}, 2023)
    assert "de 0,0 à 1,0 pour 100 habitants en 2022" in read(indicator, "?annee=2022")
    assert "de 2,0 à 3,0 pour 100 habitants en 2023" in read(indicator, "?annee=1999")
    assert "?annee=2022#communes" in read(indicator)


def test_a_missing_figure_makes_the_total_partial_and_leaves_its_commune_empty(committee, read):
    territory(committee, 6)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [4, None, 6, 8, "not_applicable", 10]}, 2023)
    page = read(indicator)
    assert "partiel (5 communes sur 6)" in page
    assert "sans chiffre (2)" in page
    assert "Commune 001 : manquant" in page


def test_communes_are_found_by_name(committee, read):
    territory(committee, 20)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: range(20)}, 2023)
    page = read(indicator, "?commune=COMMUNE+013")
    table = page[page.index('id="toutes-les-communes"') :]
    assert "Commune 013" in table
    assert "Commune 012" not in table
    assert ">Commune 013</text>" in page[page.index('class="own"') :]
    assert 'class="own"' not in read(indicator, "?commune=COMMUNE+01")
    assert "/communes/csv/?commune=COMMUNE+013" in page
    assert "Aucune commune ne répond" in read(indicator, "?commune=zzz")


def test_the_file_holds_the_communes_that_are_looked_for(committee, client, reader):
    territory(committee, 20)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: range(20)}, 2023)
    client.force_login(reader)
    url = reverse(
        "indicators:by_commune_file", args=[committee.convention.slug, indicator.pk, "csv"]
    )
    text = client.get(url, {"commune": "commune 013"}).getvalue().decode("utf-8-sig")
    names = [row[1] for row in csv.reader(io.StringIO(text), delimiter=";") if len(row) > 1]
    assert [name for name in names if name.startswith(("Commune 0", "Tout"))] == ["Commune 013"]


def test_a_ratio_is_drawn_as_shades_with_its_sectors(committee, read):
    territory(committee, 9, sectors=3)
    indicator = indicator_by_commune(committee, **RATE)
    figures_by_commune(committee, {indicator: [(n, 100) for n in range(10, 55, 5)]}, 2023)
    page = read(indicator)
    assert "<circle" not in page.split('class="figure-map"')[1].split("</svg>")[0]
    assert "de 10 à 50" in page


def test_an_indicator_of_the_territory_has_no_map(committee, read):
    territory(committee, 5)
    indicator = indicator_by_commune(committee, grain="territory", aggregation="none")
    assert "figure-map" not in read(indicator)


def test_the_table_is_saved_with_all_years_and_its_sectors(committee, client, reader):
    territory(committee, 4, sectors=2)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [1, 2, 3, 4]}, 2022)
    figures_by_commune(committee, {indicator: [5, None, 7, "not_available"]}, 2023)
    client.force_login(reader)
    address = [committee.convention.slug, indicator.pk, "csv"]
    response = client.get(reverse("indicators:by_commune_file", args=address))
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [
        "Code Insee", "Commune", "Secteur", "2022", "2023", "2023, pour 100 habitants",
        "Précisions", "Source",
    ]  # fmt: skip
    assert rows[1][:5] == ["", "Tout le territoire", "", "10", "12"]
    assert rows[1][6].replace("\u00a0", " ") == "2023 : partiel (2 communes sur 4)"
    assert [row[3:5] for row in rows[1:] if row[0]] == [
        ["1", "5"], ["2", "manquant"], ["3", "7"], ["4", "non disponible"],
    ]  # fmt: skip


class TestCommune:
    @pytest.fixture
    def page(self, client, reader, committee):
        client.force_login(reader)

        def of(code, **asked):
            url = reverse("conventions:commune", args=[committee.convention.slug, code])
            return re.sub(
                r"\s+",
                " ",
                client.get(url, asked)
                .content.decode()
                .replace("\u00a0", " ")
                .replace("\u202f", " "),
            )

        return of

    def test_a_count_of_a_commune_is_compared_for_100_inhabitants(self, committee, page):
        coverages = territory(committee, 5)
        indicator = indicator_by_commune(committee)
        figures_by_commune(committee, {indicator: [1] * 5}, 2022)
        figures_by_commune(committee, {indicator: [4, 8, 10, 20, None]}, 2023)
        codes = [one.commune.insee_code for one in coverages]
        median = "la médiane des communes (1,8 pour 100 habitants)"
        low, high = (
            "4 places, soit 0,8 pour 100 habitants",
            "20 places, soit 4,0 pour 100 habitants",
        )
        assert f"{low}, au-dessous de {median}" in page(codes[0])
        assert f"{high}, au-dessus de {median}" in page(codes[3])
        assert "pas transmis ; médiane des communes : 1,8 pour 100 habitants" in page(codes[4])
        assert "Les chiffres de la commune en 2023" in page(codes[0])

    def test_a_commune_shows_the_year_asked_for_if_it_is_closed(self, committee, page):
        [first, *_] = territory(committee, 5)
        indicator = indicator_by_commune(committee)
        for year, number in ((2021, 3), (2022, 7), (2023, 9)):
            numbers = [number] * 5
            figures_by_commune(committee, {indicator: numbers}, year, is_closed=year != 2023)
        code = first.commune.insee_code
        assert "3 places" in page(code, annee=2021)
        assert "Les chiffres de la commune en 2021" in page(code, annee=2021)
        for other in ("2023", "1950", "x", ""):
            assert "7 places" in page(code, annee=other)

    def test_a_rate_is_compared_with_the_median(self, committee, page):
        coverages = territory(committee, 5)
        indicator = indicator_by_commune(committee, title="Taux de couverture", unit="%")
        figures_by_commune(committee, {indicator: [4, 8, 10, 20, None]}, 2023)
        codes = [one.commune.insee_code for one in coverages]
        assert "4 %, au-dessous de la médiane des communes (9 %)" in page(codes[0])
        assert "20 %, au-dessus de la médiane des communes (9 %)" in page(codes[3])
        assert "pas transmis ; médiane des communes : 9 %" in page(codes[4])

    def test_an_open_year_is_not_shown(self, committee, page):
        [first, *_] = territory(committee, 5)
        indicator = indicator_by_commune(committee)
        figures_by_commune(committee, {indicator: [4, 8, 10, 20, 3]}, 2023, is_closed=False)
        assert "Les chiffres de la commune" not in page(first.commune.insee_code)


def test_pages_ask_as_much_of_5_communes_as_of_300(client, committee, reader):
    """The pages are those of an indicator, of a commune and of the year."""
    client.force_login(reader)
    territory(committee, 5, sectors=2)
    indicator = indicator_by_commune(committee)
    campaigns = [figures_by_commune(committee, {indicator: range(5)}, y) for y in (2022, 2023)]
    commune = committee.convention.communes.order_by("pk").first()
    year = reverse("evaluation:year", args=[committee.convention.slug, 2023])
    addresses = [indicator.get_absolute_url(), commune.get_absolute_url(), year]

    def queries_of(address: str) -> int:
        client.get(address)  # outlines are read once
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = [queries_of(address) for address in addresses]
    for coverage in territory(committee, 295, sectors=2, beyond=5):
        for campaign in campaigns:
            value_of(campaign, indicator, 7, commune=coverage.commune)
    assert [queries_of(address) for address in addresses] == few


def test_47_communes_over_four_years_weigh_less_than_40_kilobytes(committee, client, reader):
    territory(committee, 47, sectors=3)
    indicator = indicator_by_commune(committee)
    for year in range(2020, 2024):
        figures_by_commune(committee, {indicator: range(1000, 1047)}, year)
    client.force_login(reader)
    html = client.get(indicator.get_absolute_url()).content.decode()
    [section] = re.findall(r'<section aria-labelledby="communes">.*?</section>', html, re.DOTALL)
    assert len(section.encode()) < 36_000
    assert len(html.encode()) < 60_000


def test_of_many_figures_some_are_read_at_once_and_the_others_folded(client, reader, committee):
    [first, *_] = territory(committee, 3)
    indicators = [indicator_by_commune(committee, title=f"Chiffre {n:02d}") for n in range(13)]
    figures_by_commune(committee, {one: [7, 8, 9] for one in indicators}, 2023)
    client.force_login(reader)
    page = client.get(first.commune.get_absolute_url()).content.decode()
    shown, _, folded = page.partition("8 autres chiffres de la commune".replace(" ", "\u00a0", 1))
    assert ("Chiffre 04" in shown, "Chiffre 05" in shown) == (True, False)
    assert ("Chiffre 05" in folded, "Chiffre 12" in folded) == (True, True)
