"""Tables of lines: the rows below a head, each with its cells by what their columns mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ctg_portal.search.rows import fold
from spreadsheets.columns.corrections import TYPED, Corrections
from spreadsheets.columns.headings import Meaning, Vocabulary
from spreadsheets.columns.proposal import headings_of
from spreadsheets.columns.roles import IGNORED, SheetColumns
from spreadsheets.columns.totals import TOTAL
from spreadsheets.reading.cells import Area, Book, Cell, Kind, Sheet, letters
from spreadsheets.reading.refusals import MAX_CELLS

MAX_TITLE = 3_000  # characters of what stands above a table
MAX_LISTED = 12  # addresses in a sentence


@dataclass(frozen=True)
class Told:
    """A remark about a place of a file: what was not read of it, or how it was."""

    place: str
    text: str


@dataclass(frozen=True)
class Column:
    number: int
    heading: Cell | None
    meaning: Meaning


@dataclass
class Row:
    """A line of a table. ``is_alone``: it holds one cell, as the title of a section does;
    ``is_total``: it begins as a line of totals does."""

    sheet: str
    number: int
    cells: dict[int, Cell]
    table: "Table" = field(repr=False, compare=False)
    is_alone: bool = False
    is_total: bool = False

    def cell(self, name: str, year: int | None = None) -> Cell | None:
        """Return its cell of this meaning, of this year."""
        column = self.table.places.get(Meaning(name, year))
        return self.cells.get(column) if column else None

    def cell_of(self, meaning: Meaning) -> Cell | None:
        column = self.table.places.get(meaning)
        return self.cells.get(column) if column else None

    @property
    def meanings(self) -> list[Meaning]:
        """The meanings of those of its cells whose columns have a role."""
        understood = self.table.understood
        return [understood[number] for number in self.cells if number in understood]

    def text(self, name: str, year: int | None = None) -> str:
        cell = self.cell(name, year)
        return cell.text.strip() if cell else ""

    @property
    def first(self) -> Cell:
        return self.cells[min(self.cells)]

    def place_of(self, name: str, year: int | None = None) -> str:
        """Return where its cell of this meaning is, or would be; else the line's first cell."""
        column = self.table.places.get(Meaning(name, year))
        return f"{self.sheet}!{letters(column)}{self.number}" if column else self.first.address


@dataclass
class Table:
    """The lines below the head of a sheet. ``keys``: the columns that say what a line is about;
    ``spreading``: those of which a merged cell is one of all its lines; ``title``: the text above
    it."""

    sheet: Sheet
    top: int
    columns: list[Column]
    keys: list[int]
    spreading: list[int]
    title: str = ""
    rows: list[Row] = field(default_factory=list)

    # Columns may be many, and so may lines: what each cell means is looked up once.

    @cached_property
    def understood(self) -> dict[int, Meaning]:
        """The meanings of its columns, by their number."""
        return {column.number: column.meaning for column in self.columns if column.meaning.name}

    @cached_property
    def places(self) -> dict[Meaning, int]:
        """The first column of each meaning."""
        return {meaning: number for number, meaning in reversed(self.understood.items())}

    @cached_property
    def by_number(self) -> dict[int, Column]:
        return {column.number: column for column in self.columns}

    @cached_property
    def names(self) -> set[str]:
        return {meaning.name for meaning in self.places}

    def has(self, name: str) -> bool:
        return name in self.names


def tables_in(
    book: Book,
    columns: dict[str, SheetColumns],
    vocabulary: Vocabulary,
    corrections: Corrections,
) -> tuple[list[Table], list[Told]]:
    """Return the table of each sheet that is read, its cells as they were put right, and remarks
    about what is not read."""
    tables, remarks = [], [Told("", note) for note in book.notes]
    most = MAX_CELLS
    for sheet in book.sheets:
        if not sheet.cells:
            continue
        if sheet.is_hidden and not columns[sheet.name].is_read:
            remarks.append(Told(sheet.name, "cette feuille est masquée : elle n’est pas lue."))
        elif not columns[sheet.name].is_read:
            remarks.append(Told(sheet.name, "cette feuille n’est pas lue."))
        else:
            table, laid_out = _table_of(sheet, columns[sheet.name], vocabulary, corrections, most)
            most -= laid_out
            tables.append(table)
            remarks += _remarks_on(table, columns[sheet.name])
    return tables, remarks


