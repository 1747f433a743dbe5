"""Stored logos, checked again, to be embedded in a document.

They were cleaned when they were loaded; a file changed on the disk since is cleaned again, or not
drawn.
"""

import base64

from django.db.models.fields.files import FieldFile

from documents.logos import MAX_SIZE, LogoError, clean_image

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def logo_data_url(logo: FieldFile) -> str:
    """Return the ``data:`` URL of a stored logo; empty if it is missing or damaged."""
    image, kind = _image(logo)
    return f"data:{TYPES[kind]};base64,{base64.b64encode(image).decode()}" if image else ""


def logo_png(logo: FieldFile) -> bytes:
    """Return a stored logo in PNG; empty if it is no PNG, missing or damaged."""
    image, kind = _image(logo)
    return image if kind == "png" else b""


def _image(logo: FieldFile) -> tuple[bytes, str]:
    """Return a stored logo, cleaned again, and its kind; both empty if it is missing or damaged."""
    if not logo:
        return b"", ""
    try:
        with logo.open("rb") as file:
            return clean_image(file.read(MAX_SIZE + 1))
    except (OSError, LogoError):
        return b"", ""
