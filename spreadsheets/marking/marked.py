"""A file handed back as a workbook, its mistakes marked in their cells, each with a comment."""

import io
import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from documents.apart import run_apart
from documents.tables.workbook import sheet_names, workbook
from spreadsheets.importing.preview import Mistake
from spreadsheets.reading.cells import Book, Cell, Kind, numbered

SCRIPT = Path(__file__).with_name("mark.py")
SECONDS, MEMORY = 20, 1024**3
# Of merged cells openpyxl makes a cell each.
MOST_MERGED = 50_000
WRONG = {"bg_color": "#FCE4E4", "border": 2, "border_color": "#A51D2D", "text_wrap": True}
COMMENT = {"x_scale": 2.5, "y_scale": 1.5}


def marked(book: Book, content: bytes, marks: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the workbook itself with its marks (``marks_of``), where it is one; else, and where it
    cannot be marked, a new one that holds the same cells."""
    if book.format == "classeur Excel" and _merged(book) <= MOST_MERGED:
        plain = json.dumps(marks).encode()
        given = b"%08d" % len(plain) + plain + content
        try:
            return run_apart(SCRIPT, given, seconds=SECONDS, memory=MEMORY)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            pass
    return _rebuilt(book, marks)


def marks_of(mistakes: Iterable[Mistake]) -> dict[str, dict[str, str]]:
    """Return what is wrong by sheet and cell, one text a cell."""
    marks: dict[str, dict[str, str]] = {}
    for mistake in mistakes:
        sheet, _, place = mistake.place.rpartition("!")
        if sheet:
            cells = marks.setdefault(sheet, {})
            cells[place] = "\n".join(filter(None, [cells.get(place), mistake.text]))
    return marks


def _merged(book: Book) -> int:
    return sum(
        (area.bottom - area.top + 1) * (area.right - area.left + 1)
        for sheet in book.sheets
        for area in sheet.merged
    )


def _rebuilt(book: Book, marks: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return these cells in a workbook of ours: numbers as numbers, all else as text."""
    content = io.BytesIO()
    with workbook(content, is_in_rows=False) as written:
        plain, wrong = written.add_format({"text_wrap": True}), written.add_format(WRONG)
        percent = written.add_format({"num_format": "0.0##%"})
        names = sheet_names([sheet.name for sheet in book.sheets])
        for sheet, name in zip(book.sheets, names, strict=True):
            page, left = written.add_worksheet(name), dict(marks.get(sheet.name, {}))
            page.set_column(0, 0, 30)
            for (row, column), cell in sheet.cells.items():
                text = left.pop(cell.place, "")
                style = wrong if text else percent if cell.kind == Kind.PERCENT else plain
                _write(page, row - 1, column - 1, cell, style)
                if text:
                    page.write_comment(row - 1, column - 1, text[:2000], COMMENT)
            for place, text in left.items():  # cells that are empty
                bare = place.rstrip("0123456789")
                row, column = int(place[len(bare) :]) - 1, numbered(bare) - 1
                page.write_blank(row, column, None, wrong)
                page.write_comment(row, column, text[:2000], COMMENT)
    return content.getvalue()


def _write(page, row: int, column: int, cell: Cell, style) -> None:
    if cell.kind == Kind.NUMBER:
        page.write_number(row, column, cell.number, style)
    elif cell.kind == Kind.PERCENT:
        page.write_number(row, column, cell.number / 100, style)
    else:
        page.write_string(row, column, cell.text[:32_000], style)
