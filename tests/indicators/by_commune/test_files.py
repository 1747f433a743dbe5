"""The file of an indicator's communes says of every year what the page says of it."""

import csv
import io

import pytest
from django.urls import reverse

from documents.tables import to_csv
from indicators.by_commune.files import table_for
from indicators.by_commune.page import CommunesPart
from indicators.models import Value
from indicators.series.reading import read_series
from spreadsheets.reading.open import open_book
from tests.committee.pages import page_of
from tests.indicators.by_commune.stories import (
    figures_by_commune,
    indicator_by_commune,
    territory,
)

SOME, OTHERS = "partiel (3 communes sur 5)", "partiel (4 communes sur 5)"


@pytest.fixture
def indicator(committee):
    """In part in 2021 and 2023, whole in 2022."""
    territory(committee, 5, sectors=2)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [1900, 49, 7]}, 2021)
    figures_by_commune(committee, {indicator: [2000, 200, 11, 4, 9]}, 2022)
    figures_by_commune(committee, {indicator: [1900, 49, 7, 5]}, 2023)
    return indicator


def rows_of(indicator, **asked) -> dict:
    [series] = read_series(indicator.convention, [indicator])
    table = table_for(CommunesPart.of(series, asked).comparison.table, sector="Secteur")
    read = csv.DictReader(io.StringIO(to_csv(table).decode("utf-8-sig")), delimiter=";")
    return {row["Commune"]: plain(row) for row in read}


def plain(row: dict) -> dict:
    return {name: text.replace("\u00a0", " ").replace("\u202f", " ") for name, text in row.items()}


def test_a_total_of_some_communes_is_marked_as_partial(indicator):
    whole = rows_of(indicator)["Tout le territoire"]
    assert [whole[year] for year in ("2021", "2022", "2023")] == ["1956", "2224", "1961"]
    assert whole["Précisions"] == f"2021 : {SOME} ; 2023 : {OTHERS}"


def test_a_partial_year_is_marked_where_the_last_is_whole(indicator):
    whole = rows_of(indicator, annee="2022")["Tout le territoire"]
    assert whole["Précisions"] == f"2021 : {SOME}"


def test_partial_sectors_and_provisional_figures_are_marked(indicator):
    Value.objects.filter(campaign_indicator__campaign__year=2022, number=200).update(
        provisional=True
    )
    rows = rows_of(indicator)
    assert rows["Commune 001"]["Précisions"] == "2022 : provisoire"
    assert rows["Commune 000"]["Précisions"] == ""
    sectors = [name for name in rows if not name.startswith(("Commune", "Tout"))]
    assert len(sectors) == 2
    assert any("2021 : partiel (1 commune sur 2)" in rows[name]["Précisions"] for name in sectors)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_downloaded_file_tells_a_total_of_some_communes(client, committee, indicator, extension):
    client.force_login(committee.coordinator)
    page = page_of(client.get(indicator.get_absolute_url()))
    assert "3 communes sur 5" in page
    url = reverse(
        "indicators:by_commune_file", args=[committee.convention.slug, indicator.pk, extension]
    )
    content = client.get(url).content
    if extension == "csv":
        text = content.decode("utf-8-sig")
    else:
        cells = open_book("communes.xlsx", content).sheets[0].cells.values()
        text = " ".join(cell.text for cell in cells)
    assert SOME in text.replace("\u00a0", " ")
