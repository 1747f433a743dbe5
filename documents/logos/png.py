"""PNG images: decoded, and encoded again without anything but their pixels."""

import io
import struct
import warnings

from PIL import Image, UnidentifiedImageError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = SIGNATURE + b"\0\0\0\rIHDR"
MAX_SIDE = 4000
# The exceptions that Pillow raises for a damaged image.
UNSOUND = (IndexError, OSError, SyntaxError, ValueError, struct.error)

DAMAGED = "cette image PNG est abîmée ; l’enregistrer de nouveau"


class LogoError(ValueError):
    """The file is not an acceptable logo; the message says why, in French."""


def clean_png(data: bytes) -> bytes:
    """Return a PNG of the same pixels and nothing else. Raises LogoError for an image that is
    damaged or huge."""
    image = check_png(data)
    if image.mode not in {"1", "L", "LA", "P", "RGB", "RGBA"}:
        image = image.convert("RGB")
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}
    cleaned = io.BytesIO()
    image.save(cleaned, "PNG", optimize=True)
    return cleaned.getvalue()


def check_png(data: bytes) -> Image.Image:
    """Return the decoded image. Raises LogoError for one that is damaged or huge."""
    if not data.startswith(HEADER) or len(data) < len(HEADER) + 8:
        raise LogoError(DAMAGED)
    check_sides(*struct.unpack_from(">II", data, len(HEADER)))
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.verify()  # the checksums, which decoding passes over
        image = Image.open(io.BytesIO(data), formats=["PNG"])
        image.load()
    except UNSOUND:
        raise LogoError(DAMAGED) from None
    return image


def check_sides(width: int, height: int) -> None:
    """Raise LogoError unless both sides are from 1 to MAX_SIDE pixels."""
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise LogoError(
            f"cette image mesure {width} × {height} pixels ; {MAX_SIDE} au plus de chaque côté"
        )


def check_picture(data: bytes) -> None:
    """Raise LogoError for a picture within a drawing that is damaged, or decompresses into
    gigabytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            sides = Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "GIF"]).size
    except UnidentifiedImageError:
        raise LogoError("cette image SVG contient une image abîmée") from None
    except Image.DecompressionBombError:
        raise LogoError(f"cette image en contient une de plus de {MAX_SIDE} pixels") from None
    check_sides(*sides)
