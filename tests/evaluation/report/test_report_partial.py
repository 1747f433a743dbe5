"""A total of some communes only is told as that wherever it stands, and compared with nothing."""

import csv
import io
import json

import docx
import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from conventions.models import Convention
from documents.tables import to_csv
from evaluation.opening.own_commune import OwnCommune
from evaluation.period import Period
from evaluation.report.data import csv_of, json_of, workbook_of
from evaluation.report.document import write
from evaluation.report.essential import write_essential
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from evaluation.writing.first_draft import describe_figure
from evaluation.year.reading import read_year
from indicators.models import Campaign
from indicators.series.attainment import Movement
from indicators.series.charts import spark, trend_chart
from indicators.series.files import figures_tables
from spreadsheets.reading.open import open_book
from tests.evaluation.report.test_report_document import PROJECT
from tests.indicators.by_commune.stories import (
    figures_by_commune,
    indicator_by_commune,
    territory,
)

# Whole in 2022, then two communes of five have not answered: 1 949 are no fall from 2 211.
WHOLE, PARTIAL = [2000, 200, 11, 0, 0], [1900, 49, 0]
OF = "3 communes sur 5"


@pytest.fixture
def campaign(committee) -> Campaign:
    territory(committee, 5)
    indicator = indicator_by_commune(committee, title="Bénéficiaires de l’AAH")
    for year in (2021, 2022):
        figures_by_commune(committee, {indicator: WHOLE}, year)
    return figures_by_commune(committee, {indicator: PARTIAL}, 2023)


@pytest.fixture
def reading(campaign):
    convention = Convention.objects.get(pk=campaign.convention_id)
    return read_year(convention, campaign, period=Period(2023))


@pytest.fixture
def content(campaign):
    return read_report(Convention.objects.get(pk=campaign.convention_id), campaign)


def plain(text: str) -> str:
    for space in "\u00a0\u202f":
        text = text.replace(space, " ")
    return " ".join(text.split())


class TestPages:
    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("indicators:indicator", ["indicator"]),
            ("indicators:indicators", []),
            ("evaluation:year", [2023]),
        ],
    )
    def test_each_page_shows_a_partial_total_as_partial(
        self, client, committee, campaign, name, args
    ):
        indicator = campaign.campaign_indicators.get().indicator
        args = [indicator.pk if one == "indicator" else one for one in args]
        client.force_login(committee.coordinator)
        url = reverse(name, args=[campaign.convention.slug, *args])
        page = plain(client.get(url).content.decode())
        assert "1 949" in page
        assert OF in page
        assert "moved-partial" in page
        assert "moved-missing" not in page
        assert "−12" not in page


class TestSeries:
    def test_a_partial_total_is_compared_with_nothing(self, reading):
        [figure] = reading.figures
        assert figure.movement == Movement.PARTIAL
        assert figure.before == ""
        assert (figure.comparable, figure.series.variation(2023), figure.attainment) == (
            None,
            None,
            None,
        )
        assert (reading.counts.missing, reading.counts[Movement.PARTIAL]) == (0, 1)

    def test_no_line_of_a_chart_leads_to_a_partial_total(self, reading):
        [series] = reading.series
        chart = trend_chart(series)
        assert [len(line.split()) for line in chart.lines] == [2]
        assert [dot.kind for dot in chart.dots][-3:] == ["value", "value", "partial"]
        assert "1 949 (partiel)" in [plain(mark.text) for mark in chart.labels]
        assert f"1 949 (partiel : {OF}) en 2023" in plain(chart.title)
        assert len(spark(series).split()) == 2


class TestDocuments:
    def test_the_document_and_its_short_form_show_a_partial_total(self, content):
        for html in (write(content, PROJECT), write_essential(content, PROJECT)):
            page = plain(html)
            assert "1 949" in page
            assert f"partiel ({OF})" in page
            assert "est sans donnée" not in page

    def test_the_table_explains_what_partial_means(self, content):
        [theme] = [one for axis in content.axes for one in axis.themes if one.rows]
        [row] = theme.rows
        assert [cell.partial for cell in row.figures][:-1] == ["", ""]
        assert plain(row.figures[-1].partial) == OF
        assert any(plain(sign).startswith("partiel :") and OF in plain(sign)
                   for sign in theme.signs)  # fmt: skip

    def test_the_published_page_shows_a_partial_total(self, content):
        shown = {"report": content, "pictures": {}, "own": OwnCommune(content)}
        page = plain(render_to_string("evaluation/reading/report.html", shown))
        assert f"partiel ({OF})" in page

    def test_the_word_document_shows_a_partial_total(self, content):
        document = docx.Document(io.BytesIO(docx_of(content, PROJECT)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert f"1 949 (partiel : {OF})" in map(plain, cells)

    def test_a_partial_total_is_listed_as_provisional(self, content):
        texts = [gap.text for group in content.provisional for gap in group.gaps]
        assert [plain(text).startswith(f"1 949 (partiel : {OF})") for text in texts] == [True]

    def test_a_first_draft_describes_a_partial_total(self, reading):
        sentence = plain(describe_figure(reading.figures[0]))
        assert f"s’établit à 1 949 places en 2023, total partiel de {OF}" in sentence
        assert "2 211" not in sentence


class TestFiles:
    def test_the_files_of_the_document_have_a_partial_total(self, content):
        rows = csv.DictReader(io.StringIO(csv_of(content).decode("utf-8-sig")), delimiter=";")
        self._tells(rows)
        self._tells(json.loads(json_of(content, PROJECT))["chiffres"])
        book = open_book("chiffres.xlsx", workbook_of(content))
        cells = [plain(cell.text) for cell in book.sheets[0].cells.values()]
        assert any(f"partiel ({OF})" in text for text in cells)

    def test_the_file_of_the_list_has_a_partial_total(self, reading):
        [figures, _] = figures_tables(reading.convention, reading.series)
        rows = csv.DictReader(io.StringIO(to_csv(figures).decode("utf-8-sig")), delimiter=";")
        self._tells(rows)

    @staticmethod
    def _tells(rows):
        [line] = [row for row in rows if str(row["Valeur"]) in ("1949", "1949.0")
                 and not row.get("Commune ou secteur")]  # fmt: skip
        assert f"partiel ({OF})" in plain(line["Précisions"])
