"""Accessible PDF documents that may be kept (PDF/UA-1 and PDF/A-3a), from templates, closed to the
outside."""

import datetime
import re
from collections.abc import Sequence

from django.template.loader import render_to_string

from ctg_portal.typography import CONTROLS
from documents.drawing.kinds import AttachedFile, Drawn

# Ends of lines and paragraphs that nobody types and pasting carries: no layout expects them.
SEPARATORS = re.compile("[\u2028\u2029]")
TAG = re.compile(r"(<[^>]*>)")
# As ``ctg_portal.markdown`` writes them. On paper a pixel is a ninety-sixth of an inch.
DECORATIVE = re.compile(
    r'<img class="picture" src="(data:[^"]+)" alt="" width="(\d+)" height="(\d+)">'
)
MILLIMETRES, WIDEST, TALLEST = 25.4 / 96, 150, 105
LONGEST_WORD = 60
ENDLESS = re.compile(rf"\S{{{2 * LONGEST_WORD},}}")
LETTER = re.compile(r"&#?\w+;|.", re.DOTALL)
ZERO_WIDTH = "\u200b"


def render_html(template: str, context: dict, *, title: str) -> str:
    """The HTML of a template that extends ``documents/base.html``, for ``draw_pdf``."""
    html = render_to_string(template, context | {"document_title": CONTROLS.sub("", title)})
    html = DECORATIVE.sub(_as_background, html)
    return _breakable(CONTROLS.sub("", SEPARATORS.sub(" ", html)))


def _as_background(image: re.Match) -> str:
    """A picture that only decorates, as what lies behind: it is then no figure to be told of."""
    source, width, height = image[1], *(int(side) * MILLIMETRES for side in image.group(2, 3))
    scale = min(1, WIDEST / width, TALLEST / height)
    size = f"width: {width * scale:.1f}mm; height: {height * scale:.1f}mm"
    return f'<span class="decoration" style="background-image: url({source}); {size}"></span>'


def _breakable(html: str) -> str:
    """The same, where a line may end within what no word is as long as: each of its letters would
    be tried, which takes minutes."""

    def with_breaks(word: re.Match) -> str:
        letters = LETTER.findall(word[0])
        return ZERO_WIDTH.join(
            "".join(letters[start : start + LONGEST_WORD])
            for start in range(0, len(letters), LONGEST_WORD)
        )

    pieces = TAG.split(html)
    pieces[::2] = [ENDLESS.sub(with_breaks, text) for text in pieces[::2]]
    return "".join(pieces)


def draw_pdf(
    html: str,
    *,
    title: str,
    date: datetime.date | datetime.datetime | None = None,
    author: str = "",
    attached: Sequence[AttachedFile] = (),
) -> Drawn:
    """The PDF of what ``render_html`` has written; ``attached``: the files that it carries. The
    rest as for ``render_pdf``."""
    # What web processes have in common with the worker is not to load it.
    from documents.engine import draw  # noqa: PLC0415

    return draw(html, title, date, author, attached)


def render_pdf(
    template: str,
    context: dict,
    *,
    title: str,
    date: datetime.date | datetime.datetime | None = None,
    author: str = "",
) -> bytes:
    """The PDF of a template that extends ``documents/base.html``, where ``title`` is its title.

    ``date`` (aware, if it has an hour) is the document's own, told in its properties: nothing
    else depends on the day or the machine's clock, so the same content gives the same bytes.
    Addresses of links are relative to SITE_URL. Images must be static files or ``data:``.
    """
    html = render_html(template, context, title=title)
    return draw_pdf(html, title=title, date=date, author=author).content
