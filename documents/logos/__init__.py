"""Logos are known by their content, whatever their name, and kept as libraries write them anew.

A PNG is decoded and encoded again; an SVG is rebuilt from what draws, without programs and pages,
and has a copy in PNG for what reads no SVG. A kept SVG is safe to show as an image (``<img>``,
PDF). It must not be pasted into a page: HTML reads some harmless XML in another way.
"""

from dataclasses import dataclass

from documents.logos.drawing import draw
from documents.logos.errors import LogoError
from documents.logos.png import SIGNATURE, check_png, clean_png
from documents.logos.svg import clean_svg

__all__ = ["MAX_SIZE", "Logo", "LogoError", "clean_logo", "harmless"]

MAX_SIZE = 1024 * 1024
TOO_LARGE = "ce logo dépasse 1 Mo"
UNKNOWN = "ce fichier n’est ni une image PNG ni une image SVG"


@dataclass(frozen=True)
class Logo:
    """A logo as it is kept; ``kind`` is ``png`` or ``svg``, ``png`` the copy of an SVG."""

    data: bytes
    kind: str
    png: bytes = b""


def clean_logo(data: bytes) -> Logo:
    """What is kept of a file that somebody brings; raises LogoError, with a French message."""
    if _kind(data) == "png":
        logo = Logo(clean_png(data), "png")
    else:
        cleaned = clean_svg(data)
        logo = Logo(cleaned, "svg", draw(cleaned))
    if len(logo.data) > MAX_SIZE:
        raise LogoError(TOO_LARGE)
    return logo


def harmless(data: bytes) -> tuple[bytes, str]:
    """An image to be drawn, without what an SVG may run, and its kind; LogoError for another."""
    kind = _kind(data)
    if kind == "svg":
        return clean_svg(data), kind
    check_png(data)
    return data, kind


def _kind(data: bytes) -> str:
    if len(data) > MAX_SIZE:
        raise LogoError(TOO_LARGE)
    if data.startswith(SIGNATURE):
        return "png"
    if b"<svg" in data or b":svg" in data:
        return "svg"
    raise LogoError(UNKNOWN)
