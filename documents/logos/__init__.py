"""Logos, as offices have them: a PNG or a JPEG, kept as a PNG of its pixels alone."""

import io

from PIL import Image, ImageOps

from documents.logos.pictures import MAX_SIZE, UNSOUND, LogoError, decode_picture

__all__ = ["LogoError", "clean_logo"]

MAX_UPLOADED = 20 * 1024 * 1024
# Pixels of the longer side: enough for ten centimetres in print; less where a logo stays heavy.
SIDES = (1200, 800, 400)
TOO_LARGE = "ce logo dépasse 20 Mo"
UNKNOWN = "ce fichier n’est ni une image PNG ni une image JPEG"
SVG = (
    "une image SVG ne peut pas être reprise dans les documents : l’ouvrir dans le logiciel qui l’a "
    "faite, et l’enregistrer en PNG"
)
KEPT_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}


def clean_logo(data: bytes) -> bytes:
    """Return a logo as a PNG that has nothing but its pixels, at most 1200 wide or high; cleaning
    it again changes nothing. Raises LogoError, with a French message, for a file that is neither
    PNG nor JPEG, is damaged, or is larger than a logo has reason to be."""
    if len(data) > MAX_UPLOADED:
        raise LogoError(TOO_LARGE)
    if b"<svg" in data[:4096] or b":svg" in data[:4096]:
        raise LogoError(SVG)
    image = _upright(decode_picture(data, ["PNG", "JPEG"], UNKNOWN))
    if image.mode not in KEPT_MODES:
        image = image.convert("RGB")
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}
    cleaned = b""
    for side in SIDES:
        cleaned = _encode(image, side)
        if len(cleaned) <= MAX_SIZE:
            break
    return cleaned


def _upright(image: Image.Image) -> Image.Image:
    """Return a photo turned as its notes say; as it is where they cannot be read."""
    try:
        return ImageOps.exif_transpose(image)
    except UNSOUND:
        return image


def _encode(image: Image.Image, side: int) -> bytes:
    """Return the image as a PNG, reduced to ``side`` pixels where it is wider or higher."""
    if max(image.size) > side:
        image = image.convert("RGBA")
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    image.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()
