"""XLSX, written row after row so that the memory stays small."""

import datetime
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.tables.table import Table, clean, day_and_hour, plain
from documents.tables.text_file import FORMULA

MAX_ROWS = 1_048_575
MAX_TEXT = 32_767  # UTF-16 units
MAX_NAME = 31  # of a sheet
ALONE = "Tableau"
UNNAMED = re.compile(r"[\[\]:*?/\\]")
NARROWEST, WIDEST = 8, 60
A4 = 9
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
FORMATS = {
    "header": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    # Typed over, it stays a text too.
    "quoted": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "decimal": {"num_format": "#,##0.0###", "valign": "top"},
    "date": {"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"},
    "datetime": {"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"},
    "note": {"italic": True},
}


class _SheetWriter:
    """Writes cells in their order, and remembers how wide each column must be."""

    def __init__(self, sheet: Worksheet, formats: dict[str, Format], columns: int):
        self.sheet, self.formats = sheet, formats
        self.widths = [NARROWEST] * columns

    def row(self, number: int, values, text_format: str = "text"):
        for column, value in enumerate(values):
            shown = self.cell(number, column, plain(value), text_format)
            width = max(map(len, shown.split("\n"))) + 2
            self.widths[column] = max(self.widths[column], min(width, WIDEST))

    def text(self, number: int, column: int, text: str, text_format: str):
        """Text stays text, whatever it begins with."""
        if len(text) * 2 > MAX_TEXT:
            units = text.encode("utf-16-le")
            if len(units) > MAX_TEXT * 2:
                text = units[: MAX_TEXT * 2 - 2].decode("utf-16-le", "ignore") + "…"
        if text_format == "text" and FORMULA.match(text):
            text_format = "quoted"
        self.sheet.write_string(number, column, text, self.formats[text_format])

    def cell(self, number: int, column: int, value, text_format: str) -> str:
        """A value by its own type; returns about what a reader sees of it."""
        if isinstance(value, datetime.date) and value.year > 1900:
            shown = day_and_hour(value)
            kind = "datetime" if isinstance(value, datetime.datetime) else "date"
            self.sheet.write_datetime(number, column, value, self.formats[kind])
        elif isinstance(value, int | float | Decimal):
            kind = "whole" if value == int(value) else "decimal"
            shown = f"{value:,.4f}"
            self.sheet.write_number(number, column, value, self.formats[kind])
        else:
            shown = day_and_hour(value) if isinstance(value, datetime.date) else str(value)
            self.text(number, column, shown, text_format)
        return shown


@contextmanager
def workbook(content: io.BytesIO, *, is_in_rows: bool = True) -> Iterator[Workbook]:
    """A workbook that is written into ``content``, row after row or in any order. What it writes
    aside goes, on a full disk too."""
    with TemporaryDirectory(prefix="ctg-workbook-") as folder:
        options = OPTIONS | {"constant_memory": is_in_rows, "tmpdir": folder}
        with Workbook(content, options) as book:
            yield book


def to_xlsx(table: Table, *beside: Table) -> bytes:
    """A workbook: real dates and numbers, a header that stays in sight, filters; notes below.

    One sheet, or, with tables ``beside`` the first, one for each, called by its title. The title
    of the first is that of the workbook. Raises ValueError beyond MAX_ROWS rows in one, which XLSX
    cannot hold.
    """
    content = io.BytesIO()
    with workbook(content) as book:
        book.set_properties({"title": clean(table.title)[:255]})
        formats = {name: book.add_format(format_) for name, format_ in FORMATS.items()}
        tables = [table, *beside]
        names = sheet_names([one.title for one in tables]) if beside else [ALONE]
        for one, name in zip(tables, names, strict=True):
            _write(book.add_worksheet(name), one, formats)
    return content.getvalue()


def sheet_names(titles: list[str]) -> list[str]:
    """What sheets are called: as spreadsheets allow it, and each otherwise."""
    names: list[str] = []
    for title in titles:
        bare = _cut(" ".join(UNNAMED.sub(" ", clean(title)).split())).strip(" '") or ALONE
        name, taken = bare, {known.casefold() for known in names}
        for number in count(2):
            if name.casefold() not in taken:
                break
            name = f"{bare[: MAX_NAME - 5]} ({number})"
        names.append(name)
    return names


def _cut(name: str) -> str:
    """A name as long as one of a sheet may be, cut between two words where there are any."""
    if len(name) <= MAX_NAME:
        return name
    words = name[:MAX_NAME].rpartition(" ")[0].rstrip(" ,;–-")
    return f"{words}…" if words else name[:MAX_NAME]


def _write(sheet: Worksheet, table: Table, formats: dict[str, Format]) -> None:
    writer = _SheetWriter(sheet, formats, len(table.columns))
    writer.row(0, [clean(column.heading) for column in table.columns], "header")
    last = 0
    for last, row in enumerate(table.rows, start=1):
        if last > MAX_ROWS - len(table.notes) - 1:
            raise ValueError("More rows than a spreadsheet holds")
        writer.row(last, row)
    for number, note in enumerate(table.notes, start=last + 2):
        writer.text(number, 0, clean(note), "note")
    for column, width in enumerate(writer.widths):
        sheet.set_column(column, column, width)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    title = clean(table.title)[:100].replace("\n", " ").replace("&", "&&")
    sheet.set_footer(f"&L{title}&RPage &P sur &N")
