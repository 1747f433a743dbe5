"""Where the tables of a file are, and what their columns and lines are: nothing is left out
without being told."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, pairwise

from ctg_portal.search.rows import fold
from spreadsheets.matching.headings import (
    MAX_HEADING,
    NOTHING,
    Meaning,
    Vocabulary,
    is_part_of_year,
    years_in,
)
from spreadsheets.matching.questions import LEFT, Asking, Choice
from spreadsheets.reading.cells import Area, Book, Cell, Sheet, letters
from spreadsheets.reading.refusals import MAX_CELLS

TOTAL = re.compile(r"(?:sous )?tota(?:l|ux)\b|somme\b|ensemble\b|moyenne\b")
# « Extraction du 15/03/2024 », « édition 2024 », « mis à jour le 3 mars 2024 ».
MADE = re.compile(r"\b(?:extract\w*|extrait\w*|edit\w*|mise? a jour|maj|version|imprime\w*|fait)\b")
A_DAY = re.compile(
    r"(?<!\d)(?!31[/.-]12[/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?!31 décembre)\d{1,2}(?:er)? [^\W\d]{3,9}\.? (?:19|20)\d\d(?!\d)"
)
PART = "part"
SEARCHED = 60  # rows in which the head of the first table is looked for
MAX_TITLE = 3_000  # characters of what stands above a table
MAX_TOLD = 12  # addresses in a sentence


@dataclass(frozen=True)
class Told:
    """Something of a file that was not read, or was read in a way that is worth a word."""

    place: str
    text: str


@dataclass(frozen=True)
class Column:
    number: int
    heading: Cell | None
    meaning: Meaning

    @property
    def title(self) -> str:
        said = f" « {self.heading.text.strip()[:60]} »" if self.heading else ""
        return f"{letters(self.number)}{said}"


@dataclass
class Row:
    """A line of a table. ``is_alone``: it holds one cell, as the title of a section does;
    ``is_total``: it begins as a line of totals does; ``is_torn``: it has more cells than there are
    headings, in a CSV whose commas may be those of decimals."""

    sheet: str
    number: int
    cells: dict[int, Cell]
    table: "Table" = field(repr=False, compare=False)
    is_alone: bool = False
    is_total: bool = False
    is_hidden: bool = False
    is_torn: bool = False

    def cell(self, name: str, year: int | None = None) -> Cell | None:
        """Its cell of this meaning, of this year."""
        return self.cell_of(Meaning(name, year))

    def cell_of(self, meaning: Meaning) -> Cell | None:
        return self.cells.get(self.table.places.get(meaning))

    @property
    def meanings(self) -> list[Meaning]:
        """What those of its cells mean that are understood."""
        understood = self.table.understood
        return [understood[number] for number in self.cells if number in understood]

    def text(self, name: str, year: int | None = None) -> str:
        cell = self.cell(name, year)
        return cell.text.strip() if cell else ""

    @property
    def first(self) -> Cell:
        return self.cells[min(self.cells)]

    def place_of(self, name: str, year: int | None = None) -> str:
        """Where its cell of this meaning is, or would be; else the line's first cell."""
        if self.table.is_form:
            cell = self.cell(name, year)
            return cell.address if cell else self.first.address
        column = self.table.places.get(Meaning(name, year))
        return f"{self.sheet}!{letters(column)}{self.number}" if column else self.first.address


