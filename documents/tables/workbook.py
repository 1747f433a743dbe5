"""XLSX workbooks, written row after row to use little memory."""

import datetime
import io
import re
from collections.abc import Iterable, Iterator
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
OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
FORMATS = {
    "header": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    # A cell that stays a text when somebody types over it.
    "quoted": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "decimal": {"num_format": "#,##0.0###", "valign": "top"},
    "date": {"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"},
    "datetime": {"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"},
    "note": {"italic": True},
}


class _SheetWriter:
    """A writer of cells in their order, which keeps the width that each column needs."""

    def __init__(self, sheet: Worksheet, formats: dict[str, Format], columns: int):
        self.sheet, self.formats = sheet, formats
        self.widths = [NARROWEST] * columns

    def row(self, number: int, values: Iterable[object], text_format: str = "text") -> None:
        """Write a row of values, texts in ``text_format``, and widen its columns to what they
        need."""
        for column, value in enumerate(values):
            shown = self.cell(number, column, plain(value), text_format)
            width = max(map(len, shown.split("\n"))) + 2
            self.widths[column] = max(self.widths[column], min(width, WIDEST))

    def text(self, number: int, column: int, text: str, text_format: str) -> None:
        """Write a text as text, whatever it begins with; cut what is longer than a cell."""
        if len(text) * 2 > MAX_TEXT:
            units = text.encode("utf-16-le")
            if len(units) > MAX_TEXT * 2:
                text = units[: MAX_TEXT * 2 - 2].decode("utf-16-le", "ignore") + "…"
        if text_format == "text" and FORMULA.match(text):
            text_format = "quoted"
        self.sheet.write_string(number, column, text, self.formats[text_format])

    def cell(self, number: int, column: int, value, text_format: str) -> str:
        """Write a value by its own type; return about the text that a reader sees."""
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
    """Open a workbook to be written into ``content``, row after row or (``is_in_rows=False``) in
    any order. Its temporary files are deleted, on a full disk too."""
    with TemporaryDirectory(prefix="ctg-workbook-") as folder:
        options = OPTIONS | {"constant_memory": is_in_rows, "tmpdir": folder}
        with Workbook(content, options) as book:
            yield book


def to_xlsx(table: Table, *others: Table) -> bytes:
    """Encode tables as a workbook: real dates and numbers, a fixed header, filters; notes below.

    With ``others``, each table has a sheet with its title. The title of the first is that of the
    workbook. Raises ValueError for a table of more than MAX_ROWS rows, the limit of XLSX.
    """
    content = io.BytesIO()
    with workbook(content) as book:
        book.set_properties({"title": clean(table.title)[:255]})
        formats = {name: book.add_format(format_) for name, format_ in FORMATS.items()}
        tables = [table, *others]
        names = sheet_names([part.title for part in tables]) if others else [ALONE]
        for part, name in zip(tables, names, strict=True):
            _write(book.add_worksheet(name), part, formats)
    return content.getvalue()


def sheet_names(titles: list[str]) -> list[str]:
    """Return names of sheets for titles: valid in spreadsheets, and unique."""
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
    """Cut a name to the length that a sheet may have, between two words if possible."""
    if len(name) <= MAX_NAME:
        return name
    words = name[:MAX_NAME].rpartition(" ")[0].rstrip(" ,;–-")
    return f"{words}…" if words else name[:MAX_NAME]


def _write(sheet: Worksheet, table: Table, formats: dict[str, Format]) -> None:
    """Write a table to a sheet: header, rows, notes, and how it is shown and printed. Raises
    ValueError for more rows than a sheet has."""
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
