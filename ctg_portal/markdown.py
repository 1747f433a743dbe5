"""Markdown as people write it in a convention, rendered as clean HTML."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ctg_portal.typography import polish

TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}
DEEPEST_HEADING = 6
# What may be a place of a page.
PLACES = ("h2", "h3", "h4", "h5", "h6", "li", "p")


def _french_text(state):
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text":
                child.content = polish(child.content)


def _table_scopes(state):
    for token in state.tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")


PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
PARSER.core.ruler.push("french_text", _french_text)
PARSER.core.ruler.push("table_scopes", _table_scopes)


def tokens_of(text: str, *, heading_level: int) -> list[Token]:
    """What ``text`` is made of, for who sets it otherwise than as HTML: its headings start at
    ``heading_level``, and follow each other without a gap."""
    tokens = PARSER.parse(text)
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = min(heading_level + used.index(token.tag), DEEPEST_HEADING)
            token.tag = f"h{level}"
    return tokens


def render(text: str, *, heading_level: int = 3) -> str:
    """Return sanitised HTML for ``text``; its headings start at ``heading_level``.

    HTML in the text is shown as typed, images are dropped, and only web, mail and telephone
    links stay.
    """
    return html_of(tokens_of(text, heading_level=heading_level))


def html_of(tokens: list[Token], *, ids: bool = False) -> str:
    """Sanitised HTML of what ``tokens_of`` gave; ``ids``: it is our own, and its parts have some.

    A link whose address was not let through is plain text.
    """
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    attributes = ATTRIBUTES | {tag: {"id"} for tag in PLACES} if ids else ATTRIBUTES
    return nh3.clean(html, tags=TAGS, attributes=attributes, url_schemes=SCHEMES)
