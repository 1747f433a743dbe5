"""Markdown as people write it in a convention, rendered as clean HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from ctg_portal.text.typography import polish

TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}
# Before the first sign that ends it in a path: of a relative address there is none.
SCHEME = re.compile(r"([^/?#:]*):")
# A browser leaves out controls and blanks of an address.
LEFT_OUT = re.compile(r"[\s\x00-\x20\x7f]+")
DEEPEST_HEADING = 6
# What may be a place of a page.
PLACES = ("h2", "h3", "h4", "h5", "h6", "li", "p")

# How a text refers to a picture of the portal: « ![La crèche](image:12) ».
REFERENCE = re.compile(r"image:([1-9]\d{0,17})")
# An image as the renderer writes it: its number, 0 for none, and its alternative text.
DRAWN = r'<img src="(\d+)" alt="([^"]*)">'
ALONE = re.compile(rf"<p>((?:{DRAWN}(?:<br>)?\s*)+)</p>")
NOT_FOUND = "Image introuvable"


@dataclass(frozen=True)
class Picture:
    """A picture that a text may show. ``alternative`` is empty where it only decorates."""

    address: str
    alternative: str
    caption: str
    width: int
    height: int


Pictures = Mapping[int, Picture]


def keeps_link(address: str) -> bool:
    """Return whether a link to ``address`` stays a link, on pages, in PDF and in Word: one to the
    web, to a mail address or a telephone with its scheme, or within the portal. ``//host`` is
    neither, however it is typed: a browser reads a backslash as a slash, and no blanks."""
    read = LEFT_OUT.sub("", unquote(address)).replace("\\", "/")
    if scheme := SCHEME.match(read):
        return scheme[1].lower() in SCHEMES
    return not read.startswith("//")


def _set_tokens(state: StateCore) -> None:
    """Set texts as French typography wants, and the scope of headings of tables; of a link that
    does not stay, leave the text (parser's rule)."""
    for token in state.tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        is_dropped = False
        for child in token.children or ():
            if child.type == "text":
                child.content = polish(child.content)
            elif child.type == "link_open":
                is_dropped = not keeps_link(str(child.attrGet("href") or ""))
            if is_dropped and child.type in ("link_open", "link_close"):
                child.type, child.tag, child.nesting, child.attrs = "text", "", 0, {}


def _numbered(self, tokens, place, options, env):
    """Render an image with its number as address: nothing of what was typed is left."""
    return f'<img src="{reference_in(tokens[place])}" alt="{escapeHtml(tokens[place].content)}">'


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Accept any address: ``keeps_link`` decides on those of links, and words replace images
        that are not the portal's."""
        return True


PARSER = _Parser("commonmark", {"html": False}).enable("table")
PARSER.add_render_rule("image", _numbered)
PARSER.core.ruler.push("french_text_and_scopes", _set_tokens)


def tokens_of(text: str, *, heading_level: int) -> list[Token]:
    """Return tokens whose headings start at ``heading_level`` and skip no level."""
    tokens = PARSER.parse(text)
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = min(heading_level + used.index(token.tag), DEEPEST_HEADING)
            token.tag = f"h{level}"
    return tokens


def render(text: str, *, heading_level: int = 3, pictures: Pictures | None = None) -> str:
    """Return sanitised HTML for ``text``; its headings start at ``heading_level``.

    HTML in the text is shown as typed, and links stay where ``keeps_link`` says so. Of images,
    those among ``pictures`` are shown, by their number, and words take the place of any other;
    without ``pictures`` they are dropped.
    """
    if pictures is None or "![" not in text:
        return _without_pictures(str(text), heading_level)
    return _with_pictures(tokens_of(text, heading_level=heading_level), pictures)


# A page shows the same texts to each of its readers; this many of a few pages each fill no memory.
@lru_cache(maxsize=500)
def _without_pictures(text: str, heading_level: int) -> str:
    return html_of(tokens_of(text, heading_level=heading_level))


def html_of(tokens: list[Token], *, ids: bool = False) -> str:
    """Return sanitised HTML of tokens.

    ``ids`` keeps the ids of its parts, for our own texts.
    """
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    attributes = ATTRIBUTES | {tag: {"id"} for tag in PLACES} if ids else ATTRIBUTES
    return nh3.clean(html, tags=TAGS, attributes=attributes, url_schemes=SCHEMES)


def reference_in(token: Token) -> int:
    """Return the number of the picture that an image refers to; 0 for any other address."""
    reference = REFERENCE.fullmatch(str(token.attrGet("src") or ""))
    return int(reference[1]) if reference else 0


def references_in(text: str) -> set[int]:
    """Return the numbers of the pictures that a text refers to."""
    if "image:" not in text:
        return set()
    images = (
        child
        for token in PARSER.parse(text)
        for child in token.children or ()
        if child.type == "image"
    )
    return {reference_in(image) for image in images} - {0}


def _with_pictures(tokens: list[Token], pictures: Pictures) -> str:
    """Return HTML with pictures, drawn once the rest is sanitised: no typed address is left, and
    words take the place of a picture that is not among ``pictures``."""
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    attributes = ATTRIBUTES | {"img": {"src", "alt"}}
    html = nh3.clean(html, tags=TAGS | {"img"}, attributes=attributes, url_schemes=SCHEMES)

    def alone(paragraph: re.Match) -> str:
        return "".join(
            _figure(pictures[int(image[1])]) if int(image[1]) in pictures else f"<p>{image[0]}</p>"
            for image in re.finditer(DRAWN, paragraph[1])
        )

    def within(image: re.Match) -> str:
        picture = pictures.get(int(image[1]))
        if picture:
            return _inline(picture)
        return (
            f"<em>[{NOT_FOUND}\u00a0: {image[2]}]</em>" if image[2] else f"<em>[{NOT_FOUND}]</em>"
        )

    return re.sub(DRAWN, within, ALONE.sub(alone, html))


def _figure(picture: Picture) -> SafeString:
    """Return a picture as a paragraph of its own, with its caption."""
    if not picture.caption:
        return format_html("<figure>{}</figure>\n", _img(picture))
    caption = format_html("<figcaption>{}</figcaption>", polish(picture.caption))
    return format_html("<figure>{}{}</figure>\n", _img(picture), caption)


def _inline(picture: Picture) -> SafeString:
    """Return a picture within a text, with its caption in brackets."""
    caption = f" ({polish(picture.caption)})" if picture.caption else ""
    return format_html("{}{}", _img(picture), caption)


def _img(picture: Picture) -> SafeString:
    """Return the ``img`` tag of a picture, escaped, without its caption."""
    return format_html(
        '<img class="picture" src="{}" alt="{}" width="{}" height="{}">',
        picture.address,
        polish(picture.alternative),
        picture.width,
        picture.height,
    )
