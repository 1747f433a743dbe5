"""Which images a logo may be, and what is kept of them."""

import io

import pytest
from PIL import Image

from documents import logos
from documents.logos import LogoError, clean_logo
from documents.logos.pictures import DAMAGED, MAX_SIZE, TOO_MANY_PIXELS
from tests.documents.images import END, PIXELS, chunk, header, png, svg


def refusal(data: bytes) -> str:
    with pytest.raises(LogoError) as caught:
        clean_logo(data)
    return str(caught.value)


def pixels(data: bytes) -> tuple:
    image = Image.open(io.BytesIO(data))
    return image.size, image.convert("RGBA").tobytes()


def picture(kind: str, size=(30, 20), mode: str = "RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7", b"<html/>"])
def test_other_files_are_refused(data):
    assert refusal(data) == "ce fichier n’est ni une image PNG ni une image JPEG"


@pytest.mark.parametrize("data", [svg(), b"<?xml version='1.0'?>" + svg()])
def test_an_svg_is_refused_with_what_to_do(data):
    assert refusal(data).endswith("et l’enregistrer en PNG")


def test_a_damaged_jpeg_is_refused():
    assert refusal(picture("JPEG")[:200]) == DAMAGED


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(logos, "MAX_UPLOADED", len(png()))
    assert refusal(png() + b" ") == "ce logo dépasse 20 Mo"
    assert clean_logo(png())


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_is_kept_as_a_png(mode):
    image = Image.open(io.BytesIO(clean_logo(picture("JPEG", mode=mode))))
    assert (image.format, image.size) == ("PNG", (30, 20))


def test_a_photo_that_lies_on_its_side_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.open(io.BytesIO(clean_logo(picture("JPEG", exif=exif))))
    assert image.size == (20, 30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_logo_is_reduced(kind):
    cleaned = clean_logo(picture(kind, (7000, 3500)))
    assert Image.open(io.BytesIO(cleaned)).size == (1200, 600)
    assert clean_logo(cleaned) == cleaned


def test_a_logo_of_more_pixels_than_can_be_decoded_is_refused():
    assert refusal(png(width=30_000, height=30_000)) == TOO_MANY_PIXELS


def test_a_heavy_logo_is_reduced_until_documents_can_carry_it():
    noise = Image.effect_noise((1300, 1300), 90).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    assert len(clean_logo(file.getvalue())) <= MAX_SIZE


class TestPng:
    @pytest.mark.parametrize(
        "fields",
        [{}, {"width": 1200, "height": 1200}, {"depth": 16}, {"colour": 0, "depth": 1},
         {"colour": 3, "depth": 4}, {"colour": 6}, {"colour": 4}, {"interlace": 1}],
        ids=str,
    )  # fmt: skip
    def test_a_png_of_any_accepted_kind_keeps_its_pixels(self, fields):
        image = png(**fields)
        logo = clean_logo(image)
        assert pixels(logo) == pixels(image)
        assert clean_logo(logo) == logo

    def test_a_cleaned_png_has_its_pixels_alone(self):
        exif = b"Exif\0\0Caf"
        image = png(header(), chunk(b"tEXt", b"Author\0Caf"), chunk(b"eXIf", exif), PIXELS, END)
        assert b"Caf" in image
        assert b"Caf" not in clean_logo(image)

    def test_a_transparent_png_stays_transparent(self):
        colour = chunk(b"tRNS", b"\0\xff\0\xff\0\xff")
        image = png(header(), colour, PIXELS, END)
        assert pixels(clean_logo(image)) == ((1, 1), b"\xff\xff\xff\0")

    @pytest.mark.parametrize(("width", "height"), [(0, 1), (1, 0)])
    def test_a_png_without_pixels_is_refused(self, width, height):
        assert refusal(png(width=width, height=height)) == DAMAGED

    @pytest.mark.parametrize(
        "fields",
        [{"depth": 3}, {"depth": 4}, {"colour": 1}, {"colour": 3, "depth": 16}, {"colour": 7},
         {"filtering": 1}],
        ids=str,
    )  # fmt: skip
    def test_a_png_with_an_impossible_header_is_refused(self, fields):
        assert refusal(png(**fields)) == DAMAGED

    @pytest.mark.parametrize(
        "chunks",
        [(PIXELS, header(), END), (chunk(b"IHDR", b"short"), PIXELS, END), (END,),
         (header(), PIXELS)],
        ids=["order", "short header", "only the end", "no end"],
    )  # fmt: skip
    def test_a_png_with_impossible_chunks_is_refused(self, chunks):
        assert refusal(png(*chunks)) == DAMAGED

    @pytest.mark.parametrize("cut", range(8, len(png())))
    def test_a_png_cut_anywhere_is_refused_or_sound(self, cut):
        self.is_refused_or_sound(png()[:cut])

    @pytest.mark.parametrize("position", range(8, len(png())))
    def test_a_png_with_any_changed_byte_is_refused_or_sound(self, position):
        spoilt = bytearray(png())
        spoilt[position] ^= 0x55
        self.is_refused_or_sound(bytes(spoilt))

    @staticmethod
    def is_refused_or_sound(image):
        """The library forgives what does not touch the pixels; what is kept is sound."""
        try:
            logo = clean_logo(image)
        except LogoError:
            return
        assert pixels(logo) == pixels(png())
        assert clean_logo(logo) == logo

    def test_bytes_after_the_end_of_a_png_are_removed(self):
        assert clean_logo(png() + b"<?php") == clean_logo(png())
