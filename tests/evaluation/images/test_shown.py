"""Where a text shows an image: pages, documents, what is published; and to whom."""

import base64
import datetime
import hashlib
import io
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from documents.storage import find_orphans
from evaluation.images.events import correct_illustration, remove_illustration
from evaluation.models import Edition, Part
from evaluation.opening.events import propose_opening
from evaluation.period import TERM
from evaluation.publication import events
from evaluation.publication.snapshots import content_of
from evaluation.report.document import draw, write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from evaluation.writing.events import (
    give_theme,
    write_criterion,
    write_narrative,
    write_year_text,
)
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.documents.reading import drawings, faults
from tests.evaluation.images.pictures import ALTERNATIVE, illustration, picture
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    keep_drawn,
    now,
    proposed,
    published,
    submitted,
    written_year,
)
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 4, 12)
MOMENT = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)
PROJECT = Mark.project(DAY)


@told_once
def without_image(db):
    return written_year()


@pytest.fixture
def committee(without_image):
    """With ``image``, shown in the text of a theme, told in a sentence too; its file lies in the
    folder of the test."""
    committee = without_image
    committee.image = illustration(committee, caption="La cour ; 2023")
    show(committee, f"Avant.\n\n{committee.image.markdown}\n\nAprès.", revision=1)
    return committee


def show(committee, text: str, revision: int) -> None:
    write_narrative(committee.theme, YEAR, text, revision=revision, by=committee.coordinator)


def address(committee, image=None) -> str:
    pk = (image or committee.image).pk
    return reverse("evaluation:image", args=[committee.convention.slug, pk])


def year_url(committee) -> str:
    return reverse("evaluation:year", args=[committee.convention.slug, YEAR])


def content(committee):
    return read_report(committee.convention, committee.campaign)


class TestOnPages:
    def test_the_page_of_the_year_shows_an_image_with_its_words(self, client, committee):
        client.force_login(committee.coordinator)
        html = client.get(f"{year_url(committee)}?theme=tout").content.decode()
        assert f'src="{address(committee)}" alt="{ALTERNATIVE}" width="60" height="40"' in html
        assert "<figcaption>La cour\u202f; 2023</figcaption>" in html

    def test_the_preview_shows_an_image(self, client, committee):
        client.force_login(committee.coordinator)
        where = [committee.convention.slug, YEAR, "introduction"]
        url = reverse("evaluation:year_text_preview", args=where)
        html = client.post(url, {"text": committee.image.markdown}).content.decode()
        assert f'src="{address(committee)}"' in html

    @pytest.mark.parametrize(
        "source",
        ["image:999999", "http://127.0.0.1:9/x.png", "file:///etc/passwd", "image:0", "x.png",
         "data:image/png;base64,AAAA", "//x.example/a.png", "image:1/../../2"],
    )  # fmt: skip
    def test_an_address_elsewhere_gives_way_to_words(self, client, committee, source):
        show(committee, f"![Une cour]({source})", revision=2)
        client.force_login(committee.coordinator)
        html = client.get(f"{year_url(committee)}?theme=tout").content.decode()
        assert "<em>[Image introuvable\u00a0: Une cour]</em>" in html.replace("&nbsp;", "\u00a0")
        assert "127.0.0.1:9" not in html
        assert "<img" not in html
        written = write(content(committee), PROJECT)
        assert "Image introuvable" in written
        assert content(committee).images == []

    def test_an_image_of_another_convention_gives_way_to_words(self, client, committee):
        other = illustration(committee_of())
        show(committee, other.markdown, revision=2)
        assert content(committee).images == []
        assert "Image introuvable" in write(content(committee), PROJECT)

    def test_a_decorative_image_has_no_words(self, client, committee):
        bare = illustration(committee, alternative="", is_decorative=True)
        show(committee, bare.markdown, revision=2)
        client.force_login(committee.coordinator)
        html = client.get(f"{year_url(committee)}?theme=tout").content.decode()
        assert f'src="{address(committee, bare)}" alt=""' in html


