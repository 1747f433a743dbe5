"""What goes with a published evaluation: its essentials, a workbook, a Word file, drawn from the
same frozen content and kept like it."""

import datetime
import hashlib
import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from evaluation.models import Edition, Printing, PrintingTransition, Rendition
from evaluation.opening.events import propose_opening
from evaluation.publication import events
from evaluation.writing.events import write_narrative
from tests import factories as f
from tests.committee.pages import page_of
from tests.documents.reading import faults, opened
from tests.evaluation.publication.scene import (
    YEAR,
    keep_drawn,
    now,
    submitted,
    written_year,
)
from tests.stories import told_once

BESIDE = {"essential", "annex", "xlsx", "docx"}


@told_once
def committee(db):
    return written_year()


def other_printings(edition):
    return edition.printings.exclude(rendition=Rendition.WHOLE)


@pytest.fixture
def edition(committee, published_edition):
    """All of it drawn; then a text is rewritten, which no file may tell."""
    write_narrative(committee.theme, YEAR, "Réécrit.", revision=1, by=committee.coordinator)
    for printing in other_printings(published_edition):
        assert compose(printing)
    return published_edition


def address(edition, name: str, *args) -> str:
    where = [edition.evaluation.convention.slug, YEAR]
    return reverse(f"evaluation:{name}", args=[*where, *args])


def file_of(client, edition, rendition: str):
    printing = other_printings(edition).get(rendition=rendition)
    return client.get(address(edition, "edition_file", printing.pk))


class TestDrawn:
    def test_the_document_publishes_the_edition(self, committee, agreed_edition):
        printing = events.request_publication(agreed_edition, by=committee.coordinator)
        assert compose(printing)
        assert now(agreed_edition).is_published
        printing.refresh_from_db()
        with printing.file.open("rb") as file:
            assert faults(file.read()) == []

    def test_the_files_beside_are_requested_with_the_publication(self, committee):
        edition = submitted(committee)
        assert not other_printings(edition).exists()
        events.validate(edition, committee.caf, by=committee.caf_member)
        version = events.propose(edition, by=committee.coordinator)
        committee.agree(version)
        printing = events.request_publication(now(edition), by=committee.coordinator)
        assert not other_printings(edition).exists()
        keep_drawn(printing)
        assert {one.rendition for one in other_printings(edition)} == BESIDE
        assert all(one.is_unfinished and one.is_final for one in other_printings(edition))

    def test_the_files_beside_are_drawn_from_the_frozen_content(self, client, committee, edition):
        client.force_login(committee.caf_member)
        word = docx.Document(io.BytesIO(file_of(client, edition, "docx").content))
        shown = "\n".join(paragraph.text for paragraph in word.paragraphs)
        assert "La crèche a ouvert." in shown
        assert "Réécrit." not in shown
        assert "Version 1 publiée le" in shown.replace("\xa0", " ")
        book = CalamineWorkbook.from_filelike(io.BytesIO(file_of(client, edition, "xlsx").content))
        cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
        assert 441 in cells
        essential = file_of(client, edition, "essential").content
        assert faults(essential) == []
        with opened(essential) as file:
            assert len(file.pages) <= 12
            assert str(file.docinfo["/Title"]).startswith("Évaluation annuelle 2023, l’essentiel")

    def test_a_content_whose_essential_does_not_fit_is_not_submitted(self, committee, monkeypatch):
        monkeypatch.setattr("evaluation.report.pages.essential.Essential.blocks", 1)
        with pytest.raises(Refused, match="L’essentiel"):
            submitted(committee)
        assert not Edition.objects.exists()

    def test_a_content_whose_essential_does_not_fit_is_not_published(
        self, committee, agreed_edition, monkeypatch
    ):
        monkeypatch.setattr("evaluation.report.pages.essential.Essential.blocks", 1)
        printing = events.request_publication(agreed_edition, by=committee.coordinator)
        for _ in range(4):
            compose(printing)
        assert not now(agreed_edition).is_published

    def test_a_file_that_fails_leaves_the_edition_published(self, published_edition, monkeypatch):
        monkeypatch.setattr("evaluation.report.pages.essential.Essential.blocks", 1)
        printing = other_printings(published_edition).get(rendition="essential")
        for _ in range(4):
            compose(printing)
        printing.refresh_from_db()
        assert printing.is_failed
        assert now(published_edition).is_published


