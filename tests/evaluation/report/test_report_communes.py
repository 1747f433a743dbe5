"""Figures by commune in a report: a map and a table each, in every file, and kept as they were."""

import csv
import io
import json
import logging
import re
import zipfile
from dataclasses import asdict, replace

import pytest
from django.template.loader import render_to_string

from conventions.models import Convention
from evaluation.images.image import carried
from evaluation.opening.own_commune import OwnCommune
from evaluation.publication.differences import changes_between
from evaluation.publication.snapshots import content_of, freeze
from evaluation.report.content import ReportContent
from evaluation.report.data import csv_of, json_of, workbook_of
from evaluation.report.document import draw, write
from evaluation.report.essential import write_annex
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from indicators.models import Campaign, Value
from tests.documents.reading import faults, text_of
from tests.evaluation.report.test_report_document import MOMENT, PROJECT
from tests.indicators.by_commune.stories import (
    RATE,
    figures_by_commune,
    indicator_by_commune,
    territory,
)


@pytest.fixture
def campaign(committee) -> Campaign:
    """A year with a count and a rate of thirty communes, the rate of three of them missing."""
    territory(committee, 30, sectors=2)
    count = indicator_by_commune(committee)
    rate = indicator_by_commune(committee, title="Enfants inscrits", **RATE)
    rates = [None] * 3 + [(n, 100) for n in range(10, 37)]
    figures_by_commune(committee, {count: range(30), rate: rates}, 2023)
    return Campaign.objects.get(year=2023)


def content(campaign):
    return read_report(Convention.objects.get(pk=campaign.convention_id), campaign)


def section_of(campaign) -> ReportContent:
    """The content of a document that has this section alone."""
    return replace(content(campaign), sections=["communes"])


def test_each_indicator_by_commune_has_a_map_and_a_table(campaign):
    html = write(content(campaign), PROJECT)
    assert html.count("carte des 30\u00a0communes") == 2
    assert html.count('<th scope="row">Commune 029') == 1
    assert "partiel (27\u00a0communes sur 30)" in html
    assert 'href="#communes"' in html


@pytest.mark.parametrize(("asked", "is_known"), [("Commune 007", True), ("Ailleurs", False)])
def test_on_a_public_page_a_reader_finds_their_own_commune(campaign, asked, is_known):
    """The commune is surrounded and named on each map, and its figures come first."""
    report = content(campaign)
    own = OwnCommune(report, asked)
    html = render_to_string("evaluation/reading/communes.html", {"report": report, "own": own})
    plain = re.sub(r"\s+", " ", html.replace("\u00a0", " "))
    assert html.count("<option") == 31
    assert "Et ma commune ?" in plain
    marked = re.findall(r'<g class="own".*?</g>', html, re.DOTALL)
    assert len(marked) == (2 if is_known else 0)
    assert all(f">{asked}</text>" in one for one in marked)
    assert ("Commune 007 est entourée sur la carte." in plain) is is_known
    assert ('<details class="fold year-theme year-communes" open>' in plain) is is_known
    if is_known:
        assert '<a href="#communes-1">Places agréées par commune</a>, en places : <b>7</b>' in plain


def test_a_document_with_figures_by_commune_is_accessible(campaign, caplog):
    report = section_of(campaign)
    caplog.clear()
    document = draw(write(report, PROJECT), report, PROJECT, MOMENT)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []
    assert faults(document.content) == []
    assert "Commune par commune" in text_of(document.content)


def test_each_of_many_communes_stands_once_in_the_document(committee):
    territory(committee, 120, sectors=3)
    figures_by_commune(committee, {indicator_by_commune(committee): range(120)}, 2023)
    report = section_of(Campaign.objects.get(year=2023))
    html = write(report, PROJECT)
    text = text_of(draw(html, report, PROJECT, MOMENT).content)
    communes = re.findall(r"Commune \d{3}(?= \d)", " ".join(text.split()))
    assert len(communes) == len(set(communes)) == 120


def test_files_have_a_line_for_each_commune(campaign):
    report = content(campaign)
    rows = list(csv.DictReader(io.StringIO(csv_of(report).decode("utf-8-sig")), delimiter=";"))
    of_communes = [row for row in rows if row["Code Insee"]]
    assert len(of_communes) == 60
    assert {row["Sans valeur"] for row in of_communes} == {"", "manquant"}
    figures = json.loads(json_of(report, PROJECT))["chiffres"]
    assert [one["Valeur"] for one in figures if one["Code Insee"]][:3] == [0, 1, 2]
    assert workbook_of(report)
    assert docx_of(report, PROJECT)


