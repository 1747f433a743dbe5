"""What of a page, a document or an address somebody can see, one piece a line.

Left out: what changes from one request to the next, and how rows are numbered in the database.
"""

import datetime
import functools
import hashlib
import html
import io
import mimetypes
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NamedTuple

from python_calamine import CalamineWorkbook

SITE = "https://ctg.example"
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
DIGIT = re.compile(r"[0-9]")
# A key of the database: neither a year nor the code of a commune.
KEY = re.compile(r"(?<![\d.,%])(?!(?:19|20|21)\d\d(?!\d))(?!\d{5}(?!\d))\d+(?![\d.,])")
# What opens an invitation, or lets choose another password.
TOKEN = re.compile(r"(/invitation/|/lien/|/mot-de-passe-oublie/[a-z/-]*?)[\w:.-]{20,}")
# How a text agreed to refers to a row, beside its name.
REFERENCE = re.compile(r'"id":\d+')
# What is between two texts: a comment or a declaration, the end of an element, its beginning.
MARKUP = re.compile(
    r"""<!--.*?-->|<[!?][^>]*>|</([a-zA-Z][^\s/>]*)[^>]*>|<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL,
)
# The parts of a text document in which there are words.
WORDS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml|docProps/core\.xml")
INLINE = {
    "a", "abbr", "b", "bdi", "br", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
}  # fmt: skip
# Fields of a form that are for the machine.
UNSEEN = ("csrfmiddlewaretoken", "typed-by")
LINKS = ("action", "href", "src", "data-hx-get", "data-hx-post", "data-hx-push-url")
NAMES = ("aria-controls", "aria-describedby", "aria-labelledby", "for", "form", "headers", "id",
         "list", "name")  # fmt: skip


def digest(lines: list[str]) -> str:
    """Twelve letters that differ as soon as a line does."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def without_tokens(text: str) -> str:
    return TOKEN.sub(r"\1<jeton>", text) if "/" in text else text


def without_digests(text: str) -> str:
    return DIGEST.sub("SHA-256", text) if len(text) >= 64 else text


class Keys:
    """Keys of the database, numbered as they appear on one page after the same words.

    ``addresses`` gives the name of a path that is known, or an empty text.
    """

    def __init__(self, addresses: Callable[[str], str] = lambda path: ""):
        self.addresses = addresses
        self.numbers: dict[str, dict[str, int]] = {}

    def hide(self, text: str) -> str:
        hidden, before, end = "", "", 0
        for key in KEY.finditer(text) if DIGIT.search(text) else ():
            between = text[end : key.start()]
            before += between
            # Keys are told apart after the same words, whichever keys stand among these.
            numbers = self.numbers.setdefault(before.lstrip("#"), {})
            hidden += f"{between}#{numbers.setdefault(key[0], len(numbers) + 1)}"
            before += "#"
            end = key.end()
        return hidden + text[end:]

    def address(self, link: str) -> str:
        """A link: the file of a static one; the name of a page that is known; the digest of a
        picture that stands in the link."""
        if link.startswith("data:"):
            return f"data:{digest([link])}"
        local = without_tokens(link.removeprefix(SITE))
        if local.startswith("/static/"):
            return f"/static/…/{local.rpartition('/')[2]}"
        path, rest = re.fullmatch(r"([^?#]*)(.*)", local, re.DOTALL).groups()
        known = self.addresses(path)
        site = SITE if link.startswith(SITE) else ""
        return site + (known or self.hide(path)) + self.hide(rest)


class Tag(NamedTuple):
    """An opening tag. ``line``: what it shows wherever it stands; None where it leads somewhere or
    may hold a key."""

    name: str
    attrs: dict[str, str]
    line: str | None


class _Parser(HTMLParser):
    """Reads one opening tag."""

    def handle_starttag(self, tag, attrs):
        values = {name: " ".join((value or "").split()) for name, value in attrs}
        self.name, self.attrs = tag, dict(sorted(values.items()))


# Pages share most of their tags and texts: each is read once.
@functools.lru_cache(maxsize=20_000)
def tag_of(markup: str) -> Tag:
    parser = _Parser()
    parser.feed(markup)
    parser.close()
    name, attrs = parser.name, parser.attrs
    if attrs.get("name") in UNSEEN:
        return Tag(name, attrs, "")
    varies = {"nonce", *LINKS} & {*attrs} or any(map(DIGIT.search, attrs.values()))
    return Tag(name, attrs, None if varies else line_of(name, attrs))


@functools.lru_cache(maxsize=20_000)
def words_of(text: str) -> str:
    """Return a text as it is read. A narrow or fixed space is seen; others are all one."""
    return re.sub(r"[ \t\r\n]+", " ", html.unescape(text))


def line_of(tag: str, attrs: dict[str, str]) -> str:
    attributes = [f' {name}="{value}"' for name, value in attrs.items()]
    return f"<{tag}{''.join(attributes)}>"


class Page:
    """Tags and texts, one a line; ``+`` marks a text that nothing parts from the one before."""

    def __init__(self, text: str, keys: Keys):
        self.keys, self.lines, self.is_apart = keys, [], True
        end = 0
        for markup in MARKUP.finditer(text):
            self._read_words(text[end : markup.start()])
            end = markup.end()
            if name := markup[1]:
                self._close(name.lower())
            elif not markup[0].startswith(("<!", "<?")):
                tag = tag_of(markup[0])
                self._open(tag)
                if markup[0].endswith("/>"):
                    self._close(tag.name)
        self._read_words(text[end:])

    def _open(self, tag: Tag) -> None:
        if tag.name not in INLINE or tag.name == "br":
            self.is_apart = True
        line = tag.line
        if line is None:
            seen = {name: self._seen(tag.name, name, tag.attrs) for name in tag.attrs}
            line = line_of(tag.name, seen)
        if line:
            self.lines.append(line)

    def _seen(self, tag: str, name: str, attrs: dict) -> str:
        value = attrs[name]
        if name == "nonce":
            return ""
        if name in LINKS:
            return self.keys.address(value)
        if name in NAMES or name.startswith(("data-hx-", "data-bs-")):
            return self.keys.hide(value)
        if name == "value" and attrs.get("type") == "hidden":
            return "#" if re.search(r"\d", value) else value
        if name == "value" and (
            tag in ("option", "button") or attrs.get("type") in ("radio", "checkbox")
        ):
            return self.keys.hide(value)
        return without_digests(value)

    def _close(self, name: str) -> None:
        if name not in INLINE:
            self.is_apart = True
        self.lines.append(f"</{name}>")

    def _read_words(self, source: str) -> None:
        words = words_of(source)
        text = without_digests(without_tokens(words.strip(" ")))
        if text:
            is_apart = self.is_apart or words.startswith(" ")
            self.lines.append(text if is_apart else f"+{text}")
            self.is_apart = words.endswith(" ")
        elif words:
            self.is_apart = True


def content_of(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def kind_of(response) -> str:
    """The type of what is answered, without its character set."""
    return response.headers.get("Content-Type", "").partition(";")[0]


def lines_of(response, content: bytes, keys: Keys) -> list[str]:
    """What an answer shows: a page, or what stands in a file; where it sends to."""
    if location := response.headers.get("Location"):
        return [f"-> {keys.address(location)}"]
    kind = kind_of(response)
    head = [kind] if kind != "text/html" else []
    if name := response.headers.get("Content-Disposition"):
        head.append(name)
    return head + lines_of_file(kind, content, keys)


def lines_of_file(kind: str, content: bytes, keys: Keys) -> list[str]:
    """What stands in a file of that type: texts, cells, the members of an archive. Of a file that
    holds no text (a picture), its digest."""
    if kind in ("text/html", "application/xml") or content.startswith(b"<!-- drawn -->"):
        return Page(content.decode(), keys).lines
    if kind.endswith("wordprocessingml.document"):
        return _lines_of_members(content, keys, WORDS.fullmatch)
    if kind.endswith("spreadsheetml.sheet"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = ((name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        return [line for name, rows in sheets for line in (name, *map(_line_of_cells, rows))]
    if kind == "application/zip":
        return _lines_of_members(content, keys)
    if kind.startswith("text/") or kind == "application/json":
        text = REFERENCE.sub('"id":#', content.decode())
        return without_digests(text).splitlines()
    return [hashlib.sha256(content).hexdigest()]


def _line_of_cells(row: list) -> str:
    """A moment to the minute, as it is shown: what comes before it in the story takes no time."""
    return repr([
        f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime.datetime) else cell for cell in row
    ])  # fmt: skip


def _lines_of_members(content: bytes, keys: Keys, is_wanted=bool) -> list[str]:
    """The name of each member of an archive that is wanted, and what stands in it."""
    lines = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in filter(is_wanted, archive.namelist()):
            kind = "application/xml" if name.endswith(".xml") else mimetypes.guess_type(name)[0]
            lines += [f"#### {name}", *lines_of_file(kind or "", archive.read(name), keys)]
    return lines
