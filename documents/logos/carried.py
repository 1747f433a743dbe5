"""The parties' logos within a document: checked again, and carried in it.

They were cleaned when they were loaded; a file changed on the disk since is cleaned again, or not
drawn.
"""

import base64

from documents.logos import MAX_SIZE, LogoError, harmless

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def logo_address(logo) -> str:
    """The ``data:`` address of a stored logo; empty without one that is there and sound."""
    image, kind = _image(logo)
    return f"data:{TYPES[kind]};base64,{base64.b64encode(image).decode()}" if image else ""


def logo_png(logo) -> bytes:
    """A stored logo, for what reads no SVG; empty without a PNG that is there and sound."""
    image, kind = _image(logo)
    return image if kind == "png" else b""


def _image(logo) -> tuple[bytes, str]:
    if not logo:
        return b"", ""
    try:
        with logo.open("rb") as file:
            return harmless(file.read(MAX_SIZE + 1))
    except (OSError, LogoError):
        return b"", ""