class TestLacking:
    def test_the_clock_requests_the_files_of_earlier_publications(self, published_edition):
        PrintingTransition.objects.filter(printing__in=other_printings(published_edition)).delete()
        other_printings(published_edition).delete()
        events.request_missing_renditions()
        assert {one.rendition for one in other_printings(published_edition)} == BESIDE
        events.request_missing_renditions()
        assert other_printings(published_edition).count() == len(BESIDE)

    def test_a_file_that_failed_is_requested_again_the_next_day(self, published_edition):
        documents = Printing.objects.filter(edition=published_edition, rendition="docx")
        documents.update(state="failed")
        events.request_missing_renditions()
        assert other_printings(published_edition).count() == len(BESIDE)
        long_ago = timezone.now() - datetime.timedelta(days=2)
        documents.update(requested_at=long_ago)
        events.request_missing_renditions()
        assert documents.count() == 2

    def test_the_clock_requests_no_file_of_an_unpublished_edition(self, committee):
        submitted(committee)
        events.request_missing_renditions()
        assert Printing.objects.count() == 1


class TestOnThePage:
    def test_the_page_offers_all_files(self, client, committee, edition):
        client.force_login(f.MembershipFactory(organisation=committee.epci, reader=True).user)
        page = client.get(address(edition, "publication"))
        shown = page_of(page)
        for label in ("L’essentiel (PDF)", "Word", "classeur", "CSV", "JSON"):
            assert label in shown
        assert "en préparation" not in shown
        for printing in other_printings(edition):
            assert address(edition, "edition_file", printing.pk) in page.content.decode()
        for name, content_type in (("csv", "text/csv"), ("json", "application/json")):
            file = client.get(address(edition, "edition_data", 1, name))
            assert file["Content-Type"].startswith(content_type)
            assert b"441" in file.content
        assert client.get(address(edition, "edition_data", 2, "csv")).status_code == 404

    def test_a_file_being_drawn_is_said_to_be(self, client, committee, published_edition):
        client.force_login(committee.caf_member)
        assert "en préparation" in page_of(client.get(address(published_edition, "publication")))
        file = address(
            published_edition, "edition_file", other_printings(published_edition).first().pk
        )
        assert client.get(file).status_code == 302

    def test_the_files_have_names_with_their_version(self, client, committee, edition):
        client.force_login(committee.caf_member)
        slug = committee.convention.slug
        names = {
            rendition: file_of(client, edition, rendition)["Content-Disposition"]
            for rendition in BESIDE
        }
        assert f"evaluation-2023-{slug}-v1-essentiel.pdf" in names["essential"]
        assert f"evaluation-2023-{slug}-v1.docx" in names["docx"]

    def test_each_file_is_recognised_when_it_is_checked(self, client, committee, edition):
        client.force_login(committee.caf_member)
        content = file_of(client, edition, "essential").content
        printing = other_printings(edition).get(rendition="essential")
        assert printing.sha256 == hashlib.sha256(content).hexdigest()
        check = reverse("evaluation:check", args=[committee.convention.slug])
        sent = {"document": SimpleUploadedFile("recu.pdf", content, "application/pdf")}
        shown = page_of(client.post(check, sent)).replace("\xa0", " ")
        assert "Ce document est le bon" in shown
        assert "l’essentiel" in shown


class TestForAll:
    @pytest.fixture(autouse=True)
    def _open(self, committee):
        committee.agree(
            propose_opening(committee.convention, is_open=True, by=committee.coordinator)
        )

    def test_the_public_addresses_of_files_stay(self, client, committee, edition):
        page = client.get(address(edition, "public_year")).content.decode()
        for name in ("docx", "xlsx"):
            url = address(edition, "public_file", 1, name)
            assert url in page
            assert client.get(url).status_code == 200
        url = address(edition, "public_essential", 1)
        assert url in page
        answer = client.get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert "public" in answer["Cache-Control"]
        assert not answer.cookies

    def test_a_file_not_drawn_yet_is_not_found(self, client, published_edition):
        assert client.get(address(published_edition, "public_essential", 1)).status_code == 404
        page = client.get(address(published_edition, "public_year"))
        assert "L’essentiel" not in page.content.decode()

    def test_no_file_is_found_once_the_page_is_closed(self, client, committee, edition):
        committee.agree(
            propose_opening(committee.convention, is_open=False, by=committee.coordinator)
        )
        assert client.get(address(edition, "public_essential", 1)).status_code == 404
        for name in ("docx", "xlsx"):
            assert client.get(address(edition, "public_file", 1, name)).status_code == 404
