"""Photographs and scans, stored as their pixels only: upright, without place, camera or author; and
made small where pages and documents show them."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from threading import Lock

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from documents.dangers import MAX_SIZE
from documents.logos import MAX_SIZE as LIGHT

# A page of A4 at 600 dots per inch has 35 million.
MAX_PIXELS = 40_000_000
# Each takes up to 300 MB while it is redrawn.
ONE_AT_A_TIME = Lock()
JPEG_MODES, PNG_MODES = {"L", "RGB"}, {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}

# Options of encoding; the first result that is small enough is stored.
WAYS = {
    "JPEG": [{"quality": 90}, {"quality": 75}, {"quality": 50}],
    "PNG": [{}, {"compress_level": 9}],
}

# Pictures that are shown: as wide as a page in print, and light enough for a document with many.
LONGEST_SIDE = 2000
SHOWN_WAYS = [{"quality": 85}, {"quality": 70}, {"quality": 50}, {"quality": 30}]


def redraw(file: File, image_format: str) -> File:
    """Return the picture with its pixels only, in the same format, ``JPEG`` or ``PNG``.

    Raises ValidationError for one of too many pixels, before it is decoded; ValueError, OSError
    and the others of ``UNSOUND`` for one that is damaged or of another format.
    """
    with _decoding(file, image_format) as opened:
        return ContentFile(_encoded(opened, image_format), name=file.name)


def redraw_to_show(file: File, image_format: str) -> File:
    """Return the picture for pages and documents: its pixels only, LONGEST_SIDE pixels and LIGHT
    bytes at most. A photograph in a heavy PNG becomes a JPEG, and is renamed. Raises as
    ``redraw``."""
    with _decoding(file, image_format) as opened:
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        image = _plain(ImageOps.exif_transpose(opened))
        content = b"" if image_format == "JPEG" else _light_png(image)
    if content:
        return ContentFile(content, name=file.name)
    name = str(PurePosixPath(file.name).with_suffix(".jpg"))
    return ContentFile(_light_jpeg(image), name=name)


@contextmanager
def _decoding(file: File, image_format: str) -> Iterator[Image.Image]:
    """Open an image for decoding, one at a time in this process. Raises ValidationError for one of
    more than MAX_PIXELS."""
    file.seek(0)
    with ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            opened = Image.open(file, formats=[image_format])
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        if opened.width * opened.height > MAX_PIXELS:
            raise _too_large()
        yield opened


def _encoded(opened: Image.Image, image_format: str) -> bytes:
    """Encode an image upright, with its pixels, colour profile, resolution and transparency only,
    in MAX_SIZE bytes at most. Raises ValidationError where it does not fit."""
    info = {name: opened.info[name] for name in ("icc_profile", "dpi") if name in opened.info}
    if "transparency" in opened.info and opened.mode in {"1", "L", "P", "RGB"}:
        info["transparency"] = opened.info["transparency"]
    image = ImageOps.exif_transpose(opened)
    if image.mode not in (JPEG_MODES if image_format == "JPEG" else PNG_MODES):
        image, info = image.convert("RGB"), {}  # the profile is one of the former colours
    image.info = {}
    for options in WAYS[image_format]:
        content = io.BytesIO()
        image.save(content, image_format, **info, **options)
        if content.tell() <= MAX_SIZE:
            return content.getvalue()
    raise _too_large()


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels of an image only: grey, in colours, or in colours with transparency."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode.startswith("I"):  # 65,536 greys
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    else:
        image = image.convert("L" if image.mode in {"1", "L"} else "RGB")
    image.info = {}
    return image


def _light_png(image: Image.Image) -> bytes:
    """Encode an image as a light PNG, smaller if need be; return b"" where it is too heavy and has
    no transparency: it is then better a JPEG."""
    while True:
        content = io.BytesIO()
        image.save(content, "PNG", optimize=True)
        if content.tell() <= LIGHT:
            return content.getvalue()
        if image.mode != "RGBA":
            return b""
        image = image.resize((image.width * 2 // 3, image.height * 2 // 3))


def _light_jpeg(image: Image.Image) -> bytes:
    """Encode an image as a JPEG of LIGHT bytes at most, in the best quality that fits. Raises
    ValidationError where none does."""
    for options in SHOWN_WAYS:
        content = io.BytesIO()
        image.save(content, "JPEG", optimize=True, **options)
        if content.tell() <= LIGHT:
            return content.getvalue()
    raise _too_large()


def _too_large() -> ValidationError:
    """Return the error for an image with too many pixels, or too large once encoded."""
    return ValidationError(
        "Cette image compte trop de pixels\u00a0: réduisez-la, à 6\u202f000 pixels de large par"
        " exemple, puis envoyez-la.",
        code="huge",
    )
