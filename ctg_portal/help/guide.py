"""The guide as the portal shows it: the pages of ``docs/guide``, and the places within them.

A heading is a place, and so is a paragraph or an item that begins in bold: « **Envoyer un
dossier.** » is found at ``coordination#envoyer-un-dossier``. Links between pages of the guide lead
from page to page here as they do in the folder; those that leave it are plain text.
"""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from ctg_portal.search.rows import fold
from ctg_portal.text.markdown import html_of, tokens_of
from ctg_portal.text.typography import polish

logger = logging.getLogger(__name__)

FOLDER = Path(settings.BASE_DIR) / "docs" / "guide"
# In the order in which they are offered; the first is for who is not logged in yet.
PUBLIC, SECRET, INDEX = "se-connecter", "secret", "index"
PAGES = [
    PUBLIC, "membre-du-comite", "contributeur", SECRET, "pilote", "referent",
    "coordination", "exploitant",
]  # fmt: skip
GLOSSARY = "glossaire"
CHAPTER = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>', re.DOTALL)
WITHIN_HELP = re.compile(r'href="(/aide/[^"#]*)((?:#[^"]*)?)"')


@dataclass(frozen=True)
class Section:
    """A place of a page: where it is, how deep, and the text up to the next one."""

    title: str
    anchor: str
    level: int
    text: str


@dataclass(frozen=True)
class Chapter:
    """A part of a page as it is folded: its heading, and its text with all the places in it."""

    anchor: str
    title: SafeString
    html: SafeString


@dataclass(frozen=True)
class Page:
    """A page of the guide, and its sections for the search."""

    name: str
    title: str
    html: str
    sections: tuple[Section, ...]

    @property
    def anchors(self) -> set[str]:
        return {section.anchor for section in self.sections if section.anchor}

    def html_back_to(self, back: str) -> SafeString:
        """Return its HTML, whose links within the guide keep ``back``, where the reader came
        from."""
        if not back:
            return mark_safe(self.html)
        query = urlencode({"retour": back})
        return mark_safe(WITHIN_HELP.sub(rf'href="\1?{query}\2"', self.html))

    def beginning_and_chapters(self, back: str) -> tuple[SafeString, list[Chapter]]:
        """Return its HTML cut at its headings: the beginning, and a chapter for each heading."""
        beginning, *cut = map(mark_safe, CHAPTER.split(self.html_back_to(back)))
        return beginning, list(map(Chapter, cut[::3], cut[1::3], cut[2::3]))


def read_page(name: str) -> Page:
    """Return a page of the guide; raise Http404, with a line in the log, if its file is missing."""
    if name not in (INDEX, *PAGES):
        raise Http404
    path = FOLDER / f"{name}.md"
    try:
        return _page(name, path, path.stat().st_mtime_ns)
    except OSError:
        logger.exception("The guide lacks %s: docs/guide is installed with the code", path)
        raise Http404 from None


def pages() -> list[Page]:
    """Return all pages; those that are missing are in the log."""
    there = []
    for name in PAGES:
        try:
            there.append(read_page(name))
        except Http404:
            continue
    return there


def address_of(place: str, back: str = "") -> str:
    """Return the address of a place (``coordination#envoyer-un-dossier``), with a way ``back``."""
    name, _, anchor = place.partition("#")
    if name in ("", INDEX):
        address = reverse("help:contents")
    elif name == GLOSSARY:
        address = reverse("help:glossary")
    elif name == PUBLIC:
        address = reverse("help:public")
    else:
        address = reverse("help:page", args=[name])
    query = f"?{urlencode({'retour': back})}" if back else ""
    return address + query + (f"#{anchor}" if anchor else "")


@lru_cache(maxsize=32)
def _page(name: str, path: Path, changed: int) -> Page:
    """Read a page; ``changed``, when its file last changed, is a key of the cache."""
    heading, _, text = path.read_text(encoding="utf-8").partition("\n")
    tokens = tokens_of(text, heading_level=2)
    sections = _with_places(tokens)
    _with_addresses(tokens, name)
    return Page(name, polish(heading.lstrip("# ")), html_of(tokens, ids=True), tuple(sections))


def _with_places(tokens: list[Token]) -> list[Section]:
    """Give each place its ``id``; return the sections, each with the text up to the next."""
    places: list[list] = [["", "", 1, []]]
    taken = set()
    for index, token in enumerate(tokens):
        if token.type != "inline":
            continue
        opening = tokens[index - 1]
        title, level = token.content, 0
        if opening.type == "heading_open":
            level = int(opening.tag[1])
        elif opening.type == "paragraph_open":
            title = _bold_beginning(token)
            level = 6 if title else 0
        anchor = fold(title).replace(" ", "-")
        if level and anchor not in taken:
            taken.add(anchor)
            is_item = opening.hidden and tokens[index - 2].type == "list_item_open"
            (tokens[index - 2] if is_item else opening).attrSet("id", anchor)
            places.append([polish(title.rstrip(" .:")), anchor, level, []])
        if opening.type != "heading_open":
            places[-1][3].append(_plain(token))
    return [Section(title, anchor, level, " ".join(text)) for title, anchor, level, text in places]


def _bold_beginning(inline: Token) -> str:
    """Return the bold words with which a paragraph begins; empty where it begins otherwise."""
    children = [child for child in inline.children if child.type != "text" or child.content]
    if not children or children[0].type != "strong_open":
        return ""
    end = next(n for n, child in enumerate(children) if child.type == "strong_close")
    return "".join(child.content for child in children[1:end])


def _plain(inline: Token) -> str:
    return "".join(child.content or " " * (child.type == "softbreak") for child in inline.children)


def _with_addresses(tokens: list[Token], name: str) -> None:
    """Lead links to other pages of the guide there; those that leave it are plain text."""
    for token in tokens:
        is_out = False
        for link in token.children or ():
            if link.type == "link_open":
                target, _, anchor = link.attrs["href"].partition("#")
                page = name if not target else target.removesuffix(".md")
                is_ours = page in (INDEX, GLOSSARY, *PAGES)
                is_out = not is_ours and not target.startswith(("https:", "mailto:"))
                if is_ours:
                    link.attrSet("href", address_of(f"{page}#{anchor}" if anchor else page))
            if is_out and link.type in {"link_open", "link_close"}:
                link.type, link.tag, link.nesting, link.attrs = "text", "", 0, {}
