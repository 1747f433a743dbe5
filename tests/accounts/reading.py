"""Reading of pages and messages, as a person reads them."""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib
from django.utils.html import strip_tags

ENGLISH = re.compile(
    r"\b(the|you|your|please|password|e-?mails?|sign|log ?in|log ?out|account|click|submit|cancel"
    r"|address|user|token|browser|authenticat\w*|hello|thank|enter|invalid|new|this|is|not)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\S+/\S+/\S*")
# Words that are the same, or that must be said in English.
SHARED = {"FreeOTP", "Aegis", "sessionid", "csrftoken"}


def english_in(text: str) -> list[str]:
    """Return the English words of ``text``; addresses do not count."""
    # Word by word: in a long text the pattern would be tried from each letter.
    words = (ADDRESS.sub("", word) if "@" in word or "/" in word else word for word in text.split())
    return [match[0] for match in ENGLISH.finditer(" ".join(words))]


@lru_cache(maxsize=4)
def tree_of(html: str) -> Element:
    """Parse a page, which must be valid. The tree is cached: do not change it."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def text_of(html: str) -> str:
    """Return the text that ``html`` shows, on one line."""
    html = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(strip_tags(html.replace("<", " <")).replace("&#x27;", "'").split())


def read(response, status=200) -> str:
    """Check that a page is whole, valid and French; return its text."""
    assert response.status_code == status
    html = response.content.decode()
    tree_of(html)
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert "placeholder=" not in html
    text = text_of(html)
    assert english_in(text) == []
    return text


def title(response) -> str:
    """Return the first heading of a page."""
    return text_of(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1])
