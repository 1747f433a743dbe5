"""Doubts about the cells of a file, whatever they are about: one plain rule each, with its words.

A doubt never changes a figure, and none is kept before somebody has confirmed it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from spreadsheets.columns.records import Record
from spreadsheets.reading.cells import Cell, numbered

ELSEWHERE = re.compile(r"\[\d+\]|\[[^\]]+\.(?:xlsx?|ods)\]|file:", re.IGNORECASE)
PLACE = r"\[?\.?\$?([A-Z]{1,3})\$?(\d+)"
SUM = re.compile(rf"(?:of:)?=?\s*SUM\({PLACE}:{PLACE}\]?\)", re.IGNORECASE)
# From how many equal values down a column they are more likely something else.
REPEATED = 4
LARGEST_SUM = 10_000


@dataclass(frozen=True)
class Doubt:
    """A reason to look twice at a cell: the ``rule`` that it comes from, and its words."""

    rule: str
    text: str


RULES = {
    "struck": "cellule barrée",
    "hidden": "cellule masquée",
    "elsewhere": "calculée dans un autre fichier : ce n’est peut-être plus son résultat",
    "stale": "la formule donnerait {} : le classeur n’a pas été recalculé",
    "year": "le nombre est celui de l’année",
    "repeated": "le même nombre sur {} lignes : peut-être une autre colonne",
}


def doubts_about(record: Record, cell: Cell, number: Decimal | None) -> Iterator[Doubt]:
    """Yield what makes one cell doubtful by itself."""
    if cell.is_struck:
        yield Doubt("struck", RULES["struck"])
    sheet = record.sheet
    if cell.row in sheet.hidden_rows or cell.column in sheet.hidden_columns:
        yield Doubt("hidden", RULES["hidden"])
    if ELSEWHERE.search(cell.formula):
        yield Doubt("elsewhere", RULES["elsewhere"])
    elif number is not None and (total := _computed(record, cell)) is not None and total != number:
        yield Doubt("stale", RULES["stale"].format(f"{total.normalize():f}"))


def _computed(record: Record, cell: Cell) -> Decimal | None:
    """Return what a sum of cells of the same sheet gives today; None for any other formula."""
    match = SUM.fullmatch(cell.formula.strip())
    if match is None:
        return None
    left, right = sorted((numbered(match[1]), numbered(match[3])))
    top, bottom = sorted((int(match[2]), int(match[4])))
    if (bottom - top + 1) * (right - left + 1) > LARGEST_SUM:
        return None
    cells = record.sheet.cells
    numbers = [
        cells[place].number for row in range(top, bottom + 1) for column in range(left, right + 1)
        if (place := (row, column)) in cells
    ]  # fmt: skip
    return sum((number for number in numbers if number is not None), Decimal())


def doubtful_columns(
    figures: Sequence[tuple[Record, Cell, Decimal]], years: Sequence[int | None]
) -> dict[str, Doubt]:
    """Return the doubts that only a column as a whole shows, by the address of a cell: its values
    are all one, or that of the year."""
    columns: dict[tuple[str, int], list[tuple[Cell, Decimal]]] = defaultdict(list)
    doubts: dict[str, Doubt] = {}
    for (_, cell, number), year in zip(figures, years, strict=True):
        columns[cell.sheet, cell.column].append((cell, number))
        if year is not None and number == year:
            doubts[cell.address] = Doubt("year", RULES["year"])
    for cells in columns.values():
        (number, count), = Counter(number for _, number in cells).most_common(1)  # fmt: skip
        if number and count >= REPEATED and count == len(cells):
            for cell, _ in cells:
                text = RULES["repeated"].format(count)
                doubts.setdefault(cell.address, Doubt("repeated", text))
    return doubts
