"""The rules of French typography, for a run of plain text."""

import re
from functools import lru_cache

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"
SPACES = r"[ \u00a0\u202f]"
# A run of spaces is only looked at from its first one: from each, a long one takes seconds.
RUN = rf"(?<!{SPACES}){SPACES}"
# What no font draws and no file format carries: controls, lone surrogates, non-characters.
CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

RULES = [
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
    (re.compile(rf"«{SPACES}*"), f"«{NO_BREAK_SPACE}"),
    (re.compile(rf"{RUN}*+»"), f"{NO_BREAK_SPACE}»"),
    # High punctuation takes a space before; one that is missing is only added before a break,
    # so that an address (https://…) or an hour (12:30) stays whole.
    (re.compile(rf"{RUN}++([;!?])"), rf"{NARROW_NO_BREAK_SPACE}\1"),
    (re.compile(r"(?<=[\w)»’%])([;!?])(?=\s|$)"), rf"{NARROW_NO_BREAK_SPACE}\1"),
    (re.compile(rf"{RUN}++:(?!\w)"), f"{NO_BREAK_SPACE}:"),
    (re.compile(r"(?<=[\w)»’%]):(?=\s|$)"), f"{NO_BREAK_SPACE}:"),
    (re.compile(rf"(?<=\d){SPACES}(?=\d{{3}}(?!\d))"), NARROW_NO_BREAK_SPACE),
    (re.compile(rf"(?<=\d){SPACES}?(?=[%€])"), NARROW_NO_BREAK_SPACE),
    (re.compile(rf"\b([nN])°{SPACES}?(?=\d)"), rf"\1°{NO_BREAK_SPACE}"),
    (re.compile(rf"\b(articles?|art\.|axe|annexe){SPACES}(?=\d)", re.IGNORECASE),
     rf"\1{NO_BREAK_SPACE}"),
    (re.compile(rf"\b(M\.|Mme|Dr){SPACES}(?=[A-ZÀ-Ý])"), rf"\1{NO_BREAK_SPACE}"),
]  # fmt: skip


# A page says the same few words in each of its rows; long texts would fill the memory.
SHORT = 300


def polish(text: str) -> str:
    """Return ``text`` with the no-break spaces, apostrophes and ellipses that French wants."""
    # A slice is plain text, whatever the text was: what is kept for one must not be safe for all.
    return _polish_short(text[:]) if len(text) <= SHORT else _polish(text)


def _polish(text: str) -> str:
    """Return the text with all ``RULES`` applied in their order, uncached."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


_polish_short = lru_cache(maxsize=10_000)(_polish)
