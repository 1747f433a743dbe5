"""Take the key sentence of a page from a text in Markdown: its first sentence."""

import re
from typing import NamedTuple

LONGEST = 160  # characters of a key sentence
# What a paragraph begins with that holds no sentence: a heading, a picture, a table, a rule.
NO_SENTENCE = re.compile(r"#{1,6}\s|!\[|\||[-*_]{3,}\s*$|```|>")
LIST_MARK = re.compile(r"(?:[-*+]|\d+[.)])\s+")
END = re.compile(r"[.!?…](?:\s*»)?(?=\s+[A-ZÀ-ÖØ-Þ«“\d])")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
MARKS = re.compile(r"(?<!\\)(\*\*|__|[*_`~])")
ESCAPED = re.compile(r"\\([\\`*_\[\]<>|&#-])")


class SplitText(NamedTuple):
    """A text as a page shows it: its first sentence above, the ``rest`` in Markdown below."""

    sentence: str
    rest: str


def plain(markdown: str) -> str:
    """Return a line of Markdown without its marks and addresses."""
    return ESCAPED.sub(r"\1", MARKS.sub("", LINK.sub(r"\1", markdown)))


def split_text(markdown: str) -> SplitText:
    """Return the first sentence of a text and what follows it; no sentence, and the whole text,
    where it begins with something else than a paragraph, or its first sentence is too long."""
    text = markdown.strip()
    paragraph, _, after = text.partition("\n\n")
    if not paragraph or NO_SENTENCE.match(paragraph) or LIST_MARK.match(paragraph):
        return SplitText("", text)
    end = END.search(paragraph)
    first = paragraph[: end.end()] if end else paragraph
    sentence = " ".join(plain(first).split())
    if not sentence or len(sentence) > LONGEST:
        return SplitText("", text)
    remainder = paragraph[end.end() :].strip() if end else ""
    return SplitText(sentence.rstrip(".") if sentence[-2:-1] != "." else sentence,
                     "\n\n".join(filter(None, [remainder, after.strip()])))  # fmt: skip


def first_sentence(markdown: str) -> str:
    """Return the first sentence of any paragraph or list item, at most ``LONGEST`` characters; cut
    with « … » where it is longer, empty without any."""
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", markdown.strip())
    for line in map(str.strip, parts):
        if not line or NO_SENTENCE.match(line):
            continue
        text = " ".join(plain(LIST_MARK.sub("", line, count=1)).split())
        end = END.search(text)
        sentence = text[: end.end()] if end else text
        if len(sentence) > LONGEST:
            return f"{sentence[: LONGEST - 1].rpartition(' ')[0].rstrip(' ,;:')}…"
        return sentence
    return ""


def list_items(markdown: str) -> list[str]:
    """Return the items of the first list of a text, without marks; empty without a list."""
    items: list[str] = []
    for line in markdown.splitlines():
        if match := re.match(r"(?:[-*+]|\d+[.)])\s+(.*)", line):
            items.append(plain(match[1]).strip())
        elif items and re.match(r"\s+\S", line):
            items[-1] = f"{items[-1]} {plain(line).strip()}"
        elif items and line.strip():
            break
    return items
