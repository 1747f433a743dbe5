"""Fit the lists of the plan's summary on its one page.

Lengths are in millimetres, as ``actions/sheets.css`` sets them, and estimated a little long.
"""

from dataclasses import dataclass
from math import ceil

from actions.files.sheet import Sheet

PAGE = 247  # between the margins
FIXED = 88  # headings, captions, totals, and the notes beneath the tables and the lists
LEAD_LETTERS, LEAD_LINE = 76, 6.4
AXIS = 15  # a row of each table: over two lines, and on one
LINE, APART = 4.04, 1.2  # a line of the lists, and the room between two actions
TITLE, TEXT = 60, 88  # letters shown at most
TITLE_LETTERS, TEXT_LETTERS = 36, 39  # of a line
LOST = 4  # letters, at the end of a line that goes on


@dataclass(frozen=True)
class SummaryLine:
    """A sheet in a list of the summary: title and text, both cut, and the sheet's anchor."""

    title: str
    text: str
    anchor: str

    @classmethod
    def of(cls, sheet: Sheet, text: str) -> "SummaryLine":
        return cls(cut(sheet.name, TITLE), cut(text, TEXT), sheet.anchor)

    @property
    def height(self) -> float:
        """The height that it takes in a list, with the room beneath it."""
        lines = _lines(self.title, TITLE_LETTERS) + _lines(self.text, TEXT_LETTERS)
        return LINE * lines + APART


def cut(text: str, letters: int) -> str:
    """Return a text cut after a word to at most ``letters``, with « … »; a shorter one as it is."""
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1].rpartition(' ')[0] or text[: letters - 2]} …"


def room_for_lists(sentence: str, axes: int) -> float:
    """Return the height left for lists below ``sentence`` and tables of ``axes`` rows."""
    return PAGE - FIXED - LEAD_LINE * ceil(len(sentence) / LEAD_LETTERS) - AXIS * axes


def count_fitting(lines: list[SummaryLine], room: float) -> int:
    """Return the number of lines, from the first on, for which there is room."""
    for count, line in enumerate(lines):
        room -= line.height
        if room < 0:
            return count
    return len(lines)


def _lines(text: str, letters: int) -> int:
    """Return an estimate, rather high, of the lines that a text takes, of ``letters`` each."""
    return 1 if len(text) <= letters else ceil(len(text) / (letters - LOST))
