"""A wide sheet of figures, communes against indicators, read as the long one that says the same: a
line for each commune and indicator. Each cell keeps its place in the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from conventions.models import Convention
from conventions.territory.naming import Gazetteer
from ctg_portal.search import fold
from indicators.values.files import headings as named
from indicators.values.files.lookup import Lookup
from spreadsheets.matching.tables import SEARCHED, TOTAL
from spreadsheets.reading.cells import Book, Cell, Kind, Sheet

TERM = re.compile(r"[\s(–—:-]+(?P<term>num[ée]rateur|d[ée]nominateur)\s*\)?\s*$", re.IGNORECASE)
HEADINGS = {named.COMMUNE: "Commune", named.LABEL: "Indicateur", named.VALUE: "Valeur",
            named.NUMERATOR: "Numérateur", named.DENOMINATOR: "Dénominateur"}  # fmt: skip
COLUMNS = {name: place for place, name in enumerate(HEADINGS, start=1)}
FEWEST = 2  # communes in a head that is one of communes


@dataclass
class Long:
    """The lines of a sheet that is read as a long one. ``above``: what stands over its head."""

    sheet: Sheet
    above: list[Cell]
    lines: list[dict[str, Cell]] = field(default_factory=list)

    def as_sheet(self) -> Sheet:
        found = Sheet(self.sheet.name)
        for place, cell in enumerate(self.above):
            found.cells[1, place + 1] = cell
        for name, text in HEADINGS.items():
            place = 2, COLUMNS[name]
            found.cells[place] = Cell(self.sheet.name, *place, Kind.TEXT, text, text)
        for number, line in enumerate(self.lines, start=3):
            found.cells |= {(number, COLUMNS[name]): cell for name, cell in line.items()}
        return found


def unfold(book: Book, lookup: Lookup, convention: Convention) -> Book:
    """The book with its wide sheets of communes and indicators as long ones."""
    if not any(entry.is_by_commune for entry in lookup.entries):
        return book
    gazetteer = Gazetteer(convention.communes.all())
    sheets = [_unfolded(sheet, lookup, gazetteer) or sheet for sheet in book.sheets]
    return replace(book, sheets=sheets)


def _unfolded(sheet: Sheet, lookup: Lookup, gazetteer: Gazetteer) -> Sheet | None:
    rows = list(sheet.rows())
    for place, (_, head) in enumerate(rows[:SEARCHED]):
        below = [cells for _, cells in rows[place + 1 :]]
        lines = list(_communes_in_rows(head, below, lookup, gazetteer))
        lines = lines or list(_communes_in_columns(head, below, lookup, gazetteer))
        if lines:
            above = [cell for _, cells in rows[:place] for cell in cells.values()]
            return Long(sheet, above, lines).as_sheet()
    return None


def _communes_in_rows(
    head: dict[int, Cell], below: list[dict], lookup: Lookup, gazetteer: Gazetteer
) -> Iterator[dict[str, Cell]]:
    """A line a commune, a column an indicator, or two for the terms of a ratio."""
    columns: dict[int, tuple[str, str]] = {}
    for column, cell in head.items():
        term = TERM.search(cell.text)
        title = TERM.sub("", cell.text).strip()
        if _is_table(lookup, title):
            is_numerator = term and fold(term["term"]).startswith("num")
            of_term = named.NUMERATOR if is_numerator else named.DENOMINATOR
            columns[column] = title, of_term if term else named.VALUE
    of_commune = _column_of_communes(below, set(columns), gazetteer) if columns else []
    is_line = any(column in head and gazetteer.find(head[column].text) for column in of_commune)
    if not of_commune or is_line:
        return
    for cells in below:
        commune = next((cells[column] for column in of_commune if column in cells), None)
        if commune is None or TOTAL.match(fold(commune.text)):
            continue
        lines: dict[str, dict[str, Cell]] = {}
        for column, (title, name) in columns.items():
            if column in cells:
                line = lines.setdefault(title, {named.COMMUNE: commune})
                line[named.LABEL] = replace(head[column], text=title, raw=title, kind=Kind.TEXT)
                line[name] = cells[column]
        yield from lines.values()


def _communes_in_columns(
    head: dict[int, Cell], below: list[dict], lookup: Lookup, gazetteer: Gazetteer
) -> Iterator[dict[str, Cell]]:
    """A line an indicator, a column a commune."""
    communes = [column for column, cell in head.items() if gazetteer.find(cell.text)]
    if len(communes) < FEWEST:
        return
    first = min(communes)
    for cells in below:
        titles = [cell for column, cell in cells.items() if column < first]
        title = next((cell for cell in titles if _is_table(lookup, cell.text)), None)
        if title is None:
            continue
        for column in communes:
            if column in cells:
                yield {
                    named.COMMUNE: replace(head[column], kind=Kind.TEXT),
                    named.LABEL: title,
                    named.VALUE: cells[column],
                }


def _is_table(lookup: Lookup, text: str) -> bool:
    """Whether a text names one indicator, that is asked by commune."""
    found = lookup.named(text) if text else []
    return len(found) == 1 and found[0].is_by_commune


def _column_of_communes(
    rows: Iterable[dict[int, Cell]], others: set[int], gazetteer: Gazetteer
) -> list[int]:
    """The columns that name communes, the surest first: most of their cells do."""
    rows, counted = list(rows), {}
    for column in sorted({column for cells in rows for column in cells} - others):
        texts = [cells[column].text for cells in rows if column in cells]
        found = sum(bool(gazetteer.find(text)) for text in texts)
        if found and 2 * found >= len(texts):
            counted[column] = found
    return sorted(counted, key=lambda column: (-counted[column], column))
