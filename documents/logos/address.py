"""The parties' logos within a document: checked again, and carried in it."""

import base64

from documents.logos import MAX_SIZE, LogoError, harmless

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def logo_address(logo) -> str:
    """The ``data:`` address of a stored logo; empty without one that is there and sound.

    It was cleaned when it was loaded; a file changed on the disk since is cleaned again, or not
    drawn.
    """
    if not logo:
        return ""
    try:
        with logo.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
        drawn, kind = harmless(content)
    except (OSError, LogoError):
        return ""
    return f"data:{TYPES[kind]};base64,{base64.b64encode(drawn).decode()}"
