"""Records of a sheet: what its rows say, cell by cell, once each column has its role."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from spreadsheets.columns.headings import years_in
from spreadsheets.columns.proposal import headings_of, split_term, without_year
from spreadsheets.columns.roles import YEAR, Assignment, Knowledge, SheetColumns
from spreadsheets.columns.years import with_whole_years, year_in
from spreadsheets.reading.cells import Book, Cell, Kind, Sheet, letters

MOST_ROWS = 2_000


@dataclass
class Record:
    """What a row says of one thing: its ``cells`` by role. ``constants``: what its whole sheet
    says, by facet; ``unread``: the cells of the row that no role reads."""

    sheet: Sheet
    row: int
    cells: dict[str, Cell]
    constants: dict[str, str]
    unread: list[Cell] = field(default_factory=list)
    heading: str = ""
    is_crossed: bool = False

    @property
    def place(self) -> str:
        """« 8 », or « D8 » where a row says several things."""
        return f"{letters(self.first.column)}{self.row}" if self.is_crossed else str(self.row)

    @property
    def first(self) -> Cell:
        return next(iter(self.cells.values()))

    def text(self, role: str) -> str:
        cell = self.cells.get(role)
        return cell.text.strip() if cell else ""


def records_in(
    book: Book, columns: dict[str, SheetColumns], knowledge: Knowledge
) -> Iterator[Record]:
    """Yield the records of the sheets that are read, in the order of the file."""
    for sheet in book.sheets:
        sheet_columns = columns.get(sheet.name)
        if sheet_columns is not None and sheet_columns.is_read:
            yield from records_of(sheet, sheet_columns, knowledge)


def records_of(sheet: Sheet, columns: SheetColumns, knowledge: Knowledge) -> Iterator[Record]:
    """Yield a record for each group of values of each row below the head; the texts beside them are
    of the last group that has a value, as a comment of a line of years is of the last."""
    assignments, headings = columns.assignments, headings_of(sheet, columns.head)
    groups: dict[tuple, dict[int, str]] = {}
    for column, role in assignments.items():
        if role.name in knowledge.values:
            facets = _facets_of(role, headings.get(column, []), knowledge)
            key = tuple((name, cell.text) for name, cell in facets.items())
            groups.setdefault(key, {})[column] = role.name
    grouped = {column for group in groups.values() for column in group}
    aside = {c: r.name for c, r in assignments.items() if r.is_read and c not in grouped}
    start = max(columns.head, default=0)
    upright = _upright(sheet, aside, start)
    titles = {column: pieces[-1].text.strip() for column, pieces in headings.items()}
    for number, cells in sheet.rows():
        if number <= start or _repeats(cells, titles):
            continue
        plain: dict[str, Cell] = {}
        for column, name in aside.items():
            if cell := cells.get(column) or upright.get((number, column)):
                plain.setdefault(name, cell)
        unread = [cell for column, cell in cells.items() if not assignments[column].is_read]
        filled = [group for group in groups.values() if any(column in cells for column in group)]
        for group in filled or [*groups.values()][-1:]:
            values = {name: cells[column] for column, name in group.items() if column in cells}
            texts = knowledge.texts if group == (filled or [group])[-1] else knowledge.spread_texts
            texts_here = {n: c for n, c in plain.items() if n in texts}
            if not values and not (texts_here and group == (filled or [group])[-1]):
                continue
            first = min(group)
            facets = _facets_of(assignments[first], headings.get(first, []), knowledge)
            others = {n: c for n, c in plain.items() if n not in knowledge.texts}
            heading = " ".join(piece.text.strip() for piece in headings.get(first, []))
            yield Record(
                sheet, number, {**values, **texts_here, **others, **facets},
                dict(columns.constants), unread, heading, is_crossed=len(groups) > 1,
            )  # fmt: skip


def _facets_of(role: Assignment, pieces: list[Cell], knowledge: Knowledge) -> dict[str, Cell]:
    """Return what the headings of a column say of its cells, each as a cell of its role."""
    facets: dict[str, Cell] = {}
    if role.year is not None:
        year = str(role.year)
        facets[YEAR] = Cell(pieces[-1].sheet if pieces else "", 1, 1, Kind.TEXT, year, year)
        if pieces:
            facets[YEAR] = _reworded(pieces[-1], year)
    for facet in role.by_heading:
        if facet == YEAR:
            cell = next((piece for piece in reversed(pieces) if _years_of(piece)), None)
            if cell is not None:
                facets[YEAR] = _reworded(cell, str(_years_of(cell)[0]))
            continue
        others = [piece for piece in pieces if year_in(piece) is None] or pieces
        texts = [(piece, _name_in(piece, knowledge)) for piece in others]
        known = [(p, t) for p, t in texts if (k := knowledge.recognise(t))
                 and knowledge.facets[k.role] == facet]  # fmt: skip
        if pair := next(iter(known or texts[-1:]), None):
            facets[facet] = _reworded(*pair)
    return facets


def _years_of(cell: Cell) -> list[int]:
    year = year_in(cell)
    return [year] if year else years_in(with_whole_years(cell.text))


def _name_in(piece: Cell, knowledge: Knowledge) -> str:
    """Return what a heading names, without its year and without « – numérateur »."""
    _, text = split_term(with_whole_years(piece.text.strip()), knowledge)
    return text if knowledge.recognise(text) else without_year(text)


def _reworded(cell: Cell, text: str) -> Cell:
    return Cell(cell.sheet, cell.row, cell.column, Kind.TEXT, text, text)


def _upright(sheet: Sheet, aside: dict[int, str], start: int) -> dict[tuple[int, int], Cell]:
    """Return the cell that stands for each row of an area merged downwards."""
    return {
        (row, area.left): sheet.cells[area.top, area.left]
        for area in sheet.merged
        if area.left in aside and area.top > start and area.bottom - area.top < MOST_ROWS
        and (area.top, area.left) in sheet.cells
        for row in range(area.top + 1, area.bottom + 1)
    }  # fmt: skip


def _repeats(cells: dict[int, Cell], titles: dict[int, str]) -> bool:
    """Return whether a row is the head again, as printed pages have it."""
    return bool(titles) and all(titles.get(c) == cell.text.strip() for c, cell in cells.items())
