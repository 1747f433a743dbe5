"""A wide sheet of figures, communes or years against indicators, read as the long one that says the
same: a line for each commune, or year, and indicator. Each cell keeps its place in the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from conventions.models import Convention
from conventions.territory.naming import INSEE, Gazetteer
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.values.files import headings as named
from indicators.values.files.figures import SAID_PROVISIONAL
from indicators.values.files.lookup import Lookup
from indicators.values.forms import match_absence
from spreadsheets.matching.headings import YEAR, years_in
from spreadsheets.matching.tables import SEARCHED, TOTAL
from spreadsheets.reading.cells import Book, Cell, Kind, Sheet, letters

TERM = re.compile(r"[\s(–—:-]+(?P<term>num[ée]rateur|d[ée]nominateur)\s*\)?\s*$", re.IGNORECASE)
TERM_ALONE = re.compile(r"\s*\(?(?P<term>num[ée]rateur|d[ée]nominateur)\s*\)?\s*", re.IGNORECASE)
# Such a code is that of several communes, and may be the code Insee of another.
POSTAL = re.compile(r"\bpostal|\bcp\b")
FIGURE = re.compile(r"\s*[-+−]?\d[\d\s.,]*%?\s*")
HEADINGS = {named.COMMUNE: "Commune", named.LABEL: "Indicateur", named.YEAR: "Année",
            named.VALUE: "Valeur", named.NUMERATOR: "Numérateur",
            named.DENOMINATOR: "Dénominateur", named.STATE: "État",
            named.REASON: "Motif"}  # fmt: skip
COLUMNS = {name: place for place, name in enumerate(HEADINGS, start=1)}
FEWEST = 2  # communes in a head that is one of communes
LONGEST_YEAR = 40  # « Situation au 31 décembre 2023 »


@dataclass
class Long:
    """The lines of a sheet that is read as a long one. ``above``: what stands over its head;
    ``told``: what of it is not read, in sentences."""

    sheet: Sheet
    above: list[Cell]
    lines: list[dict[str, Cell]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> list[str]:
        """What of it is hidden, and read all the same."""
        read = {(cell.row, cell.column) for line in self.lines for cell in line.values()}
        rows = sorted({row for row, _ in read} & self.sheet.hidden_rows)
        columns = sorted({column for _, column in read} & self.sheet.hidden_columns)
        parts = [("lignes", map(str, rows)), ("colonnes", map(letters, columns))]
        listed = [(what, ", ".join(places)) for what, places in parts]
        return [
            f"{self.sheet.name} : {what} masquées, lues aussi : {places}."
            for what, places in listed
            if places
        ]

    def as_sheet(self) -> Sheet:
        found = Sheet(self.sheet.name, self.sheet.is_hidden, is_rewritten=True)
        for place, cell in enumerate(self.above):
            found.cells[1, place + 1] = cell
        known = {name for line in self.lines for name in line}
        for name, text in HEADINGS.items():
            if name not in known:
                continue
            place = 2, COLUMNS[name]
            found.cells[place] = Cell(self.sheet.name, *place, Kind.TEXT, text, text)
        for number, line in enumerate(self.lines, start=3):
            found.cells |= {(number, COLUMNS[name]): cell for name, cell in line.items()}
        return found


def unfold(book: Book, lookup: Lookup, convention: Convention, *, year: int | None = None) -> Book:
    """The book with its wide sheets of communes, or of years, and indicators as long ones.
    ``year``: that of a column that says none, beside others that say theirs."""
    is_by_commune = any(entry.is_by_commune for entry in lookup.entries)
    gazetteer = Gazetteer(convention.communes.all()) if is_by_commune else None
    found = [_unfolded(sheet, lookup, gazetteer, year) for sheet in book.sheets]
    told = [sentence for long in found if long for sentence in [*long.told, *long.hidden]]
    sheets = [
        long.as_sheet() if long else sheet for long, sheet in zip(found, book.sheets, strict=True)
    ]
    return replace(book, sheets=sheets, notes=[*book.notes, *told])


def _unfolded(
    sheet: Sheet, lookup: Lookup, gazetteer: Gazetteer | None, year: int | None
) -> Long | None:
    rows = list(sheet.rows())
    if gazetteer and (found := _communes_in_rows(sheet, rows, lookup, gazetteer, year)):
        return found
    for place, (_, head) in enumerate(rows[:SEARCHED]):
        below = [cells for _, cells in rows[place + 1 :]]
        above = [cell for _, cells in rows[:place] for cell in cells.values()]
        if gazetteer:
            lines = list(_communes_in_columns(head, below, lookup, gazetteer))
            if lines:
                return Long(sheet, above, lines)
        if found := _years_in_rows(sheet, head, below, lookup):
            return replace(found, above=above)
    return None


def _years_in_rows(
    sheet: Sheet, head: dict[int, Cell], below: list[dict[int, Cell]], lookup: Lookup
) -> Long | None:
    """A line a year, a column an indicator, or two for the terms of a ratio."""
    titles = {column: TERM.sub("", cell.text).strip() for column, cell in head.items()}
    known = [
        column
        for column, title in titles.items()
        if title and lookup.named(title) and not _names_indicators(below, column, lookup)
    ]
    of_year = _column_of_years(below, before=min(known)) if known else None
    if of_year is None or 2 * len(known) < len(titles.keys() - {of_year}):
        return None
    if of_year in head and _is_year(head[of_year]):  # a line of a long sheet
        return None
    found, words = Long(sheet, []), named.vocabulary([], "")
    for column in titles.keys() - {of_year, *known}:
        if words.meaning(head[column]).name:  # « Remarques » is no indicator
            titles[column] = ""
    for cells in below:
        year = cells.get(of_year)
        if year is not None and _is_year(year):
            found.lines += _lines_of_year(year, cells, head, titles)
        else:
            cell = year or cells[min(cells)]
            text = f"« {cell.text.strip()[:60]} » n’est pas une année, la ligne n’est pas lue."
            found.told.append(f"{cell.address} : {text}")
    filled = {column for cells in below if of_year in cells for column in cells} - {of_year}
    for column in sorted(column for column in filled if not titles.get(column)):
        text = head[column].text.strip()[:60] if column in head else "sans titre"
        found.told.append(_not_read(sheet, column, text))
    return found if found.lines else None


def _lines_of_year(
    year: Cell, cells: dict[int, Cell], head: dict[int, Cell], titles: dict[int, str]
) -> Iterable[dict[str, Cell]]:
    """A line for each indicator of a year."""
    lines: dict[str, dict[str, Cell]] = {}
    for column, cell in cells.items():
        if cell is not year and (title := titles.get(column)):
            line = lines.setdefault(title, {named.YEAR: year})
            line[named.LABEL] = replace(head[column], text=title, raw=title, kind=Kind.TEXT)
            line[_name_of(TERM.search(head[column].text))] = cell
    return lines.values()


def _names_indicators(rows: list[dict[int, Cell]], column: int, lookup: Lookup) -> bool:
    """Whether most cells of a column do, as those of a long sheet."""
    cells = [row[column] for row in rows if column in row]
    return bool(cells) and 2 * sum(bool(lookup.named(cell.text)) for cell in cells) >= len(cells)


def _column_of_years(rows: list[dict[int, Cell]], before: int) -> int | None:
    """The first column of which most cells are years."""
    for column in range(1, before):
        cells = [row[column] for row in rows if column in row]
        if cells and 2 * sum(map(_is_year, cells)) >= len(cells):
            return column
    return None


def _is_year(cell: Cell) -> bool:
    """Whether a cell is a year, and says nothing else that is a word."""
    if cell.kind == Kind.DATE:
        return True
    rest = YEAR.sub(" ", cell.text)
    return len(years_in(cell.text)) == 1 and len(cell.text) <= LONGEST_YEAR and "%" not in rest


def _name_of(term: re.Match | None) -> str:
    """Of which term of a ratio a column is; the figure itself where its heading names none."""
    if term is None:
        return named.VALUE
    return named.NUMERATOR if fold(term["term"]).startswith("num") else named.DENOMINATOR


@dataclass(frozen=True)
class TableColumn:
    """A column of figures by commune: of which indicator, under which meaning, of which year where
    its heading says one. ``head``: the cell that names the indicator; ``is_beneath``: the second
    row of the head says something of it."""

    head: Cell
    title: str
    name: str = named.VALUE
    year: Cell | None = None
    is_beneath: bool = False


Rows = list[tuple[int, dict[int, Cell]]]


def _communes_in_rows(
    sheet: Sheet, rows: Rows, lookup: Lookup, gazetteer: Gazetteer, year: int | None
) -> Long | None:
    """A line a commune, a column an indicator, or two for the terms of a ratio, or one a year. The
    head is the row, with the one beneath it where that is none of a commune, that names most."""
    best, columns = _head_of(rows, lookup, gazetteer)
    if not columns:
        best, columns = _head_beneath_a_title(sheet, rows, lookup)
    start = best + (2 if any(one.is_beneath for one in columns.values()) else 1)
    below = [cells for _, cells in rows[start:]]
    head = rows[best][1] if rows else {}
    postal = {column for column, cell in head.items() if POSTAL.search(fold(cell.text))}
    of_commune = _column_of_communes(below, {*columns, *postal}, gazetteer) if columns else []
    if not of_commune or any(c in head and gazetteer.find(head[c].text) for c in of_commune):
        return None
    found = Long(sheet, [cell for _, cells in rows[:best] for cell in cells.values()])
    unknown = _unknown_columns(rows, best, {*columns, *of_commune}, gazetteer)
    answered = {c: one for c, one in unknown.items() if lookup.of_heading(one.head, one.title)}
    columns = columns | answered
    if year and any(one.year for one in columns.values()):
        columns = {
            column: one if one.year else replace(one, year=_as_text(one.head, str(year)))
            for column, one in columns.items()
        }
    reasons = _columns_of_reasons(rows[:start])
    unread: set[int] = set()
    elsewhere = _elsewhere(below, of_commune, gazetteer)
    found.told += _told_of_elsewhere(sheet, below, of_commune, elsewhere, gazetteer)
    for cells in below:
        commune = _commune_of(cells, of_commune, gazetteer)
        if commune is not None and TOTAL.match(fold(commune.text)):
            text = f"« {commune.text.strip()[:60]} » n’est pas une commune"
            found.told.append(f"{commune.address} : {text}, la ligne n’est pas lue.")
        elif commune is not None and commune not in elsewhere:
            found.lines += _lines_of_commune(commune, cells, columns, reasons)
            others = cells.keys() - {*columns, *of_commune, *reasons}
            unread |= {column for column in others if _holds_a_number(cells[column])}
    for column in sorted(unread):
        one = unknown.get(column)
        text = f"{one.title} {one.year.text if one.year else ''}".strip() if one else ""
        found.told.append(_not_read(sheet, column, text or _called(rows[:start], column)))
    return found if found.lines else None


def _unknown_columns(
    rows: Rows, place: int, known: set[int], gazetteer: Gazetteer
) -> dict[int, TableColumn]:
    """The columns of figures whose heading, or that of their group where a year stands beneath it,
    names no indicator, as if it did."""
    head, words = rows[place][1], named.vocabulary([], "")
    beneath = rows[place + 1][1] if place + 1 < len(rows) else {}
    if any(gazetteer.find(cell.text) for cell in beneath.values()):
        beneath = {}
    below = [cells for _, cells in rows[place + 1 :]]
    found: dict[int, TableColumn] = {}
    group = None
    for column in sorted({column for cells in below for column in cells} | head.keys()):
        own, under = head.get(column), beneath.get(column)
        group = own or group
        year = under if under is not None and _is_year(under) else None
        cell = own or (group if year else under)
        if column in known or cell is None or not _has_figures(below, column, gazetteer):
            continue
        title, years = TERM.sub("", cell.text).strip(), years_in(cell.text)
        if year is None and len(years) == 1:
            title = YEAR.sub(" ", title).strip(" -–—(),:")
            year = _as_text(cell, str(*years))
        is_name = any(letter.isalpha() for letter in title)
        if is_name and not TOTAL.match(fold(title)) and not words.meaning(cell).name:
            found[column] = TableColumn(cell, title, _name_of(TERM.search(cell.text)), year)
    return found


def _not_read(sheet: Sheet, column: int, text: str) -> str:
    return f"{sheet.name}!{letters(column)} : la colonne « {text} » n’est pas lue."


def _head_of(
    rows: Rows, lookup: Lookup, gazetteer: Gazetteer
) -> tuple[int, dict[int, TableColumn]]:
    """The row that names most indicators, and its columns; the last of two that name as many."""
    best, columns = 0, {}
    for place in range(len(rows[:SEARCHED])):
        below = [cells for _, cells in rows[place + 1 :]]
        found = {
            column: one
            for column, one in _columns_of(rows, place, lookup, gazetteer).items()
            # A title above a table has none beneath it.
            if _has_figures(below, column, gazetteer) or _has_absences(below, column)
        }
        if found and len(found) >= len(columns):
            best, columns = place, found
    return best, columns


def _head_beneath_a_title(
    sheet: Sheet, rows: Rows, lookup: Lookup
) -> tuple[int, dict[int, TableColumn]]:
    """The row of years of a sheet that has one indicator, named above them or by the sheet itself,
    and its columns."""
    title = Cell(sheet.name, 1, 1, Kind.TEXT, sheet.name, sheet.name)
    title = title if _is_table(lookup, sheet.name) else None
    for place, (_, cells) in enumerate(rows[:SEARCHED]):
        years = {column: cell for column, cell in cells.items() if _is_year(cell)}
        if title and years and len(years) < len(cells):
            told = title.text.strip()
            return place, {
                column: TableColumn(title, told, year=cell) for column, cell in years.items()
            }
        named_here = [cell for cell in cells.values() if _is_table(lookup, cell.text)]
        title = named_here[0] if len(named_here) == 1 else title
    return 0, {}


def _commune_of(cells: dict[int, Cell], of_commune: list[int], gazetteer: Gazetteer) -> Cell | None:
    """The cell that names the commune of a line: one that names one of the territory, else any;
    where a code is that of another commune than its name, what both say, which is none."""
    said = [cells[column] for column in of_commune if column in cells]
    found = {cell: one.commune for cell in said if (one := gazetteer.find(cell.text))}
    codes = [cell for cell in found if INSEE.fullmatch(cell.text.strip())]
    names = [cell for cell in found if cell not in codes]
    if codes and names and found[codes[0]] not in [found[cell] for cell in names]:
        return replace(codes[0], text=f"{codes[0].text.strip()} {names[0].text.strip()}")
    return next(iter(found), said[0] if said else None)


def _elsewhere(
    rows: list[dict[int, Cell]], of_commune: list[int], gazetteer: Gazetteer
) -> list[Cell]:
    """What names a commune that is none of the territory, where most lines do: a whole département
    was exported."""
    said = [_commune_of(cells, of_commune, gazetteer) for cells in rows]
    others = [
        cell
        for cell in said
        if cell and not gazetteer.knows(cell.text) and not TOTAL.match(fold(cell.text))
    ]
    return others if 2 * len(others) > sum(cell is not None for cell in said) else []


def _told_of_elsewhere(
    sheet: Sheet,
    rows: list[dict[int, Cell]],
    of_commune: list[int],
    elsewhere: list[Cell],
    gazetteer: Gazetteer,
) -> Iterator[str]:
    """How many lines are of elsewhere, and which communes of the territory no line names."""
    if not elsewhere:
        return
    lines = plural(len(elsewhere), "ligne,lignes")
    yield f"{sheet.name} : {lines} d’autres communes que celles du territoire, non lues."
    said = [_commune_of(cells, of_commune, gazetteer) for cells in rows]
    named_here = {found.commune for cell in said if cell and (found := gazetteer.find(cell.text))}
    left = [str(commune) for commune in gazetteer.communes if commune not in named_here]
    if left:
        yield f"{sheet.name} : ne nomme pas {enumerate_words(left)}."


def _columns_of_reasons(rows: Rows) -> list[int]:
    """The columns that say of a commune why it has no figure."""
    words = named.vocabulary([], "")
    cells = (cell for _, cells in rows for cell in cells.values())
    return sorted({cell.column for cell in cells if words.meaning(cell).name == named.REASON})


def _lines_of_commune(
    commune: Cell, cells: dict[int, Cell], columns: dict[int, TableColumn], reasons: list[int]
) -> Iterable[dict[str, Cell]]:
    """A line for each indicator, and year, of a commune; what is said of why there is no figure
    goes with each absence."""
    reason = next((cells[column] for column in reasons if column in cells), None)
    lines: dict[tuple[str, str], dict[str, Cell]] = {}
    for column, one in columns.items():
        if column in cells:
            key = one.title, one.year.text if one.year else ""
            line = lines.setdefault(key, {named.COMMUNE: commune})
            line[named.LABEL] = _as_text(one.head, one.title)
            line[one.name] = cells[column]
            if reason and match_absence(cells[column].text):
                line[named.REASON] = reason
            if one.year:
                line[named.YEAR] = one.year
                if SAID_PROVISIONAL.search(fold(one.year.text)):
                    line[named.STATE] = _as_text(one.year, "provisoire")
    return lines.values()


def _has_figures(rows: list[dict[int, Cell]], column: int, gazetteer: Gazetteer) -> bool:
    cells = (cells[column].text for cells in rows if column in cells)
    return any(FIGURE.fullmatch(text) and not gazetteer.find(text) for text in cells)


def _has_absences(rows: list[dict[int, Cell]], column: int) -> bool:
    return any(match_absence(cells[column].text) for cells in rows if column in cells)


def _holds_a_number(cell: Cell) -> bool:
    return any(letter.isdecimal() for letter in cell.text)


def _columns_of(
    rows: Rows, place: int, lookup: Lookup, gazetteer: Gazetteer
) -> dict[int, TableColumn]:
    """The columns that a row heads, with the years or the terms that stand beneath its titles."""
    head = rows[place][1]
    beneath = rows[place + 1][1] if place + 1 < len(rows) else {}
    if any(gazetteer.find(cell.text) for cell in beneath.values()):
        beneath = {}
    found, group = {}, None
    for column in sorted(head.keys() | beneath.keys()):
        own, under = head.get(column), beneath.get(column)
        group = own or group
        if under is None:
            one = _column_of(own, lookup) if own else None
        else:
            one = _column_of(under, lookup) or _column_beneath(group, under, lookup)
            one = one and replace(one, is_beneath=True)
            if one is None and own and not _is_year(under) and not TERM_ALONE.fullmatch(under.text):
                one = _column_of(own, lookup)
        if one:
            found[column] = one
    return found


def _column_of(cell: Cell, lookup: Lookup) -> TableColumn | None:
    """The column that one heading names: « Places », « Places (numérateur) », « Places 2023 »."""
    term = TERM.search(cell.text)
    title = TERM.sub("", cell.text).strip()
    years, bare = years_in(title), YEAR.sub(" ", title).strip(" -–—(),:")
    if len(years) == 1 and _is_table(lookup, bare):
        return TableColumn(cell, bare, _name_of(term), _as_text(cell, str(*years)))
    return TableColumn(cell, title, _name_of(term)) if _is_table(lookup, title) else None


def _column_beneath(group: Cell | None, under: Cell, lookup: Lookup) -> TableColumn | None:
    """The column of a year, or of a term, beneath the title of a group of them."""
    one = _column_of(group, lookup) if group else None
    if one and _is_year(under):
        return replace(one, year=under)
    if one and (term := TERM_ALONE.fullmatch(under.text)):
        return replace(one, name=_name_of(term))
    return None


def _as_text(cell: Cell, text: str) -> Cell:
    return replace(cell, text=text, raw=text, kind=Kind.TEXT)


def _called(rows: Rows, column: int) -> str:
    """The last heading of a column."""
    said = [cells[column].text.strip() for _, cells in rows if column in cells]
    words = [text for text in said if any(letter.isalpha() for letter in text)]
    return (words or said or ["sans titre"])[-1][:60]


def _communes_in_columns(
    head: dict[int, Cell], below: list[dict], lookup: Lookup, gazetteer: Gazetteer
) -> Iterator[dict[str, Cell]]:
    """A line an indicator, a column a commune."""
    communes = [column for column, cell in head.items() if gazetteer.knows(cell.text)]
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
    """The columns that name communes, the surest first: most of their cells do, or most of the
    communes are named there."""
    rows, counted = list(rows), {}
    for column in sorted({column for cells in rows for column in cells} - others):
        texts = [cells[column].text for cells in rows if column in cells]
        found = sum(gazetteer.knows(text) for text in texts)
        # Of a whole département, few are of the territory: most of the territory is there.
        if found and (2 * found >= len(texts) or 2 * found >= len(gazetteer.communes)):
            counted[column] = found
    return sorted(counted, key=lambda column: (-counted[column], column))
