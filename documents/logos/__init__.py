"""Logos are accepted by their content, whatever their name: a sound PNG or a harmless SVG.

A checked SVG is safe to show as an image (``<img>``, PDF). It must not be pasted into a page: HTML
reads some harmless XML in another way.
"""

from typing import Literal

from documents.logos.errors import LogoError
from documents.logos.png import SIGNATURE, check_png
from documents.logos.svg import check_svg

__all__ = ["MAX_SIZE", "LogoError", "check_logo"]

MAX_SIZE = 1024 * 1024


def check_logo(data: bytes) -> Literal["png", "svg"]:
    """Tell which kind of image ``data`` is; raises LogoError, with a French message, for others."""
    if len(data) > MAX_SIZE:
        raise LogoError("ce logo dépasse 1 Mo")
    if data.startswith(SIGNATURE):
        check_png(data)
        return "png"
    if b"<svg" in data or b":svg" in data:
        check_svg(data)
        return "svg"
    raise LogoError("ce fichier n’est ni une image PNG ni une image SVG")
