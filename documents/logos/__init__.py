"""Logos: recognised by their content, whatever their name, and stored as libraries rewrite them.

A PNG is decoded and encoded again; an SVG is rebuilt from its drawing elements, without programs
and pages, and has a copy in PNG for programs that read no SVG. A stored SVG is safe to show as an
image (``<img>``, PDF). It must not be pasted into a page: HTML parses some harmless XML otherwise.
"""

from dataclasses import dataclass

from documents.logos.drawing import draw
from documents.logos.png import SIGNATURE, LogoError, check_png, clean_png
from documents.logos.svg import clean_svg

__all__ = ["MAX_SIZE", "Logo", "LogoError", "clean_image", "clean_logo"]

MAX_SIZE = 1024 * 1024
TOO_LARGE = "ce logo dépasse 1 Mo"
UNKNOWN = "ce fichier n’est ni une image PNG ni une image SVG"


@dataclass(frozen=True)
class Logo:
    """A logo as it is stored. ``kind``: ``png`` or ``svg``; ``png``: the copy of an SVG."""

    data: bytes
    kind: str
    png: bytes = b""


def clean_logo(data: bytes) -> Logo:
    """Clean an uploaded logo, PNG or SVG; an SVG is drawn as PNG too. Raises LogoError, with a
    French message, for any other file, or one that is unsafe or too large."""
    if _kind(data) == "png":
        logo = Logo(clean_png(data), "png")
    else:
        cleaned = clean_svg(data)
        logo = Logo(cleaned, "svg", draw(cleaned))
    if len(logo.data) > MAX_SIZE:
        raise LogoError(TOO_LARGE)
    return logo


def clean_image(data: bytes) -> tuple[bytes, str]:
    """Return an image to be drawn, an SVG without what it may run, and its kind (``png``, ``svg``).
    Raises LogoError for another file, or one that is damaged."""
    kind = _kind(data)
    if kind == "svg":
        return clean_svg(data), kind
    check_png(data)
    return data, kind


def _kind(data: bytes) -> str:
    """Return ``png`` or ``svg``, by the content. Raises LogoError for another or too large file."""
    if len(data) > MAX_SIZE:
        raise LogoError(TOO_LARGE)
    if data.startswith(SIGNATURE):
        return "png"
    if b"<svg" in data or b":svg" in data:
        return "svg"
    raise LogoError(UNKNOWN)
