"""An image is brought, made harmless, put into one's own draft."""

import io
import re
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from ctg_portal.rules import Refused
from documents.models import StoredFile
from evaluation.images.events import (
    add_illustration,
    correct_illustration,
    remove_illustration,
)
from evaluation.models import Illustration, Narrative, OwnDraft, Part
from evaluation.writing.events import give_theme, write_narrative, write_year_text
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of, value_of
from tests.documents.images import END, chunk, header, png, svg
from tests.evaluation.images.pictures import ALTERNATIVE, illustration, picture, upload
from tests.evaluation.publication.scene import YEAR, submitted, written_year
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return written_year()


@pytest.fixture
def writer(client, committee):
    client.force_login(committee.coordinator)
    return client


def url_of(committee, what: str = "", image: Illustration | None = None, part: str = "") -> str:
    name = f"evaluation:{'year_text' if part else 'narrative'}{what and '_'}{what}"
    where = [committee.convention.slug, YEAR, part or committee.theme.pk]
    return reverse(name, args=[*where, *([image.pk] if image else [])])


def as_stored(image: Illustration) -> Image.Image:
    with image.stored.file.open("rb") as file:
        return Image.open(io.BytesIO(file.read()))


class TestWhatIsKept:
    def test_a_stored_photograph_has_neither_place_nor_author(self, committee):
        image = as_stored(illustration(committee))
        assert (image.format, image.size) == ("JPEG", (60, 40))
        assert not image.getexif()
        assert "exif" not in image.info

    def test_a_stored_photograph_is_small_enough_for_a_page(self, committee):
        row = illustration(committee, content=picture(size=(3000, 1500)))
        assert as_stored(row).size == (row.width, row.height) == (2000, 1000)

    def test_a_photograph_of_thirty_megapixels_is_stored(self, committee):
        row = illustration(committee, content=picture(size=(6000, 5000), quality=40))
        assert max(as_stored(row).size) == 2000
        assert row.stored.size < 1024 * 1024

    def test_a_photograph_as_a_heavy_png_is_a_jpeg(self, committee):
        noise = io.BytesIO()
        Image.effect_noise((1300, 1300), 90).convert("RGB").save(noise, "PNG")
        row = illustration(committee, content=noise.getvalue())
        assert as_stored(row).format == "JPEG"
        assert (row.stored.content_type, row.stored.name) == ("image/jpeg", "cour.jpg")
        assert row.stored.size <= 1024 * 1024

    def test_a_transparent_image_stays_transparent(self, committee):
        noise = io.BytesIO()
        Image.effect_noise((1100, 1100), 90).convert("RGBA").save(noise, "PNG")
        row = illustration(committee, content=noise.getvalue())
        assert (as_stored(row).format, as_stored(row).mode) == ("PNG", "RGBA")
        assert row.stored.size <= 1024 * 1024

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
    def test_an_image_of_any_colour_mode_is_stored(self, committee, mode):
        row = illustration(committee, content=picture("PNG", mode=mode))
        assert as_stored(row).mode in {"L", "RGB", "RGBA"}

    def test_sixty_five_thousand_greys_are_not_white(self, committee):
        content = io.BytesIO()
        Image.new("I;16", (3, 3), 40_000).save(content, "PNG")
        assert (
            as_stored(illustration(committee, content=content.getvalue())).getpixel((1, 1)) == 156
        )

    def test_an_image_sent_twice_is_stored_once(self, committee):
        assert illustration(committee) == illustration(committee)
        assert StoredFile.objects.count() == 1
        assert illustration(committee, alternative="Un arbre") != illustration(committee)

    def test_an_image_counts_for_what_the_convention_may_deposit(self, committee):
        row = illustration(committee)
        assert StoredFile.objects.of(committee.convention).weight() == row.stored.size
        with override_settings(CONVENTION_UPLOADS_MB=0), pytest.raises(Refused, match="pèsent"):
            illustration(committee, content=picture(size=(61, 40)))


def bomb() -> bytes:
    rows = zlib.compress(b"\0" * 2_000_000)
    return png(header(width=30_000, height=30_000), chunk(b"IDAT", rows), END)


HOSTILE = {
    "a drawing with a script": ("plan.svg", svg("<script>alert(1)</script>"), "« .svg »"),
    "a drawing under another name": ("plan.png", svg("<script>alert(1)</script>"), "image PNG"),
    "a program under another name": ("photo.png", b"MZ" + b"\0" * 900, "image PNG"),
    "a program's name": ("photo.exe.jpg", picture(), "« .exe »"),
    "a bomb": ("photo.png", bomb(), "trop de pixels"),
    "a cut one": ("photo.jpg", picture()[:300], "image JPEG"),
    "another kind": ("acte.pdf", b"%PDF-1.4\n%%EOF", "« .pdf »"),
    "nothing": ("photo.jpg", b"", "vide"),
}


