"""ODS: each cell tells its own type; what is repeated is written once, and counted before it is
laid out."""

import datetime
import re

from spreadsheets.reading.cells import Area, Book, Kind, Sheet, raised
from spreadsheets.reading.formats import LONGEST_FORMAT, UNIT
from spreadsheets.reading.parts import elements, get, let_go, name_of
from spreadsheets.reading.refusals import Unreadable

LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
HIDDEN = ("collapse", "filter")
NUMBERS = ("float", "currency", "percentage")
SHOWN_NUMBER = re.compile(r"-?\d[\d\s]*(?:,\d+)?")
# What of a text is a note about it, or stands for spaces.
NOTES = ("annotation", "note")
RAISED = re.compile(r"super|[1-9]")  # « super 58% », « 33% 58% »
SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}


def read(parts: dict[str, bytes], most: int) -> Book:
    """Return the sheets of an OpenDocument workbook, by its parts. Raises Unreadable, also beyond
    ``most`` cells."""
    content = parts["content.xml"]
    calculates = b"LibreOffice" in parts.get("meta.xml", b"") or b"OpenOffice" in parts.get(
        "meta.xml", b""
    )
    book, count = Book("", "classeur OpenDocument"), 0
    hidden: set[str] = set()
    above: set[str] = set()
    struck: set[str] = set()
    for element in elements(content, "style", "table"):
        if name_of(element) == "style":
            if any(get(p, "display") == "false" for p in element.iter("{*}table-properties")):
                hidden.add(get(element, "name"))
            if any(
                RAISED.match(get(p, "text-position")) for p in element.iter("{*}text-properties")
            ):
                above.add(get(element, "name"))
            if any(_is_struck(one) for one in element.iter("{*}text-properties")):
                struck.add(get(element, "name"))
            continue
        if any(name_of(one) in ("table-cell", "shapes") for one in element.iterancestors()):
            continue  # a table within a cell or a drawing is not a sheet
        sheet = Sheet(get(element, "name"), is_hidden=get(element, "style-name") in hidden)
        _Reading(sheet, calculates, most - count, above, struck).read(element)
        count += len(sheet.cells)
        book.sheets.append(sheet)
        let_go(element)
    if not book.sheets:
        raise Unreadable("not_a_table")
    return book