@dataclass
class Table:
    """The lines below one head. ``keys``: the columns that tell what a line is about;
    ``spreading``: those of which a merged cell tells of all its lines; ``year``: that of its sheet
    or of its title, where no column says one; ``title``: what stands above it; ``is_form``: it
    stood otherwise in the file, and its cells keep the places where they stood."""

    sheet: Sheet
    top: int
    columns: list[Column]
    keys: list[int]
    spreading: list[int]
    year: int | None = None
    title: str = ""
    rows: list[Row] = field(default_factory=list)
    is_form: bool = False

    # Of each line it is asked what its cells mean: columns may be many, and so may lines.

    @cached_property
    def understood(self) -> dict[int, Meaning]:
        """What its columns mean, by their number."""
        return {column.number: column.meaning for column in self.columns if column.meaning.name}

    @cached_property
    def places(self) -> dict[Meaning, int]:
        """The column of each meaning, of which there is one."""
        return {meaning: number for number, meaning in self.understood.items()}

    def has_fraction_beside(self, cell: Cell) -> bool:
        """Whether a plain number less than one stands in the column of a cell, or on its line."""
        columns, lines = self._fractions
        return cell.column in columns or cell.row in lines

    @cached_property
    def _fractions(self) -> tuple[set[int], set[int]]:
        """The columns and the lines of the file in which a plain number is less than one."""
        numbers = ((one, one.plain_number) for row in self.rows for one in row.cells.values())
        found = [one for one, number in numbers if number and abs(number) < 1]
        return {one.column for one in found}, {one.row for one in found}

    @cached_property
    def by_number(self) -> dict[int, Column]:
        return {column.number: column for column in self.columns}

    @cached_property
    def names(self) -> set[str]:
        return {meaning.name for meaning in self.places}

    @cached_property
    def names_of_years(self) -> set[str]:
        """What it has a column of for some year."""
        return {meaning.name for meaning in self.places if meaning.year}

    def has(self, name: str) -> bool:
        return name in self.names


@dataclass
class Tables:
    """All that was found in a book."""

    found: list[Table] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def find_tables(book: Book, vocabulary: Vocabulary, asking: Asking) -> Tables:
    """The tables of a book whose head has what ``vocabulary`` requires, sheet by sheet."""
    result = Tables(told=[Told("", note) for note in book.notes])
    most = MAX_CELLS
    for sheet in book.sheets:
        if sheet.cells:
            search = _Search(sheet, vocabulary, asking, result.told, most)
            result.found += search.tables()
            most -= len(search.upright)
    return result