@pytest.mark.parametrize(("name", "content", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_harmful_image_is_refused_with_the_reason(writer, committee, name, content, reason):
    sent = {"upload": SimpleUploadedFile(name, content), "alternative": "Un arbre"}
    response = writer.post(url_of(committee, "add_image"), sent)
    assert response.status_code == 200
    assert reason in page_of(response).replace("\u00a0", " ")
    assert value_of(response, "alternative") == "Un arbre"
    assert not Illustration.objects.exists()
    assert not StoredFile.objects.exists()


class TestWhatIsSaid:
    def test_an_image_is_described_or_decorative(self, writer, committee):
        url = url_of(committee, "add_image")
        assert "Dites ce que montre l’image" in page_of(writer.post(url, {"upload": upload()}))
        sent = {"upload": upload(), "alternative": "Un arbre", "is_decorative": "on"}
        writer.post(url, sent)
        assert Illustration.objects.get().alternative == ""

    def test_an_image_without_description_is_refused_by_event_and_database(self, committee):
        with pytest.raises(Refused, match="Dites ce que montre"):
            illustration(committee, alternative=" ")
        with pytest.raises(Refused, match="500 caractères"):
            illustration(committee, alternative="x" * 501)
        with pytest.raises(ValidationError):
            illustration(committee, content=svg())

    def test_an_image_is_corrected_by_its_author_and_the_coordination(self, writer, committee):
        row = illustration(committee)
        url = url_of(committee, "image", row)
        page = writer.get(url)
        assert ALTERNATIVE in page.content.decode()
        sent = {"alternative": "Un arbre\nplanté", "caption": "Cour, 2023"}
        writer.post(url, sent | {"revision": value_of(page, "revision")})
        row.refresh_from_db()
        assert (row.alternative, row.caption) == ("Un arbre planté", "Cour, 2023")
        with pytest.raises(Refused):
            correct_illustration(row, alternative="x", by=committee.caf_member)

    def test_who_corrects_second_is_shown_both_texts(self, writer, committee):
        """Nobody puts back what somebody else has just corrected (rule 10)."""
        row = illustration(committee, caption="La cour")
        url = url_of(committee, "image", row)
        seen = value_of(writer.get(url), "revision")
        other = MembershipFactory(organisation=committee.epci, coordinator=True).user
        caption = "La cour, photo de Paul Durand, mai 2023"
        correct_illustration(row, alternative=row.alternative, caption=caption, by=other)
        sent = {"alternative": "Des enfants dans la cour", "caption": "La cour", "revision": seen}
        answer = writer.post(url, sent)
        page = page_of(answer)
        assert f"{other} a enregistré autre chose" in page
        assert "photo de Paul Durand" in page
        row.refresh_from_db()
        assert row.caption == caption
        assert value_of(answer, "alternative") == "Des enfants dans la cour"
        writer.post(url, sent | {"caption": caption, "revision": value_of(answer, "revision")})
        row.refresh_from_db()
        assert (row.alternative, row.caption) == ("Des enfants dans la cour", caption)

    def test_equal_words_are_no_conflict(self, writer, committee):
        row = illustration(committee, caption="La cour")
        url = url_of(committee, "image", row)
        sent = {"alternative": "Un arbre", "caption": "La cour"}
        sent["revision"] = value_of(writer.get(url), "revision")
        assert writer.post(url, sent).status_code == 302
        assert writer.post(url, sent).status_code == 302

    def test_markdown_in_the_words_stays_words(self, committee):
        row = illustration(committee, alternative="[Plan] `b` \\ de la *cour*](image:1)")
        assert re.fullmatch(r"!\[[^][`\\]+\]\(image:\d+\)", row.markdown)


class TestIntoTheText:
    def test_the_typed_text_is_stored_while_an_image_is_chosen(self, writer, committee):
        sent = {"text": "La cour a été refaite.", "revision": 1, "image": "oui", "curseur": "7"}
        response = writer.post(url_of(committee), sent)
        assert response.url == url_of(committee, "add_image") + "?place=7"
        assert OwnDraft.objects.get().text == "La cour a été refaite."
        assert value_of(writer.get(response.url), "place") == "7"

    def test_an_image_is_inserted_where_the_caret_was(self, writer, committee):
        writer.post(url_of(committee, "draft"), {"text": "Un.\r\n\r\nDeux.", "revision": 1})
        sent = {"upload": upload(), "alternative": "Un arbre", "place": "5"}
        response = writer.post(url_of(committee, "add_image"), sent)
        assert response.url == url_of(committee)
        row = Illustration.objects.get()
        assert OwnDraft.objects.get().text == f"Un.\n\n![Un arbre](image:{row.pk})\n\nDeux."
        assert Narrative.objects.get().text == "La crèche a ouvert."
        page = writer.get(url_of(committee))
        assert f'src="{address(committee, row)}" alt="Un arbre"' in page.content.decode()

    def test_an_image_without_caret_is_inserted_at_the_end(self, writer, committee):
        writer.post(
            url_of(committee, "add_image", part=Part.CONCLUSION),
            {"upload": upload(), "alternative": "Un arbre"},
        )
        row = Illustration.objects.get()
        draft = OwnDraft.objects.get()
        assert draft.text == f"Conclusion et perspectives.\n\n![Un arbre](image:{row.pk})"
        assert (draft.part, draft.revision) == (Part.CONCLUSION, 1)

    def test_a_place_beyond_the_text_is_its_end(self, writer, committee):
        sent = {"upload": upload(), "is_decorative": "on", "place": "999999"}
        writer.post(url_of(committee, "add_image"), sent)
        assert OwnDraft.objects.get().text.startswith("La crèche a ouvert.\n\n![image](image:")

    def test_a_text_that_is_too_long_is_refused_and_shown_again(self, writer, committee):
        sent = {"text": "x" * 200_001, "revision": 1, "image": "oui"}
        response = writer.post(url_of(committee), sent)
        assert response.status_code == 200
        assert value_of(response, "text") == sent["text"]

    def test_images_added_before_may_be_inserted_again(self, writer, committee):
        row = illustration(committee)
        sent = {"text": "Un.", "revision": 1, "reprendre": f"image-{row.pk}"}
        response = writer.post(url_of(committee), sent)
        assert value_of(response, "text") == f"Un.\n\n{row.markdown}"

    def test_the_page_costs_as_many_queries_for_many_images(
        self, writer, committee, django_assert_max_num_queries
    ):
        illustration(committee)
        with django_assert_max_num_queries(200) as few:
            writer.get(url_of(committee))
        for side in range(70, 75):
            illustration(committee, content=picture(size=(side, 40)))
        with django_assert_max_num_queries(len(few.captured_queries)):
            writer.get(url_of(committee))


def address(committee, row: Illustration) -> str:
    return reverse("evaluation:image", args=[committee.convention.slug, row.pk])


class TestRights:
    def test_who_writes_no_text_adds_no_image(self, client, committee):
        client.force_login(committee.caf_member)
        assert client.get(url_of(committee, "add_image")).status_code == 403
        with pytest.raises(Refused):
            illustration(committee, by=committee.caf_member)

    def test_who_is_given_a_theme_adds_images_and_corrects_their_own(self, client, committee):
        agent = MembershipFactory(organisation=committee.epci).user
        give_theme(committee.theme, YEAR, agent, by=committee.coordinator)
        others = illustration(committee)
        client.force_login(agent)
        sent = {"upload": upload(picture(size=(9, 9))), "alternative": "Un plan"}
        assert client.post(url_of(committee, "add_image"), sent).status_code == 302
        own = Illustration.objects.latest("pk")
        html = client.get(url_of(committee)).content.decode()
        assert f"image-{own.pk}" in html
        assert f"image-{others.pk}" not in html
        assert "Une image est corrigée" in page_of(client.get(url_of(committee, "image", others)))
        assert correct_illustration(own, alternative="Le plan", by=agent).alternative == "Le plan"

    def test_an_image_of_another_convention_is_not_found(self, writer, committee):
        other = illustration(committee_of())
        for name in ("image", "remove_image"):
            method = writer.post if name == "remove_image" else writer.get
            assert method(url_of(committee, name, other)).status_code == 404
        assert writer.get(address(committee, other)).status_code == 404


class TestRemoving:
    def test_an_image_that_no_text_shows_is_removed(self, writer, committee):
        row = illustration(committee)
        assert writer.post(url_of(committee, "remove_image", row)).status_code == 302
        row.refresh_from_db()
        assert row.removed_at
        assert f"image-{row.pk}" not in writer.get(url_of(committee)).content.decode()
        assert writer.get(url_of(committee, "image", row)).status_code == 404
        assert StoredFile.objects.of(committee.convention).weight()

    def test_an_image_shown_by_a_text_draft_or_submitted_content_is_not_removed(
        self, writer, committee
    ):
        row, by = illustration(committee), committee.coordinator
        writer.post(url_of(committee, "draft"), {"text": row.markdown, "revision": 1})
        with pytest.raises(Refused, match="brouillon"):
            remove_illustration(row, by=by)
        write_narrative(committee.theme, YEAR, row.markdown, revision=1, by=by)
        with pytest.raises(Refused, match="montre cette image"):
            remove_illustration(row, by=by)
        page = page_of(writer.get(url_of(committee, "image", row)))
        assert "montrée dans un texte" in page
        assert "retirez-la d’abord" in page
        submitted(committee)
        Narrative.objects.update(text="Autre chose.")
        with pytest.raises(Refused, match="soumise"):
            remove_illustration(row, by=by)

    def test_an_image_whose_key_begins_another_is_distinguished(self, committee):
        row = illustration(committee)
        text = f"![x](image:{row.pk}1)"
        write_year_text(
            committee.convention, YEAR, Part.CONCLUSION, text, revision=1, by=committee.coordinator
        )
        remove_illustration(row, by=committee.coordinator)
        assert Illustration.objects.get().removed_at


def test_somebody_elses_upload_is_not_added_for_them(committee):
    with pytest.raises(Refused):
        add_illustration(
            committee.convention, upload(), alternative="x", by=MembershipFactory(reader=True).user
        )
