"""The sections of a document: each is drawn by itself, and one that fails is told."""

import datetime
import io
import json
import logging

import docx
import pytest
from django.urls import reverse

from conventions.models import Convention
from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from documents.drawing.kinds import Drawn
from evaluation.models import Edition, EditionState, Layout, Snapshot
from evaluation.publication import events
from evaluation.publication.snapshots import content_of
from evaluation.report import document
from evaluation.report.document import draw, draw_sections, refuse_failed_sections, write
from evaluation.report.events import request_report
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.sections import Section, usual_order
from evaluation.report.word import docx_of
from tests.committee.pages import after
from tests.documents.reading import faults
from tests.evaluation.publication.scene import YEAR, agreed, now, submitted, written_year
from tests.stories import told_once

MARK = Mark.project(datetime.date(2024, 4, 12))
MOMENT = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)


@told_once
def committee(db):
    return written_year()


@pytest.fixture
def broken(monkeypatch, tmp_path, settings):
    """The template of the convention in brief has a mistake."""

    def paper(section):
        return "broken.html" if section.key == "brief" else paper_of(section)

    paper_of = Section.paper.fget
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "broken.html").write_text("{% load nothing_of_that_name %}")
    settings.TEMPLATES = [
        engine | {"DIRS": [folder, *engine["DIRS"]]} for engine in settings.TEMPLATES
    ]
    monkeypatch.setattr(Section, "paper", property(paper))


@pytest.fixture
def undrawn(monkeypatch):
    """What is composed is not drawn."""
    monkeypatch.setattr(document, "draw", lambda *arguments: Drawn(b"%PDF", 1))


def read(committee):
    convention = Convention.objects.get(pk=committee.convention.pk)
    return read_report(convention, committee.campaign)


class TestOneThatFails:
    def test_a_section_that_fails_says_so_and_the_others_are_whole(self, committee, broken, caplog):
        content = read(committee)
        drawn = draw_sections(content)
        assert [one.section.key for one in drawn if one.has_failed] == ["brief"]
        html = write(content, MARK, drawn)
        assert "Cette rubrique n’a pas pu être mise en page" in html
        assert 'id="en-bref"' in html  # the contents lead there
        assert "La crèche a ouvert" in html
        assert "brief" in caplog.text
        assert "La crèche" not in caplog.text
        caplog.clear()
        pdf = draw(html, content, MARK, MOMENT)
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
        assert faults(pdf.content) == []

    def test_a_draft_with_a_section_that_fails_is_composed(self, committee, broken, undrawn):
        report = request_report(
            committee.convention, YEAR, digest=read(committee).digest, by=committee.coordinator
        )
        assert compose(report)

    def test_a_content_with_a_section_that_fails_is_not_submitted(self, committee, broken):
        with pytest.raises(
            Refused, match="« La convention en bref » ne peut pas être mise en page"
        ):
            events.submit(committee.campaign, by=committee.coordinator)
        assert not Edition.objects.exists()
        assert not Snapshot.objects.exists()

    def test_a_content_with_a_section_that_fails_is_not_published(self, committee, request):
        edition = agreed(committee)
        printing = events.request_publication(edition, by=committee.coordinator)
        request.getfixturevalue("broken")
        assert not compose(printing)
        printing.refresh_from_db()
        assert printing.is_failed
        assert "mise en page" in printing.transitions.last().reason
        assert now(edition).state == EditionState.PROPOSED

    def test_the_coordinator_reads_that_a_section_fails(self, client, committee, broken):
        client.force_login(committee.coordinator)
        address = reverse("evaluation:submit", args=[committee.convention.slug, YEAR])
        page = client.post(address, {}).content.decode()
        assert "ne peut pas être mise en page" in page
        preview = reverse("evaluation:preview", args=[committee.convention.slug, YEAR])
        assert "n’a pas pu être mise en page" in client.get(preview).content.decode()

    def test_sections_that_fail_are_named_together(self, committee, monkeypatch):
        monkeypatch.setattr(Section, "paper", "no/such/template.html")
        reason = refuse_failed_sections(draw_sections(read(committee))).reason
        assert "Les rubriques « Les textes d’ouverture »" in reason
        assert "ne peuvent pas être mises en page" in reason


def test_a_content_whose_sections_are_drawn_is_not_refused(committee):
    assert refuse_failed_sections(draw_sections(read(committee))) is None


class TestEverywhereTheSame:
    @pytest.fixture
    def content(self, committee):
        order = ["definitions", "closing", *usual_order()]
        edition = submitted(committee)
        Layout.objects.create(
            evaluation=edition.evaluation, order=list(dict.fromkeys(order)), left_out=["opening"]
        )
        return content_of(submitted(committee).snapshot)

    def test_the_word_document_has_the_chosen_sections_in_order(self, content):
        word = docx.Document(io.BytesIO(docx_of(content, MARK)))
        titles = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
        assert titles[:3] == [
            "Méthode et sources", "Conclusion et perspectives", "La convention en bref",
        ]  # fmt: skip
        assert "Introduction" not in titles

    def test_the_page_has_the_chosen_sections_in_order(self, content):
        from django.template.loader import render_to_string  # noqa: PLC0415

        html = render_to_string(
            "evaluation/reading/report.html", {"report": content, "pictures": {}, "own": None}
        )
        assert html.index("Définitions et méthode") < html.index('id="conclusion"')
        assert html.index('id="conclusion"') < html.index('id="l-annee"')
        assert 'id="introduction"' not in html

    def test_the_snapshot_has_the_chosen_sections(self, committee, content):
        assert json.loads(Snapshot.objects.latest("pk").text)["sections"] == content.sections


def test_a_report_that_is_composed_anew_has_the_new_order(client, committee, undrawn):
    client.force_login(committee.coordinator)
    ask = reverse("evaluation:request_report", args=[committee.convention.slug, YEAR])
    after(client, client.post(ask))
    assert compose(committee.convention.reports.get())
    assert "à jour" in after(client, client.post(ask))
    address = reverse("evaluation:compose", args=[committee.convention.slug, YEAR])
    keys = ["closing", *(key for key in usual_order() if key != "closing")]
    seen = {"ordre": keys, "garder": keys, "revision": ""}
    client.post(address, seen)
    client.post(ask)
    assert committee.convention.reports.count() == 1  # nothing was saved: the token was missing