class _Search:
    """The search of one sheet; ``most``: how many merged cells are laid out."""

    def __init__(
        self, sheet: Sheet, vocabulary: Vocabulary, asking: Asking, told: list[Told], most: int
    ):
        self.sheet, self.vocabulary, self.asking, self.told = sheet, vocabulary, asking, told
        self.upright = _by_cell(sheet.merged, most)
        self.areas: dict[int, list[Area]] = {}
        for (row, column), area in self.upright.items():
            if column == area.left and row > area.top:
                self.areas.setdefault(row, []).append(area)
        self.rows = list(sheet.rows())
        self.by_row = dict(self.rows)
        self.wide = {(area.top, area.left) for area in sheet.merged if area.right > area.left}
        self.above: dict[int, dict[int, Cell]] = {}
        self.parts: dict[tuple[int, int], Meaning] = {}  # what unknown headings below others may be
        self.title = ""
        self.years: list[int] | None = None  # those of its title, once a table is found

    def tables(self) -> list[Table]:
        found: list[Table] = []
        abreast: list[Table] = []  # those of the last head
        above: list[Cell] = []
        rows = enumerate(self.rows)
        for place, row in rows:
            number, cells = row
            heads = self._head(number, cells)
            if not heads and not found and place < SEARCHED:
                heads = self._head_of_years(number, cells)
            if heads and found and self._is_same_head(abreast, heads):
                continue
            if heads and self._is_line(abreast, heads):
                heads = []
            if heads:
                if second := self._second_row(number, heads, self.rows[place + 1 : place + 2]):
                    heads = second
                    number, _ = next(rows)[1]
                abreast = [self._table(number, one, above) for one in self._abreast(heads)]
                found += abreast
            elif found:
                self._add_row(abreast, number, cells)
            else:
                above += cells.values()
        if not found:
            self.told.append(
                Told(self.sheet.name, "aucun tableau reconnu : cette feuille n’est pas lue.")
            )
            return []
        for table in found:
            self._tell_unheaded(table)
        self._tell_hidden(found)
        return found

    def _add_row(self, tables: list[Table], number: int, cells: dict[int, Cell]) -> None:
        """Add a row to the table, or to each of those side by side of which it has cells."""
        for place, table in enumerate(tables):
            own = _between(cells, tables[place : place + 2], is_first=not place)
            if own:
                table.rows.append(self._row(table, number, own))

    # The head of a table ------------------------------------------------------------------------

    def _head(self, number: int, cells: dict[int, Cell]) -> list[Column]:
        """What each column is called, where this row is the head of a table; else nothing."""
        headings = self._headings(number, cells)
        said = {c: self._meaning(number, c, cell) for c, cell in headings.items()}
        if len(headings) < 2 or not self.vocabulary.is_enough(self._likely(headings, said)):
            return []
        return [Column(c, headings[c], said[c]) for c in sorted(said)]

    def _likely(self, headings: dict[int, Cell], said: dict[int, Meaning]) -> list[Meaning]:
        """What the columns mean, those included that are asked of which year they are."""
        asked = [
            Meaning(self.vocabulary.yearly)
            for column, cell in headings.items()
            if not said[column].name
            and cell.text.strip()
            and (self.vocabulary.asks_year(cell) or self._is_of_part_of_year(cell))
        ]
        return [*said.values(), *asked]

    def _headings(self, number: int, cells: dict[int, Cell]) -> dict[int, Cell]:
        """The cells of a row, with those that reach down into it from above."""
        found = dict(cells)
        for area in self.areas.get(number, ()):
            top = self.sheet.cells.get((area.top, area.left))
            if top is not None:
                found.setdefault(area.left, top)
        return found

    def _meaning(self, number: int, column: int, cell: Cell) -> Meaning:
        """What a heading means, together with the one above it: the one tells what, the other of
        which year."""
        meaning = self.vocabulary.meaning(cell)
        if self._is_key(meaning):
            return meaning
        above = self._above(number, column)
        return self._below(self.vocabulary.meaning(above) if above else NOTHING, cell, meaning)

    def _below(self, above: Meaning, cell: Cell, meaning: Meaning) -> Meaning:
        """What a heading means below another."""
        if part := self._part(above, cell, meaning):
            return part
        if not meaning.name:
            return NOTHING
        if meaning.year is None and above.year:
            return self.vocabulary.in_year(meaning.name, above.year)
        is_group = above.name and above.year is None and not self._is_key(above)
        if is_group and self.vocabulary.is_bare_year(cell):
            return replace(above, year=self.vocabulary.in_year(above.name, meaning.year).year)
        return meaning

    def _part(self, above: Meaning, cell: Cell, meaning: Meaning) -> Meaning | None:
        """Whose column one is below a heading that parts, or the total of these; what a column may
        be that is not known there is kept, to be asked."""
        name = self.vocabulary.headings[above.name].parts if above.name else ""
        if not name or above.part or not cell.is_text:
            return None
        if (found := self.vocabulary.part(above, cell)) != NOTHING:
            return found
        if not meaning.name and TOTAL.match(fold(cell.text[:100])):
            return Meaning(name, above.year)
        if not meaning.name:
            self.parts[cell.row, cell.column] = Meaning(name, above.year, cell.text.strip()[:100])
        return None

    def _second_row(self, number: int, heads: list[Column], below) -> list[Column] | None:
        """What the columns of a head of two rows are called: the years, or the parts, of some of
        them stand below these."""
        if not below or below[0][0] != number + 1:
            return None
        cells = below[0][1]
        said = {one.number: one.meaning for one in heads}
        groups = sorted(said)
        found: dict[int, Column] = {}
        for column, cell in cells.items():
            before = bisect_right(groups, column)
            if not before:
                return None
            meaning, group = self.vocabulary.meaning(cell), groups[before - 1]
            meant = self._below(said[group], cell, meaning)
            may_be_part = (number, group) in self.wide and (cell.row, cell.column) in self.parts
            is_of_year = said[group].year and cell.is_text and is_part_of_year(cell.text)
            if not (meant.name or may_be_part or is_of_year) or self._is_key(meant):
                return None
            found[column] = Column(column, cell, meant)
        if len(found) < 2 and not any((number, column) in self.wide for column in said):
            return None
        whole = {one.number: one for one in heads} | found
        return [whole[column] for column in sorted(whole)]

    def _is_key(self, meaning: Meaning) -> bool:
        return meaning.name in self.vocabulary.keys

    def _above(self, number: int, column: int) -> Cell | None:
        """The heading above one, also that of several columns: merged, or a year that stands over
        the first of them, beside the next year."""
        area = self.upright.get((number - 1, column))
        found = self.sheet.cells.get((area.top, area.left) if area else (number - 1, column))
        if found is not None or area is not None:
            return found
        years = self._years_above(number - 1)
        before = [one for one in years if one < column]
        return years[before[-1]] if len(years) > 1 and before else None

    def _years_above(self, number: int) -> dict[int, Cell]:
        """The cells of a row by column, where all of them are years, each another."""
        if number not in self.above:
            cells = self.by_row.get(number, {})
            told = [self.vocabulary.meaning(cell) for cell in cells.values()]
            years = [one.year for one in told if one.name == self.vocabulary.yearly and one.year]
            is_years = len(years) == len(cells) == len(set(years))
            self.above[number] = cells if is_years else {}
        return self.above[number]

    def _head_of_years(self, number: int, cells: dict[int, Cell]) -> list[Column]:
        """A row of years whose first column is not called anything that is known."""
        headings = self._headings(number, cells)
        said = {c: self._meaning(number, c, cell) for c, cell in headings.items()}
        years = [c for c in sorted(said) if said[c].year]
        enough = [*said.values(), Meaning(self.vocabulary.key)]
        if not years or not self.vocabulary.is_enough(enough):
            return []
        told = [said[c].year for c in years]
        is_series = any(abs(later - one) == 1 for one, later in pairwise(told))
        if not is_series and all(headings[c].number is not None for c in years):
            return []  # a line whose figures are as large as years
        below = [cells for row, cells in self.rows if row > number][:20]
        texts = [c for c in range(1, min(years)) if any(c in r and r[c].is_text for r in below)]
        first = next((c for c in texts if c not in said or not said[c].name), None)
        if first is None:
            return []
        found = {c: Column(c, headings[c], said[c]) for c in said}
        found[first] = Column(first, headings.get(first), Meaning(self.vocabulary.key))
        return [found[c] for c in sorted(found)]

    def _is_same_head(self, tables: list[Table], heads: list[Column]) -> bool:
        """Whether a row repeats the head of the tables above, as printed pages do."""
        above = [column for table in tables for column in table.columns]
        again, there = (
            [(one.number, one.heading.text if one.heading else "") for one in columns]
            for columns in (heads, above)
        )
        return again == there

    def _is_line(self, tables: list[Table], heads: list[Column]) -> bool:
        """Whether a row is a line of a table above, some of whose cells say what a heading may say
        too: « Association », « Directeur ». What it is about is no heading, nor is most of it."""
        keys = {number for table in tables for number in table.keys}
        is_about = any(one.heading and not one.meaning.name for one in heads if one.number in keys)
        understood = sum(bool(one.meaning.name) for one in heads)
        return is_about and understood * 2 < len(heads)

    def _abreast(self, heads: list[Column]) -> list[list[Column]]:
        """The heads of tables that stand side by side: each says the same, and enough."""
        meanings = [one.meaning for one in heads]
        starts = [place for place, one in enumerate(meanings) if one == meanings[0]]
        if len(starts) < 2 or not self._is_key(meanings[0]):
            return [heads]
        ends = [*starts[1:], len(heads)]
        parts = [heads[start:end] for start, end in zip(starts, ends, strict=True)]
        names = [{one.meaning for one in part} for part in parts]
        is_each = all(said == names[0] for said in names) and self.vocabulary.is_enough(names[0])
        return parts if is_each else [heads]

    def _table(self, number: int, heads: list[Column], above: list[Cell]) -> Table:
        columns = [
            replace(one, meaning=self._answered(one.number, one.heading, one.meaning))
            for one in heads
        ]
        columns = self._without_twins(self._with_years(columns))
        for column in columns:
            if not column.meaning.name:
                self._tell_unknown(column)
        if self.years is None:
            title = " ".join([self.sheet.name, *(cell.text for cell in above)])
            self.title = title[:MAX_TITLE]
            told = (years_in(_undated(cell.text)) for cell in above)
            self.years = years_in(self.sheet.name) or list(dict.fromkeys(chain(*told)))
        year = self.years[0] if len(self.years) == 1 else None
        keys = [column.number for column in columns if self._is_key(column.meaning)]
        spreading = [c.number for c in columns if c.meaning.name in self.vocabulary.spreading]
        return Table(self.sheet, number, columns, keys, spreading, year, self.title,
                     is_form=self.sheet.is_rewritten)  # fmt: skip

    def _answered(self, column: int, cell: Cell | None, meaning: Meaning) -> Meaning:
        """The meaning of a column, asked where its heading does not say it."""
        if meaning.name or cell is None or not cell.text.strip():
            return meaning
        if self._is_of_part_of_year(cell):
            return NOTHING
        if self.vocabulary.asks_year(cell):
            return self._which_year(cell)
        choices = [
            Choice(heading.name, heading.label)
            for heading in self.vocabulary.headings.values()
            if not heading.is_ours
        ]
        part = self.parts.get((cell.row, cell.column))
        if part:
            label = self.vocabulary.headings[part.name].label
            choices.insert(0, Choice(PART, f"« {part.part[:60]} », une part de « {label} »"))
        answer = self.asking.ask(
            f"colonne:{fold(cell.text[:MAX_HEADING])}",
            f"La colonne « {cell.text.strip()[:60]} » n’est pas reconnue : que contient-elle ?",
            cell.address,
            [Choice(LEFT, "la laisser de côté"), *choices],
            is_required=False,
        )
        if part and answer == PART:
            return part
        return Meaning(answer) if answer not in ("", LEFT) else NOTHING

    def _with_years(self, columns: list[Column]) -> list[Column]:
        """Beside columns of years, one of figures that names none is asked of which it is: of those
        that say « Total », it is of none."""
        yearly = [one for one in columns if one.meaning.name == self.vocabulary.yearly]
        if not any(one.meaning.year for one in yearly):
            return columns
        bare = [one for one in yearly if one.meaning.year is None and one.heading is not None]
        found = {
            one.number: NOTHING
            if TOTAL.match(fold(one.heading.text[:100]))
            else self._which_year(one.heading)
            for one in bare
        }
        return [
            Column(one.number, one.heading, found.get(one.number, one.meaning)) for one in columns
        ]

    def _which_year(self, cell: Cell) -> Meaning:
        told = years_in(cell.text)
        years = told if len(told) > 1 else self.vocabulary.years
        of = f"@{self.vocabulary.of}" if len(told) < 2 and self.vocabulary.of else ""
        answer = self.asking.ask(
            f"annee:{fold(cell.text[:MAX_HEADING])}{of}",
            f"La colonne « {cell.text.strip()[:60]} » est de quelle année ?",
            cell.address,
            [*(Choice(str(y), str(y)) for y in years), Choice(LEFT, "la laisser de côté")],
        )
        return Meaning(self.vocabulary.yearly, int(answer)) if answer.isdecimal() else NOTHING

    def _without_twins(self, columns: list[Column]) -> list[Column]:
        """Of columns that say the same, the one that was chosen; none while nobody has."""
        said: dict[Meaning, list[Column]] = {}
        for column in columns:
            heading = self.vocabulary.headings.get(column.meaning.name)
            if heading and not heading.is_ours:
                said.setdefault(column.meaning, []).append(column)
        chosen = {}
        for meaning, twins in said.items():
            if len(twins) == 1:
                continue
            label = self.vocabulary.label(meaning)
            answer = self.asking.ask(
                f"double:{meaning.name}:{meaning.year or ''}:{len(twins)}",
                f"Plusieurs colonnes se disent « {label} » : laquelle est la bonne ?",
                f"{self.sheet.name}!{letters(twins[0].number)}{_row_of(twins[0])}",
                [Choice(letters(twin.number), f"colonne {twin.title}") for twin in twins],
            )
            chosen[meaning] = answer
        return [
            Column(column.number, column.heading, NOTHING)
            if chosen.get(column.meaning) not in (None, letters(column.number))
            else column
            for column in columns
        ]

    # Its lines ----------------------------------------------------------------------------------

    def _row(self, table: Table, number: int, cells: dict[int, Cell]) -> Row:
        own, cells = list(cells.values()), dict(cells)
        for column in table.spreading:
            if column not in cells:
                area = self.upright.get((number, column))
                top = area and self.sheet.cells.get((area.top, area.left))
                if top and area.left == area.right and area.top > table.top:
                    cells[column] = top
        first = min(own, key=lambda cell: cell.column)
        told = [first, *(cells[column] for column in table.keys if column in cells)]
        return Row(
            self.sheet.name, number, cells, table,
            is_alone=len(own) == 1,
            is_total=any(TOTAL.match(fold(cell.text[:100])) for cell in told),
            is_hidden=number in self.sheet.hidden_rows,
            is_torn=self.sheet.separator == "," and max(cells) > table.columns[-1].number,
        )  # fmt: skip

    def _is_of_part_of_year(self, cell: Cell) -> bool:
        return bool(self.vocabulary.yearly) and cell.is_text and is_part_of_year(cell.text)

    # What is told -------------------------------------------------------------------------------

    def _tell_unknown(self, column: Column) -> None:
        said = column.heading.text.strip()[:60] if column.heading else ""
        if column.heading and self._is_of_part_of_year(column.heading):
            text = f"colonne « {said} » : elle n’est pas lue, n’étant que d’une partie de l’année."
            self.told.append(Told(column.heading.address, text))
            return
        place = column.heading.address if column.heading else self.sheet.name
        self.told.append(Told(place, f"colonne « {said} » non reconnue : elle n’est pas lue."))

    def _tell_unheaded(self, table: Table) -> None:
        """Columns without a heading that hold something."""
        headed = {column.number for column in table.columns}
        found: dict[int, Cell] = {}
        for row in table.rows:
            for column in row.cells.keys() - headed:
                found.setdefault(column, row.cells[column])
        for _, cell in sorted(found.items()):
            text = f"colonne {letters(cell.column)} sans titre : elle n’est pas lue."
            self.told.append(Told(cell.address, text))

    def _tell_hidden(self, tables: list[Table]) -> None:
        sheet = self.sheet
        if sheet.is_hidden:
            self.told.append(Told(sheet.name, "cette feuille est masquée ; elle est lue aussi."))
        rows = [str(row.number) for table in tables for row in table.rows if row.is_hidden]
        if rows:
            self.told.append(Told(sheet.name, f"lignes masquées, lues aussi : {_some(rows)}."))
        columns = [
            letters(column.number) for table in tables for column in table.columns
            if column.number in sheet.hidden_columns and column.meaning.name
        ]  # fmt: skip
        if columns:
            text = f"colonnes masquées, lues aussi : {_some(list(dict.fromkeys(columns)))}."
            self.told.append(Told(sheet.name, text))
        top = tables[0].top
        merged = [str(area) for area in sheet.merged if area.bottom > top]
        if merged:
            text = (
                f"cellules fusionnées : {_some(merged)} ; un libellé fusionné vaut pour toutes ses "
                "lignes, un chiffre pour la première seule."
            )
            self.told.append(Told(sheet.name, text))


def _between(cells: dict[int, Cell], tables: Sequence[Table], *, is_first: bool) -> dict[int, Cell]:
    """The cells of a row that are the first table's, of some side by side."""
    start = 0 if is_first else tables[0].columns[0].number
    end = tables[1].columns[0].number if len(tables) > 1 else None
    return {c: cell for c, cell in cells.items() if start <= c and (end is None or c < end)}


def _undated(text: str) -> str:
    """A title without the day on which the file was made, which is no year of its figures; the last
    day of a year is that of its figures."""
    return "" if MADE.search(fold(text)) else A_DAY.sub(" ", text)


def _by_cell(areas: Sequence[Area], most: int) -> dict[tuple[int, int], Area]:
    """The merged area of each cell within one, of areas of a sensible size, up to so many cells."""
    found, left = {}, most
    for area in areas:
        size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if size <= min(left, 2_000):
            left -= size
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    found[row, column] = area
    return found


def _row_of(column: Column) -> int:
    return column.heading.row if column.heading else 1


def _some(names: Sequence[str]) -> str:
    told = ", ".join(names[:MAX_TOLD])
    return f"{told}… ({len(names)} en tout)" if len(names) > MAX_TOLD else told
