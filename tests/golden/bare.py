"""What of a page, a document or an address somebody can see, one piece a line.

Left out: what changes from one request to the next, and how rows are numbered in the database.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser

from python_calamine import CalamineWorkbook

SITE = "https://ctg.example"
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
# A key of the database: neither a year nor the code of a commune.
KEY = re.compile(r"(?<![\d.,%])(?!(?:19|20|21)\d\d(?!\d))(?!\d{5}(?!\d))\d+(?![\d.,])")
# What opens an invitation, or lets choose another password.
TOKEN = re.compile(r"(/invitation/|/lien/|/mot-de-passe-oublie/[a-z/-]*?)[\w:.-]{20,}")
# How a text agreed to refers to a row, beside its name.
REFERENCE = re.compile(r'"id":\d+')
INLINE = {
    "a", "abbr", "b", "bdi", "br", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
}  # fmt: skip
LINKS = ("action", "href", "src", "data-hx-get", "data-hx-post", "data-hx-push-url")
NAMES = ("aria-controls", "aria-describedby", "aria-labelledby", "for", "form", "headers", "id",
         "list", "name")  # fmt: skip


def digest(lines: list[str]) -> str:
    """Twelve letters that differ as soon as a line does."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


class Keys:
    """Keys of the database, numbered as they appear on one page after the same words.

    ``addresses`` gives the name of a path that is known, or an empty text.
    """

    def __init__(self, addresses: Callable[[str], str] = lambda path: ""):
        self.addresses = addresses
        self.seen: dict[str, dict[str, int]] = {}

    def hide(self, text: str) -> str:
        return KEY.sub(self._number, text)

    def _number(self, found: re.Match) -> str:
        before = KEY.sub("#", found.string[: found.start()]).lstrip("#")
        seen = self.seen.setdefault(before, {})
        return f"#{seen.setdefault(found[0], len(seen) + 1)}"

    def address(self, link: str) -> str:
        """A link: the file of a static one; the name of a page that is known."""
        local = TOKEN.sub(r"\1<jeton>", link.removeprefix(SITE))
        if local.startswith("/static/"):
            return f"/static/…/{local.rpartition('/')[2]}"
        path, rest = re.fullmatch(r"([^?#]*)(.*)", local, re.DOTALL).groups()
        known = self.addresses(path)
        site = SITE if link.startswith(SITE) else ""
        return site + (known or self.hide(path)) + self.hide(rest)


class Page(HTMLParser):
    """Tags and texts, one a line; ``+`` marks a text that nothing parts from the one before."""

    def __init__(self, keys: Keys):
        super().__init__()
        self.keys, self.lines, self.title = keys, [], ""
        self.is_apart, self.is_heading = True, False

    def handle_starttag(self, tag, attrs):
        attrs = {name: " ".join((value or "").split()) for name, value in attrs}
        self.is_heading = self.is_heading or tag == "h1"
        if tag not in INLINE or tag == "br":
            self.is_apart = True
        if attrs.get("name") in ("csrfmiddlewaretoken", "typed-by"):
            return
        told = [f' {name}="{self._seen(tag, name, attrs)}"' for name in sorted(attrs)]
        self.lines.append(f"<{tag}{''.join(told)}>")

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
        return DIGEST.sub("SHA-256", value)

    def handle_endtag(self, tag):
        if tag == "h1":
            self.is_heading = False
        if tag not in INLINE:
            self.is_apart = True
        self.lines.append(f"</{tag}>")

    def handle_data(self, data):
        # A narrow or fixed space is seen; others are all one.
        words = re.sub(r"[ \t\r\n]+", " ", data)
        text = TOKEN.sub(r"\1<jeton>", words.strip(" "))
        if self.is_heading:
            self.title += words
        if text:
            is_apart = self.is_apart or words.startswith(" ")
            self.lines.append(("" if is_apart else "+") + DIGEST.sub("SHA-256", text))
            self.is_apart = words.endswith(" ")
        elif words:
            self.is_apart = True


def page(html: str, keys: Keys) -> Page:
    seen = Page(keys)
    seen.feed(html)
    seen.close()
    return seen


def lines_of(response, keys: Keys) -> list[str]:
    """What an answer shows: a page, or what stands in a file; where it sends to."""
    if location := response.headers.get("Location"):
        return [f"-> {keys.address(location)}"]
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    body = b"".join(response) if response.streaming else response.content
    head = [kind] if kind != "text/html" else []
    if name := response.headers.get("Content-Disposition"):
        head.append(name)
    return head + _lines_of_body(kind, body, keys)


def _lines_of_body(kind: str, body: bytes, keys: Keys) -> list[str]:
    if kind == "text/html" or body.startswith(b"<!-- drawn -->"):
        return page(body.decode(), keys).lines
    if kind.endswith("wordprocessingml.document"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return page(archive.read("word/document.xml").decode(), keys).lines
    if kind.endswith("spreadsheetml.sheet"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = ((name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        return [line for name, rows in sheets for line in (name, *map(repr, rows))]
    if kind.startswith("text/") or kind == "application/json":
        text = REFERENCE.sub('"id":#', body.decode())
        return DIGEST.sub("SHA-256", text).splitlines()
    return [hashlib.sha256(body).hexdigest()]
