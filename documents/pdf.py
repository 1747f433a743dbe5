"""Accessible and archivable PDF documents (PDF/UA-1, PDF/A-3a) from templates, without network."""

import datetime
import re
from collections.abc import Sequence

from django.template.loader import render_to_string

from ctg_portal.text.typography import CONTROLS
from documents.drawing.kinds import AttachedFile, Drawn

# Line and paragraph separators, which come by pasting: no layout expects them.
SEPARATORS = re.compile("[\u2028\u2029]")
TAG = re.compile(r"(<[^>]*>)")
# As ``ctg_portal.text.markdown`` writes them. On paper a pixel is a ninety-sixth of an inch.
DECORATIVE = re.compile(
    r'<img class="picture" src="(data:[^"]+)" alt="" width="(\d+)" height="(\d+)">'
)
MILLIMETRES, WIDEST, TALLEST = 25.4 / 96, 150, 105
LONGEST_WORD = 60
ENDLESS = re.compile(rf"\S{{{2 * LONGEST_WORD},}}")
LETTER = re.compile(r"&#?\w+;|.", re.DOTALL)
ZERO_WIDTH = "\u200b"


def render_html(template: str, context: dict, *, title: str) -> str:
    """Render a template that extends ``documents/base.html``, as HTML for ``draw_pdf``."""
    html = render_to_string(template, context | {"document_title": CONTROLS.sub("", title)})
    html = DECORATIVE.sub(_as_background, html)
    return _with_breaks(CONTROLS.sub("", SEPARATORS.sub(" ", html)))


def _as_background(image: re.Match) -> str:
    """Return a decorative picture as a background: it then needs no alternative text."""
    source, width, height = image[1], *(int(side) * MILLIMETRES for side in image.group(2, 3))
    scale = min(1, WIDEST / width, TALLEST / height)
    size = f"width: {width * scale:.1f}mm; height: {height * scale:.1f}mm"
    return f'<span class="decoration" style="background-image: url({source}); {size}"></span>'


def _with_breaks(html: str) -> str:
    """Return the HTML with zero-width spaces in endless words: the layout would try to break them
    at each letter, which takes minutes."""

    def break_word(word: re.Match) -> str:
        letters = LETTER.findall(word[0])
        return ZERO_WIDTH.join(
            "".join(letters[start : start + LONGEST_WORD])
            for start in range(0, len(letters), LONGEST_WORD)
        )

    pieces = TAG.split(html)
    pieces[::2] = [ENDLESS.sub(break_word, text) for text in pieces[::2]]
    return "".join(pieces)


def draw_pdf(html: str, *, title: str, date: datetime.date | datetime.datetime | None = None,
             author: str = "", attached: Sequence[AttachedFile] = ()) -> Drawn:  # fmt: skip
    """Draw the PDF of the HTML that ``render_html`` returned. ``attached``: files to embed in it;
    the other parameters are those of ``render_pdf``."""
    # Modules that web processes import, too, must not load WeasyPrint.
    from documents.engine import draw  # noqa: PLC0415

    return draw(html, title, date, author, attached)


def render_pdf(template: str, context: dict[str, object], *, title: str, author: str = "",
               date: datetime.date | datetime.datetime | None = None) -> bytes:  # fmt: skip
    """Draw the PDF of a template that extends ``documents/base.html``.

    ``date`` (aware, if it has an hour) is that of its properties: nothing else depends on the day
    or the clock, so the same content gives the same bytes. Addresses of links are relative to
    SITE_URL. Images must be static files or ``data:`` URLs.
    """
    html = render_html(template, context, title=title)
    return draw_pdf(html, title=title, date=date, author=author).content
