"""Search and sort without accents, the same on SQLite and PostgreSQL.

A searchable row keeps its words folded in one text column; a query is folded the same way, and a
word of the row must begin with each of its words.
"""

import re
import unicodedata

from django.db import models
from django.db.models import Q

from ctg_portal.text.typography import polish

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
NOT_A_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return ``text`` without accents, case, ligatures, punctuation: "L’ÉCOLE" → "l ecole"."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text).translate(LIGATURES)
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return NOT_A_WORD.sub(" ", text.casefold()).strip()


SHORT = 3


def has_word(word: str) -> Q:
    """Return a condition: the folded text has a word that begins with ``word`` ("ormes" is not in
    "formes"), or is it when it is short ("caf" is not in "cafetière")."""
    if len(word) > SHORT or not word.isalpha():
        return Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")
    return has_phrase(word)


def has_phrase(phrase: str) -> Q:
    """Return a condition: the folded text has these words, one after the other."""
    return (
        Q(search_text=phrase)
        | Q(search_text__startswith=f"{phrase} ")
        | Q(search_text__contains=f" {phrase} ")
        | Q(search_text__endswith=f" {phrase}")
    )


class SearchableQuerySet(models.QuerySet):
    def matching_query(self, query):
        """Return the rows that answer a ``SearchQuery``; none for an empty one."""
        return self.filter(query.in_rows) if query else self.none()

    def matching(self, query: str):
        """Return rows that have every word of ``query``, in any order; none for an empty query."""
        words = fold(query).split()
        if not words:
            return self.none()
        rows = self
        for word in words:
            rows = rows.filter(has_word(word))
        return rows


class Searchable(models.Model):
    """A row that can be found by the words of its ``SEARCH_FIELDS``."""

    SEARCH_FIELDS: tuple[str, ...] = ()

    search_text = models.TextField(editable=False, blank=True, default="")

    class Meta:
        abstract = True

    def save(self, **kwargs):
        """Save with the folded text up to date, also where only some fields are saved."""
        self.index()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(**kwargs)

    def index(self):
        """Fold the words to be found; ``save`` does it, ``bulk_create`` needs it done before."""
        self.search_text = fold(" ".join(str(getattr(self, name)) for name in self.SEARCH_FIELDS))


WORD = re.compile(r"\w+")
EMPHASIS = re.compile(r"[*_`\\]+")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
LINE_SIGNS = re.compile(r"^[\s>]*[-+]\s|^[\s>]+|[#|]+", re.MULTILINE)
EXCERPT_LENGTH = 220


def excerpt(text: str, query: str) -> list[tuple[str, bool]]:
    """Return the passage of ``text`` around the first word found, as (piece, is it a match) pairs.

    It is the beginning where no word is found. ``text`` may be Markdown; its signs are left out.
    """
    # Set before it is cut: an apostrophe at the end of a piece would not be seen as one.
    bare = EMPHASIS.sub("", LINK.sub(r"\1", text))
    plain = polish(" ".join(LINE_SIGNS.sub(" ", bare).split()))
    matches = _matches(plain, query)
    start = max(matches[0].start() - EXCERPT_LENGTH // 3, 0) if matches else 0
    if start:
        start = plain.find(" ", start, matches[0].start()) + 1 or start
    end = min(start + EXCERPT_LENGTH, len(plain))
    if end < len(plain):
        end = plain.rfind(" ", start, end) if " " in plain[start:end] else end
    before = [("… ", False)] if start else []
    return before + _pieces(plain, matches, start, end, " …" if end < len(plain) else "")


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """Return the whole of a short text as (piece, is it a match) pairs."""
    plain = polish(text)
    return _pieces(plain, _matches(plain, query), 0, len(plain))


def _matches(plain: str, query: str) -> list[re.Match]:
    """Return the matches of words that begin with a word of the query, or equal a short one."""
    wanted = fold(query).split()
    starts = tuple(word for word in wanted if len(word) > SHORT or not word.isalpha())
    words = {word: fold(word) for word in set(WORD.findall(plain))}
    matching = {word for word, bare in words.items() if bare in wanted or bare.startswith(starts)}
    return [match for match in WORD.finditer(plain) if match[0] in matching] if matching else []


def _pieces(plain: str, matches: list, start: int, end: int, after="") -> list[tuple[str, bool]]:
    """Return a part of a text in pieces, with ``after`` at its end; cut matches are not marked."""
    pieces, position = [], start
    for match in matches:
        if match.start() < position or match.end() > end:
            continue
        pieces += [(plain[position : match.start()], False), (match[0], True)]
        position = match.end()
    pieces.append((plain[position:end] + after, False))
    return [piece for piece in pieces if piece[0]]