def _table_of(
    sheet: Sheet, given: SheetColumns, vocabulary: Vocabulary, corrections: Corrections, most: int
) -> tuple[Table, int]:
    """Return the table of a sheet, and how many merged cells were laid out, up to ``most``."""
    headings, assignments = headings_of(sheet, given.head), given.assignments
    columns = []
    for number in sorted({*headings, *given.roles}):
        role = assignments.get(number)
        pieces = headings.get(number)
        meaning = Meaning()
        if role is not None and role.is_read:
            meaning = Meaning(role.name, role.year, role.part)
        columns.append(Column(number, pieces[-1] if pieces else None, meaning))
    names = {column.number: column.meaning.name for column in columns}
    top, first = max(given.head, default=0), min(given.head, default=1)
    above = [cell.text for (row, _), cell in sorted(sheet.cells.items()) if row < first]
    table = Table(
        sheet, top, columns,
        keys=[number for number, name in names.items() if name in vocabulary.keys],
        spreading=[number for number, name in names.items() if name in vocabulary.spreading],
        title=" ".join([sheet.name, *above])[:MAX_TITLE],
    )  # fmt: skip
    upright = _by_cell(sheet.merged, most)
    texts = {number: pieces[-1].text for number, pieces in headings.items()}
    is_corrected = any(key.startswith(TYPED) for key in corrections.answers)
    for number, cells in sheet.rows():
        is_again = cells and all(texts.get(c) == cell.text for c, cell in cells.items())
        if number > top and not (is_again and len(cells) > 1):
            own = {c: _corrected(cell, corrections) for c, cell in cells.items()} if (
                is_corrected) else cells  # fmt: skip
            table.rows.append(_row(table, number, own, upright))
    return table, len(upright)


def _corrected(cell: Cell, corrections: Corrections) -> Cell:
    """Return a cell as somebody has typed it anew."""
    text = corrections.typed(cell)
    return replace(cell, kind=Kind.TEXT, text=text, number=None, formula="") if text else cell


def _row(
    table: Table, number: int, own: dict[int, Cell], upright: dict[tuple[int, int], Area]
) -> Row:
    cells = dict(own)
    for column in table.spreading:
        if column not in cells:
            area = upright.get((number, column))
            top = table.sheet.cells.get((area.top, area.left)) if area else None
            if area and top and area.left == area.right and area.top > table.top:
                cells[column] = top
    about = [own[min(own)], *(cells[column] for column in table.keys if column in cells)]
    return Row(
        table.sheet.name, number, cells, table,
        is_alone=len(own) == 1,
        is_total=any(TOTAL.match(fold(cell.text[:100])) for cell in about),
    )  # fmt: skip


def _remarks_on(table: Table, given: SheetColumns) -> list[Told]:
    """Return what is not read of a sheet, and what hidden parts of it are."""
    sheet, remarks = table.sheet, []
    for column in table.columns:
        if given.roles.get(column.number) in (None, IGNORED) or column.meaning.name:
            continue
        words = column.heading.text.strip()[:60] if column.heading else ""
        text = f"colonne « {words} »" if words else f"colonne {letters(column.number)} sans titre"
        place = column.heading.address if column.heading else sheet.name
        remarks.append(Told(place, f"{text} : elle n’est pas lue."))
    rows = [str(row.number) for row in table.rows if row.number in sheet.hidden_rows]
    if rows:
        remarks.append(Told(sheet.name, f"lignes masquées, lues aussi : {_some(rows)}."))
    columns = [
        letters(column.number)
        for column in table.columns
        if column.meaning.name and column.number in sheet.hidden_columns
    ]
    if columns:
        remarks.append(Told(sheet.name, f"colonnes masquées, lues aussi : {_some(columns)}."))
    merged = [str(area) for area in sheet.merged if area.bottom > table.top]
    if merged:
        text = (
            f"cellules fusionnées : {_some(merged)} ; un libellé fusionné vaut pour toutes ses "
            "lignes, un chiffre pour la première seule."
        )
        remarks.append(Told(sheet.name, text))
    return remarks


def _by_cell(areas: Sequence[Area], most: int) -> dict[tuple[int, int], Area]:
    """Return the merged area of each cell within one, of areas of a sensible size, up to so many
    cells."""
    areas_by_cell, left = {}, most
    for area in areas:
        size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if size <= min(left, 2_000):
            left -= size
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    areas_by_cell[row, column] = area
    return areas_by_cell


def _some(names: Sequence[str]) -> str:
    listed = ", ".join(names[:MAX_LISTED])
    return f"{listed}… ({len(names)} en tout)" if len(names) > MAX_LISTED else listed