def test_a_frozen_content_by_commune_is_drawn_as_it_was(campaign):
    report = content(campaign)
    snapshot = freeze(campaign.convention, report)
    before = write(report, PROJECT)
    Value.objects.update(number=77)
    assert write(content(campaign), PROJECT) != before
    assert write(content_of(snapshot), PROJECT) == before


def test_a_published_report_on_a_screen_has_its_outlines_once(campaign):
    report = content_of(freeze(campaign.convention, content(campaign)))
    shown = {"report": report, "pictures": carried(report.images), "own": OwnCommune(report)}
    html = render_to_string("evaluation/reading/report.html", shown)
    assert html.count('<path id="fond-86001"') == 1
    assert html.count('href="#fond-86001"') == 2
    assert html.count('class="figure-map"') == 2
    assert "territoire/86001" not in html  # who has no account has no page of a commune
    assert "Commune 005 : " in html.replace("\u00a0", " ")


def test_a_correction_tells_which_commune_changed(campaign):
    before = asdict(content(campaign))
    commune = Value.objects.get(number=7, commune__name="Commune 007")
    commune.number = 8
    commune.save()
    changes = changes_between(before, asdict(content(campaign)))
    assert [one.label for one in changes if "Commune 007" in one.label] == [
        "Places agréées par commune – Commune 007 : chiffre"
    ]


def test_a_year_without_figures_by_commune_has_no_section_of_them(committee):
    indicator = indicator_by_commune(committee, grain="territory", aggregation="none")
    figures_by_commune(committee, {indicator: []}, 2023)
    report = content(Campaign.objects.get())
    assert report.communes == []
    assert "Commune par commune" not in write(report, PROJECT)


def test_documents_say_the_ratio_beside_the_count(campaign):
    """A count has a column for 100 inhabitants in the PDF, on the public page and in Word; a rate,
    which communes are compared by as it is, has none."""
    report = content(campaign)
    count, rate = report.communes
    assert (count.per, rate.per) == ("pour 100 habitants", "")
    assert {line.ratio for line in rate.lines} == {""}
    assert count.lines[10].ratio == "2,0"  # 10 of 510
    own = OwnCommune(report, "Commune 010")
    page = render_to_string("evaluation/reading/communes.html", {"report": report, "own": own})
    plain = re.sub(r"\s+", " ", page.replace("\u00a0", " "))
    assert "<b>10</b>, pour 100 habitants : <b>2,0</b>" in plain
    assert "En places pour 100 habitants, 2023" in plain
    printed = write(report, PROJECT)
    assert ", pour 100 habitants</figcaption>" in printed.replace("\u00a0", " ")
    annex = write_annex(report, PROJECT)
    assert '<td class="n">10 (2,0)</td>' in annex
    word = zipfile.ZipFile(io.BytesIO(docx_of(report, PROJECT))).read("word/document.xml").decode()
    assert "Pour 100 habitants" in word.replace("\u00a0", " ")


def test_a_content_frozen_without_ratios_is_printed_as_it_was(campaign):
    """One of an earlier release has neither ``per`` nor ``ratio``."""
    report = content(campaign)
    snapshot = freeze(campaign.convention, report)
    earlier = json.loads(snapshot.text)
    for table in earlier["communes"]:
        del table["per"]
        for line in [*table["wholes"], *table["lines"]]:
            del line["ratio"]
    snapshot.text = json.dumps(earlier)
    html = write(content_of(snapshot), PROJECT)
    assert "pour 100 habitants</figcaption>" not in html
    assert html.count('<th scope="row">Commune 029') == 1


def test_a_ratio_that_changes_with_its_figure_is_no_change_of_its_own(campaign):
    before = json.loads(freeze(campaign.convention, content(campaign)).text)
    Value.objects.filter(number=10).update(number=12)
    after = json.loads(freeze(campaign.convention, content(campaign)).text)
    labels = [change.label for change in changes_between(before, after)]
    assert labels
    assert not any("rapport" in label.lower() or "ratio" in label for label in labels)