class _Reading:
    """The reading of one sheet; ``left``: how many cells it may hold; ``above``: the styles of what
    stands raised; ``struck``: of what is struck out."""

    def __init__(
        self, sheet: Sheet, calculates: bool, left: int, above: set[str], struck: set[str]
    ):
        self.sheet, self.calculates, self.left, self.above = sheet, calculates, left, above
        self.struck = struck
        self.row = self.column = 1

    def read(self, table) -> None:
        self._read_columns(table)
        for row in self._within(table, "table-row"):
            times = _times(row, "number-rows-repeated", LAST_ROW)
            if get(row, "visibility") in HIDDEN and times < 10_000:
                last = min(self.row + times, LAST_ROW + 1)
                self.sheet.hidden_rows.update(range(self.row, last))
            filled = self._cells_of(row)
            if filled and times * len(filled) > self.left:
                raise Unreadable("too_many")
            for number in range(self.row, self.row + times if filled else self.row):
                for column, cell in filled:
                    self._keep(number, column, cell)
                self.left -= len(filled)
            self.row += times

    def _read_columns(self, table) -> None:
        column = 1
        for element in self._within(table, "table-column"):
            times = _times(element, "number-columns-repeated", LAST_COLUMN)
            if get(element, "visibility") in HIDDEN:
                last = min(column + times, LAST_COLUMN + 1)
                self.sheet.hidden_columns.update(range(column, last))
            column += times

    def _within(self, table, name: str):
        """Rows or columns of the sheet, those in groups and headers too, none of a table within."""
        for child in table.iterchildren("{*}*"):
            kind = name_of(child)
            if kind == name:
                yield child
            elif kind.startswith("table-") and kind.endswith(("group", "rows", "columns")):
                yield from self._within(child, name)

    def _cells_of(self, row) -> list[tuple[int, object]]:
        """Return the cells of a row that hold something, each as often as it stands there."""
        filled, column = [], 1
        for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            times = _times(cell, "number-columns-repeated", LAST_COLUMN)
            self._note_merged(cell, column)
            is_filled = get(cell, "value-type") or get(cell, "formula") or self._text(cell).strip()
            if is_filled and name_of(cell) == "table-cell":
                if len(filled) + times > self.left:
                    raise Unreadable("too_many")
                filled += [(number, cell) for number in range(column, column + times)]
            column += times
        return filled

    def _note_merged(self, cell, column: int) -> None:
        right = _times(cell, "number-columns-spanned", LAST_COLUMN)
        down = _times(cell, "number-rows-spanned", LAST_ROW)
        if right > 1 or down > 1:
            area = Area(self.row, column, self.row + down - 1, column + right - 1)
            self.sheet.merge(area)

    def _text(self, cell) -> str:
        """Return what a cell shows: its paragraphs, without notes."""
        paragraphs = cell.iterchildren("{*}p")
        return "\n".join("".join(_pieces(one, self.above)) for one in paragraphs)

    def _keep(self, row: int, column: int, cell) -> None:
        sheet, kind, formula = self.sheet, get(cell, "value-type"), get(cell, "formula")
        raw, shown = get(cell, "value"), self._text(cell)
        if formula and not kind and not shown.strip():
            sheet.keep(row, column, Kind.UNCALCULATED, formula, text=_bare(formula))
        elif shown.startswith(("#", "Err:")) and formula:
            sheet.keep(row, column, Kind.ERROR, shown)
        elif kind in NUMBERS:
            if formula and not self.calculates and raw.strip("0.") == "":
                sheet.keep(row, column, Kind.DOUBTFUL, raw, text=_bare(formula))
            else:
                is_percent, unit = kind == "percentage", _unit_shown(shown, raw)
                sheet.keep_number(row, column, raw or shown, is_percent=is_percent, unit=unit)
        elif kind == "date":
            self._keep_day(row, column, get(cell, "date-value") or shown)
        elif kind == "boolean":
            sheet.keep_text(row, column, "VRAI" if get(cell, "boolean-value") == "true" else "FAUX")
        else:
            sheet.keep_text(row, column, shown or get(cell, "string-value"))
        is_struck = get(cell, "style-name") in self.struck
        sheet.mark(row, column, formula=_bare(formula)[1:] if formula else "", is_struck=is_struck)

    def _keep_day(self, row: int, column: int, raw: str) -> None:
        try:
            self.sheet.keep_day(row, column, raw, datetime.date.fromisoformat(raw[:10]))
        except ValueError:
            self.sheet.keep_text(row, column, raw)


def _unit_shown(shown: str, raw: str) -> str:
    """Return the unit behind a number that is shown as it is stored, and multiplies it: « k€ »."""
    if len(shown) > LONGEST_FORMAT:
        return ""
    number = SHOWN_NUMBER.match(shown)
    unit = UNIT.search(shown)
    if number is None or unit is None:
        return ""
    try:
        is_same = float(re.sub(r"\s", "", number[0]).replace(",", ".")) == float(raw)
    except ValueError:
        return ""
    return unit[0] if is_same else ""


def _pieces(element, above: set[str]):
    yield element.text or ""
    for inner in element.iterchildren("{*}*"):
        if name_of(inner) not in NOTES:
            yield SPACES.get(name_of(inner), "")
            text = _pieces(inner, above)
            yield from map(raised, text) if get(inner, "style-name") in above else text
        yield inner.tail or ""


def _is_struck(properties) -> bool:
    return get(properties, "text-line-through-style") not in ("", "none")


def _bare(formula: str) -> str:
    return "=" + formula.partition("=")[2]


def _times(element, name: str, most: int) -> int:
    text = get(element, name)
    times = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
    return max(1, min(times, most))
