"""The parties' logos within a document: checked again, and carried in it."""

import base64

from documents.logos import MAX_SIZE, LogoError, check_logo

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def logo_address(logo) -> str:
    """The ``data:`` address of a stored logo; empty without one that is there, sound and harmless.

    It was checked when it was loaded; a file changed on the disk since is not drawn.
    """
    if not logo:
        return ""
    try:
        with logo.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
        content_type = TYPES[check_logo(content)]
    except (OSError, LogoError):
        return ""
    return f"data:{content_type};base64,{base64.b64encode(content).decode()}"
