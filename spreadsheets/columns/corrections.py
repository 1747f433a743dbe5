"""What somebody has put right of a file: one answer for all cells alike, or for one cell alone."""

from collections.abc import Mapping

from ctg_portal.search.rows import fold
from spreadsheets.reading.cells import Cell

LEFT, EACH = "-", "?"
# What a key has that is about one cell of one file: it is not remembered for the next.
AT = "@"
TYPED = f"typed{AT}"  # how the key of what was typed in the place of a cell begins


def key_of_text(facet: str, text: str) -> str:
    """Return the key of the answer for all cells of a text."""
    return f"{facet}:{fold(text)[:150]}"


def key_of_cell(what: str, address: str) -> str:
    """Return the key of what is said of one cell: a thing, a text, a doubt."""
    return f"{what}{AT}{address}"


class Corrections:
    """The answers of a file and of its office, by key."""

    def __init__(self, answers: Mapping[str, str] | None = None):
        self.answers = answers or {}

    def thing(self, facet: str, cell: Cell) -> str:
        """Return the key of what a cell names, as somebody has said: for it alone, or for all cells
        of its text; empty while nobody has."""
        alone = self.answers.get(key_of_cell(facet, cell.address), "")
        alike = self.answers.get(key_of_text(facet, cell.text), "")
        return alone or ("" if alike == EACH else alike)

    def is_each(self, facet: str, text: str) -> bool:
        """Return whether the cells of a text are answered one by one."""
        return self.answers.get(key_of_text(facet, text)) == EACH

    def typed(self, cell: Cell) -> str:
        """Return what was typed in the place of a cell; empty for nothing."""
        return self.answers.get(key_of_cell("typed", cell.address), "").strip()

    def confirms(self, rule: str, address: str) -> bool:
        """Return whether a doubt is answered: of one cell, or of all that the rule is about."""
        everywhere = self.answers.get(key_of_cell("sure", rule))
        return bool(everywhere or self.answers.get(key_of_cell(f"sure-{rule}", address)))
