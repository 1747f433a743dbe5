"""How high what is told in « L’essentiel » will be, known before it is drawn: what there is no room
for is left out whole, and counted."""

import unicodedata
from math import ceil

# Millimetres of a page. Of a block: what surrounds it; lines of a heading, of text, of a table, of
# small print; what stands around a table, around its rows; two drawings beside each other.
PAGE, AROUND = 250, 10
HEADING, LEAD, LINE, ROW, SMALL = 7, 5.9, 5.7, 4.8, 4.3
TABLE, PADDING, DRAWINGS = 17, 2.3, 45
# Characters of a line of each.
HEADINGS, LEADS, LINES, TITLES, SMALLS, CAPTIONS = 60, 92, 100, 52, 118, 48
OBJECTIVES, ACTIONS, STATES = 95, 58, 24


def width(text: str) -> int:
    """In letters: those of other scripts, and emoji, take the room of two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def lines(text: str, letters: int) -> int:
    """How many lines a text takes; words end none of them early enough to matter but long ones."""
    return sum(max(ceil(width(one) * 1.06 / letters), 1) for one in text.splitlines() or [""])


def text_height(markdown: str) -> float:
    paragraphs = [one for one in markdown.split("\n\n") if one.strip()]
    return sum(LINE * lines(one.strip(), LINES) + 3 for one in paragraphs)


def extract(markdown: str, millimetres: float) -> str:
    """The first paragraphs that there is room for, whole; images are left to the whole document."""
    taken, left = [], millimetres
    for paragraph in markdown.strip().split("\n\n"):
        if "![" in paragraph:
            continue
        left -= text_height(paragraph)
        if left < 0:
            break
        taken.append(paragraph)
    # A heading announces what follows.
    while taken and taken[-1].lstrip().startswith("#"):
        taken.pop()
    return "\n\n".join(taken)
