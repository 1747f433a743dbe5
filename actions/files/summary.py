"""What the one page of the plan's summary holds: as many actions as there is room to tell.

Lengths are in millimetres, as ``actions/sheets.css`` sets them; they are reckoned a little long.
"""

from dataclasses import dataclass
from math import ceil

from actions.files.sheet import Sheet

PAGE = 247  # between the margins
FIXED = 88  # headings, captions, totals, and what is said beneath the tables and the lists
LEAD_LETTERS, LEAD_LINE = 76, 6.4
AXIS = 15  # a row of each table: over two lines, and on one
LINE, APART = 4.04, 1.2  # a line of the lists, and the room between two actions
TITLE, TEXT = 60, 88  # letters told at most
TITLE_LETTERS, TEXT_LETTERS = 36, 39  # of a line
LOST = 4  # letters, at the end of a line that goes on


@dataclass(frozen=True)
class SummaryLine:
    """A sheet in a list of the summary, what there is to say of it, and where it is."""

    title: str
    text: str
    anchor: str

    @classmethod
    def of(cls, sheet: Sheet, text: str) -> "SummaryLine":
        return cls(cut(sheet.name, TITLE), cut(text, TEXT), sheet.anchor)

    @property
    def height(self) -> float:
        lines = _lines(self.title, TITLE_LETTERS) + _lines(self.text, TEXT_LETTERS)
        return LINE * lines + APART


def cut(text: str, letters: int) -> str:
    """The first words of a text, within so many letters."""
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1].rpartition(' ')[0] or text[: letters - 2]} …"


def room_for_lists(sentence: str, axes: int) -> float:
    """What ``sentence``, and tables of so many axes, leave to the lists below them."""
    return PAGE - FIXED - LEAD_LINE * ceil(len(sentence) / LEAD_LETTERS) - AXIS * axes


def fitting(found: list[SummaryLine], room: float) -> int:
    """How many of a list, from the first on, there is room for."""
    for count, one in enumerate(found):
        room -= one.height
        if room < 0:
            return count
    return len(found)


def _lines(text: str, letters: int) -> int:
    return 1 if len(text) <= letters else ceil(len(text) / (letters - LOST))
