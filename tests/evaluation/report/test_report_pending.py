"""A figure that is not disclosed yet is told as that wherever it stands: in its own words, with
why; and no evaluation is submitted that tells one."""

import csv
import io
import json

import docx
import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from conventions.models import Convention
from ctg_portal.rules import Refused
from documents.tables import to_csv
from evaluation.models import Edition
from evaluation.opening.own_commune import OwnCommune
from evaluation.period import Period
from evaluation.publication import events
from evaluation.report.data import csv_of, json_of, workbook_of
from evaluation.report.document import write
from evaluation.report.essential import write_essential
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from evaluation.writing.first_draft import describe_figure, request_sentences
from evaluation.year.reading import read_year
from indicators.by_commune.files import table_for
from indicators.by_commune.page import CommunesPart
from indicators.collection.progress import Tally
from indicators.disclosure.events import refresh_disclosures
from indicators.disclosure.words import SECRET_EXPLAINED
from indicators.models import Campaign, Disclosure
from indicators.series.files import figures_tables
from indicators.series.reading import read_series
from spreadsheets.reading.open import open_book
from tests.evaluation.report.test_report_document import PROJECT
from tests.evaluation.report.test_report_partial import plain
from tests.indicators.by_commune.stories import (
    figures_by_commune,
    indicator_by_commune,
    territory,
)

WHEN = (
    "ces chiffres se liront quand le tableau sera entier et vérifié par son fournisseur, ou le "
    "recueil clos"
)
OF_COMMUNES = f"5 communes sur 5, aucune vérifiée ; {WHEN}"
WHY = f"5 communes sur 5 ; {WHEN}"


@pytest.fixture
def campaign(committee) -> Campaign:
    """A closed year of which nothing is disclosed yet."""
    committee.caf.masking_threshold = 5
    committee.caf.save()
    territory(committee, 5, sectors=2)
    indicator = indicator_by_commune(committee, title="Familles aidées", is_confidential=True)
    figures_by_commune(committee, {indicator: [3, 40, 50, 60, 70]}, 2022)
    campaign = figures_by_commune(committee, {indicator: [3, 41, 50, 60, 70]}, 2023)
    Disclosure.objects.all().delete()
    return campaign


@pytest.fixture
def reading(campaign):
    convention = Convention.objects.get(pk=campaign.convention_id)
    return read_year(convention, campaign, period=Period(2023))


@pytest.fixture
def content(campaign):
    return read_report(Convention.objects.get(pk=campaign.convention_id), campaign)


def rows_of(text: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


def is_told(rows):
    reasons = [(row["Sans valeur"], plain(row["Motif"])) for row in rows]
    assert set(reasons) <= {("en attente", WHY), ("en attente", OF_COMMUNES)}


class TestDocuments:
    def test_the_document_and_its_short_form_show_a_pending_figure(self, content):
        for html in (write(content, PROJECT), write_essential(content, PROJECT)):
            page = plain(html).replace(SECRET_EXPLAINED, "")
            assert "en attente" in page
            assert "couvert par le secret" not in page
            assert ">secret<" not in page

    def test_the_table_explains_why_a_figure_is_pending(self, content):
        [theme] = [one for axis in content.axes for one in axis.themes if one.rows]
        [row] = theme.rows
        assert {cell.text for cell in row.figures} == {"en attente"}
        assert f"en attente : {WHY}" in ", ".join(map(plain, theme.signs))

    def test_the_published_page_shows_a_pending_figure(self, content):
        page = plain(
            render_to_string(
                "evaluation/reading/report.html",
                {"report": content, "pictures": {}, "own": OwnCommune(content)},
            )
        )
        assert "en attente" in page
        assert ">secret<" not in page

    def test_the_word_document_shows_a_pending_figure(self, content):
        document = docx.Document(io.BytesIO(docx_of(content, PROJECT)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert "en attente" in cells
        assert "secret" not in cells


class TestFirstDraft:
    def test_a_first_draft_says_why_a_figure_is_pending(self, reading):
        sentence = plain(describe_figure(reading.figures[0]))
        assert sentence == (
            f"Le chiffre 2023 de l’indicateur « Familles aidées » est en attente : {WHY}."
        )

    def test_a_first_draft_counts_a_pending_figure_as_given(self, reading):
        """« En attente » is said of figures that are owed: it would be counted twice."""
        tally = Tally(total=1, given=1, verified=0)
        sentences = [plain(one.text) for one in request_sentences(reading, tally)]
        assert "1 a été transmise et aucune n’est vérifiée." in sentences
        assert not any("couvert" in text or "attente" in text for text in sentences)


class TestFiles:
    def test_the_files_of_the_document_have_a_pending_figure(self, content):
        is_told(rows_of(csv_of(content)))
        is_told(json.loads(json_of(content, PROJECT))["chiffres"])
        book = open_book("chiffres.xlsx", workbook_of(content))
        texts = [plain(cell.text) for cell in book.sheets[0].cells.values()]
        assert "en attente" in texts
        assert "secret" not in texts

    def test_the_file_of_the_list_has_a_pending_figure(self, reading):
        [figures, _] = figures_tables(reading.convention, reading.series)
        is_told(rows_of(to_csv(figures)))
        assert any("« En attente »" in plain(note) for note in figures.notes)

    def test_the_table_by_commune_has_a_pending_figure(self, campaign):
        indicator = campaign.campaign_indicators.get().indicator
        [series] = read_series(indicator.convention, [indicator])
        compared = CommunesPart.of(series, {}).comparison.table
        table = table_for(compared, sector="Secteur")
        for row in rows_of(to_csv(table)):
            assert (row["2022"], row["2023"]) == ("en attente", "en attente")
        assert any("« En attente »" in plain(note) for note in table.notes)


def disclose():
    for campaign in Campaign.objects.all():
        refresh_disclosures(campaign)


class TestSubmitting:
    def test_a_year_is_not_submitted_before_its_pending_figure(self, client, committee, campaign):
        by = committee.coordinator
        with pytest.raises(Refused) as refused:
            events.submit(campaign, by=by)
        reason = plain(refused.value.refusal.reason)
        assert "« Familles aidées »" in reason
        assert WHY in reason
        assert not Edition.objects.exists()
        client.force_login(by)
        url = reverse("evaluation:submit", args=[campaign.convention.slug, 2023])
        page = plain(client.post(url, {"confirm": "on"}, follow=True).content.decode())
        assert WHY in page
        assert not Edition.objects.exists()
        disclose()
        edition = events.submit(campaign, by=by)
        assert "en attente" not in edition.snapshot.text

    def test_a_submitted_content_with_a_figure_pending_since_has_changed(self, committee, campaign):
        disclose()
        edition = events.submit(campaign, by=committee.coordinator)
        assert events.changed_since(edition) is None
        Disclosure.objects.all().delete()
        assert WHY in plain(events.changed_since(edition).reason)
