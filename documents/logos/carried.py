"""Stored logos, checked again, to be embedded in a document."""

import base64

from django.db.models.fields.files import FieldFile

from documents.logos.pictures import (
    DAMAGED,
    MAX_SIZE,
    LogoError,
    check_picture,
    decode_picture,
)


def logo_data_url(logo: FieldFile) -> str:
    """Return the ``data:`` URL of a stored logo; empty if it is missing or damaged."""
    image = stored_png(logo)
    return f"data:image/png;base64,{base64.b64encode(image).decode()}" if image else ""


def stored_png(logo: FieldFile) -> bytes:
    """Return the PNG of a stored logo; empty if it is missing or damaged."""
    if not logo:
        return b""
    try:
        with logo.open("rb") as file:
            image = file.read(MAX_SIZE + 1)
        check_picture(image)
        decode_picture(image, ["PNG"], DAMAGED)
    except (OSError, LogoError):
        return b""
    return image