class TestInDocuments:
    def test_the_pdf_with_an_image_is_accessible_and_always_the_same(self, committee):
        seen_through = illustration(committee, content=picture("PNG", mode="LA"))
        bare = illustration(
            committee, content=picture("PNG", (20, 20)), alternative="", is_decorative=True
        )
        text = f"Trois : {seen_through.markdown}, {bare.markdown}.\n\n- {bare.markdown}\n- b"
        write_year_text(
            committee.convention, YEAR, Part.CONCLUSION, text, revision=1, by=committee.coordinator
        )
        report = replace(content(committee), sections=["axes", "closing"])
        document = draw(write(report, PROJECT), report, PROJECT, MOMENT)
        assert faults(document.content) == []
        assert drawings(document.content).count(ALTERNATIVE) == 2
        assert document.content == draw(write(report, PROJECT), report, PROJECT, MOMENT).content

    def test_the_word_file_has_an_image_with_its_words(self, committee):
        document = docx.Document(io.BytesIO(docx_of(content(committee), PROJECT)))
        [shown] = document.inline_shapes
        assert shown._inline.docPr.get("descr") == ALTERNATIVE
        assert shown.width.cm < 2
        assert any("La cour" in paragraph.text for paragraph in document.paragraphs)

    def test_a_large_image_stays_on_the_page(self, committee):
        large = illustration(committee, content=picture(size=(1900, 1900)))
        show(committee, large.markdown, revision=2)
        document = docx.Document(io.BytesIO(docx_of(content(committee), PROJECT)))
        [shown] = document.inline_shapes
        assert (round(shown.width.cm), round(shown.height.cm)) == (11, 11)
        report = replace(content(committee), sections=["axes"])
        assert faults(draw(write(report, PROJECT), report, PROJECT, MOMENT).content) == []

    def test_nothing_is_fetched_for_an_image_whose_file_is_gone(self, committee):
        Path(committee.image.stored.file.path).unlink()
        assert f"Image introuvable\u00a0: {ALTERNATIVE}" in write(content(committee), PROJECT)
        document = docx.Document(io.BytesIO(docx_of(content(committee), PROJECT)))
        assert len(document.inline_shapes) == 0


class TestPublished:
    def test_the_digest_covers_the_file_and_its_words(self, committee):
        before = content(committee)
        [image] = before.images
        file = Path(committee.image.stored.file.path).read_bytes()
        assert image.sha256 == hashlib.sha256(file).hexdigest()
        correct_illustration(committee.image, alternative="Autre", by=committee.coordinator)
        after = content(committee)
        assert after.digest != before.digest
        assert after.analyses_digest != before.analyses_digest

    def test_an_image_replaced_by_another_is_another_content(self, committee):
        before = content(committee).digest
        other = illustration(committee, content=picture(size=(61, 40)), caption="La cour ; 2023")
        show(committee, f"Avant.\n\n{other.markdown}\n\nAprès.", revision=2)
        assert content(committee).digest != before

    def test_a_published_image_stays_when_corrected_and_removed(self, client, committee):
        edition = published(committee)
        correct_illustration(committee.image, alternative="Autre", by=committee.coordinator)
        show(committee, "Sans image.", revision=2)
        remove_illustration(committee.image, by=committee.coordinator)
        frozen = content_of(Edition.objects.with_all().get(pk=edition.pk).snapshot)
        assert [image.alternative for image in frozen.images] == [ALTERNATIVE]
        html = write(frozen, Mark.published(1, DAY))
        data = base64.b64encode(Path(committee.image.stored.file.path).read_bytes()).decode()
        assert f'src="data:image/jpeg;base64,{data}" alt="{ALTERNATIVE}"' in html
        reader = MembershipFactory(organisation=committee.caf, reader=True).user
        client.force_login(reader)
        shown = client.get(f"{year_url(committee)}?theme=tout").content.decode()
        assert f'src="{address(committee)}" alt="{ALTERNATIVE}"' in shown
        assert client.get(address(committee)).content.startswith(b"\xff\xd8")

    def test_correcting_the_words_returns_what_is_submitted(self, client, committee):
        edition = proposed(committee)
        client.force_login(committee.coordinator)
        where = [committee.convention.slug, YEAR, committee.theme.pk, committee.image.pk]
        page = page_of(client.get(reverse("evaluation:narrative_image", args=where)))
        assert "elle est rendue à la rédaction" in page
        correct_illustration(committee.image, alternative="Autre", by=committee.coordinator)
        assert now(edition).state == "returned"

    def test_an_image_that_a_criterion_shows_is_not_removed(self, committee):
        show(committee, "Sans image.", revision=2)
        markdown, by = committee.image.markdown, committee.coordinator
        write_criterion(committee.convention, "impact", markdown, "", revision=0, by=by)
        with pytest.raises(Refused, match="montre cette image"):
            remove_illustration(committee.image, by=by)
        term = read_report(committee.convention, committee.campaign, TERM)
        assert [image.key for image in term.images] == [committee.image.pk]

    def test_correcting_an_image_that_nothing_submitted_shows_returns_nothing(self, committee):
        other = illustration(committee, content=picture(size=(9, 9)))
        edition = submitted(committee)
        correct_illustration(other, alternative="Autre", by=committee.coordinator)
        assert now(edition).is_submitted

    @pytest.mark.parametrize("content", [b"", b"\xff\xd8\xffanother"])
    def test_nothing_is_published_without_the_file_of_an_image_or_with_another(
        self, committee, content
    ):
        edition = agreed(committee)
        path = Path(committee.image.stored.file.path)
        path.write_bytes(content) if content else path.unlink()
        printing = events.request_publication(edition, by=committee.coordinator)
        assert not compose(printing)
        printing.refresh_from_db()
        assert printing.is_failed
        assert "n’est plus celle qui a été acceptée" in printing.transitions.last().reason
        assert now(edition).is_proposed

    def test_changed_words_of_an_image_are_described_as_a_draft(self, client, committee):
        seen = agreed(committee)
        by = committee.coordinator
        events.give_back(now(seen), "À revoir.", by=by)
        correct_illustration(committee.image, alternative="Une autre cour", by=by)
        version = now(proposed(committee)).version
        assert "Une autre cour" not in version.content["changes"]
        client.force_login(committee.caf_member)
        url = reverse("evaluation:publication", args=[committee.convention.slug, YEAR])
        assert "texte de remplacement" in page_of(client.get(url))


