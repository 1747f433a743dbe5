"""Differences between two texts, word by word."""

import re
from dataclasses import dataclass
from itertools import accumulate, count

from diff_match_patch import diff_match_patch

# Letters and digits, with accents that stand apart from their letter.
_RUN = r"[^\W_](?:[^\W_]|[\u0300-\u036f])*"
# « 1 500 », whatever the space between its thousands.
_THOUSANDS = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![^\W_])"
_PART = rf"(?:{_THOUSANDS}|{_RUN})"
# What joins two parts into one word: « l’accueil », « après-midi », « 12,5 », « 31/12/2024 ».
_JOINT = r"(?:['’ʼ·\-\u2010\u2011]|(?<=\d)[.,/:](?=\d))"
_UNIT = r"(?:(?<=\d)[ \u00a0\u202f]?(?:[kM]?€|[%‰]))?"
_MONTH = (
    "(?:janvier|février|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|décembre)"
)
# « 1er janvier 2024 », « 31 décembre »: half of a day is none.
_DAY = rf"\d{{1,2}}(?:er)?[ \u00a0\u202f]{_MONTH}(?:[ \u00a0\u202f]\d{{4}})?(?![^\W_])"
# What is never cut: a word, a number with its sign and unit, a date, a code, some space, a sign.
WORD = re.compile(
    rf"{_DAY}|(?:(?<![^\W_])[-−+](?=\d))?{_PART}(?:{_JOINT}{_PART})*{_UNIT}|\s+|[\W_]"
)
SAME, REMOVED, ADDED = "same", "removed", "added"
SIGNS = {0: SAME, -1: REMOVED, 1: ADDED}
BRIEF = 80
# Private characters, each standing for one word while texts are compared.
FIRST_SIGN = 0xE000


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they are the ``same``, ``removed`` or ``added``."""

    text: str
    change: str


@dataclass(frozen=True)
class Change:
    """One field: its pieces in reading order. ``is_changed`` when any was removed or added.

    ``is_prose``: its text is Markdown. ``is_shown``: a reading of the content without its changes
    shows it.
    """

    label: str
    pieces: list[Piece]
    is_prose: bool = False
    is_shown: bool = True

    @property
    def is_changed(self) -> bool:
        return any(piece.change != SAME for piece in self.pieces)

    @property
    def before(self) -> str:
        """The text of the field before the change."""
        return "".join(piece.text for piece in self.pieces if piece.change != ADDED)

    @property
    def is_brief(self) -> bool:
        """Whether it is read at a glance, before and after: neither long nor in several lines."""
        return all(len(text) <= BRIEF and "\n" not in text for text in (self.before, self.text))

    @property
    def text(self) -> str:
        """The text of the field after the change."""
        return "".join(piece.text for piece in self.pieces if piece.change != REMOVED)


class Changes(list):
    """Every field in its order, and which of them changed."""

    @property
    def changed(self) -> list[Change]:
        return [change for change in self if change.is_changed]

    @property
    def unchanged(self) -> list[Change]:
        """The fields that are shown and did not change."""
        return [change for change in self.shown if not change.is_changed]

    @property
    def shown(self) -> list[Change]:
        """The fields of a plain reading: neither empty nor answered by no."""
        return [change for change in self if change.is_shown]


def words_changed(before: str, after: str) -> list[Piece]:
    """Return both texts as one sequence of pieces, cut neither within words nor numbers."""
    signs: dict[str, str] = {}
    numbers = count(FIRST_SIGN)

    def encode(text: str) -> str:
        for word in (words := WORD.findall(text)):
            if word not in signs:
                signs[word] = chr(next(numbers))
        return "".join(map(signs.__getitem__, words))

    encoded = encode(before), encode(after)
    words = {sign: word for word, sign in signs.items()}
    differ = diff_match_patch()
    differ.Diff_Timeout = 0.5
    diffs = differ.diff_main(*encoded, False)
    differ.diff_cleanupSemantic(diffs)
    return [
        Piece("".join(words[sign] for sign in text), SIGNS[change])
        for change, text in diffs
        if text
    ]


def ends_of(text: str, around: int) -> str:
    """Return the first and the last words of a long text, ``around`` characters each at most."""
    words = WORD.findall(text)
    return f"{_fitting(words, around).rstrip()} […] {_fitting(words[::-1], around, -1).lstrip()}"


def _fitting(words: list[str], most: int, step: int = 1) -> str:
    """Return the first words that fit in ``most`` letters (``step`` -1: given in reverse)."""
    lengths = accumulate(map(len, words))
    fitting = [word for word, length in zip(words, lengths, strict=True) if length <= most]
    return "".join(fitting[::step])