class TestServed:
    """An image is served to who may read a text that shows it."""

    def test_an_image_is_served_with_headers_that_let_nothing_run(self, client, committee):
        client.force_login(committee.coordinator)
        response = client.get(address(committee))
        assert response["Content-Type"] == "image/jpeg"
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert client.post(address(committee)).status_code == 405

    def test_an_unpublished_image_is_served_to_who_reads_drafts(self, client, committee):
        unused = illustration(committee, content=picture(size=(9, 9)))
        reader = MembershipFactory(organisation=committee.caf, reader=True).user
        outside = MembershipFactory(coordinator=True).user
        statuses = [
            (committee.coordinator, 200, 200),
            (committee.caf_member, 200, 404),
            (reader, 404, 404),
            (outside, 404, 404),
        ]
        for user, used, not_used in statuses:
            client.force_login(user)
            assert client.get(address(committee)).status_code == used
            assert client.get(address(committee, unused)).status_code == not_used

    def test_an_image_is_served_to_who_is_given_the_theme_that_shows_it(self, client, committee):
        agent = MembershipFactory(organisation=committee.epci).user
        client.force_login(agent)
        assert client.get(address(committee)).status_code == 404
        give_theme(committee.theme, YEAR, agent, by=committee.coordinator)
        assert client.get(address(committee)).status_code == 200
        write_narrative(committee.theme, YEAR, "Sans.", revision=2, by=committee.coordinator)
        write_year_text(
            committee.convention, YEAR, Part.CONCLUSION, committee.image.markdown, revision=1,
            by=committee.coordinator,
        )  # fmt: skip
        assert client.get(address(committee)).status_code == 404

    def test_a_published_image_is_served_to_everybody_for_ever(self, client, committee):
        public = reverse(
            "evaluation:public_image", args=[committee.convention.slug, YEAR, 1, committee.image.pk]
        )
        published(committee)
        assert client.get(public).status_code == 404  # the parties have opened nothing
        by = committee.coordinator
        committee.agree(propose_opening(committee.convention, is_open=True, by=by))
        other = illustration(committee, content=picture(size=(9, 9)))
        show(committee, other.markdown, revision=2)
        remove_illustration(committee.image, by=by)
        response = client.get(public)
        assert response.status_code == 200
        assert "public" in response["Cache-Control"]
        assert not response.cookies
        page = reverse("evaluation:public_year", args=[committee.convention.slug, YEAR])
        html = client.get(page).content.decode()
        assert f'src="{public}" alt="{ALTERNATIVE}"' in html
        other_address = public.replace(f"/{committee.image.pk}/", f"/{other.pk}/")
        assert client.get(other_address).status_code == 404
        assert client.get(public.replace("/v1/", "/v2/")).status_code == 404


class TestKept:
    def test_the_file_of_an_image_is_never_swept(self, committee):
        published(committee)
        show(committee, "Sans.", revision=2)
        remove_illustration(committee.image, by=committee.coordinator)
        lost, _ = find_orphans()
        assert Path(committee.image.stored.file.path) not in lost

    def test_a_published_image_is_not_erased(self, committee):
        asked = {"asked_by": "Mme Martin", "reason": "On m’y reconnaît"}
        sha256 = committee.image.stored.sha256
        published(committee)
        with pytest.raises(CommandError, match="figure dans l’évaluation annuelle 2023"):
            call_command("erase_file", sha256, **asked)
        other = illustration(committee, content=picture(size=(9, 9)))
        call_command("erase_file", other.stored.sha256, **asked)
        other.stored.refresh_from_db()
        assert other.stored.erased_at

    def test_an_erased_image_gives_way_to_words(self, client, committee):
        call_command("erase_file", committee.image.stored.sha256, asked_by="X", reason="Y")
        client.force_login(committee.coordinator)
        assert client.get(address(committee)).status_code == 404
        assert "Image introuvable" in write(content(committee), PROJECT)


def test_keep_drawn_finds_the_images_of_a_published_evaluation(committee):
    """A published evaluation has its images among what its snapshot points to."""
    edition = agreed(committee)
    keep_drawn(events.request_publication(edition, by=committee.coordinator))
    assert [one.pk for one in now(edition).snapshot.images.all()] == [committee.image.pk]
    assert re.search(r'"images": \[\{', now(edition).snapshot.text)
