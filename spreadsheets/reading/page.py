"""Tables of a web page, which some programs save as « .xls »."""

import re

from lxml import html
from lxml.etree import Comment, ParserError, strip_elements

from spreadsheets.reading.cells import Area, Book, Sheet, raised
from spreadsheets.reading.refusals import Unreadable

MAX_SPAN = 1_000
CELLS, SKIPPED = ("td", "th"), ("script", "style")
SPACES = re.compile(r"[ \t\r\n\f]+")
LINE_END = "\u2028"


def read(text: str, most: int) -> Book:
    """Return the sheets of a page: each table that holds no other. Raises Unreadable without any,
    and beyond ``most`` cells."""
    try:
        page = html.document_fromstring(_without_encoding(text))
    except (ParserError, ValueError) as error:
        raise Unreadable("damaged") from error
    strip_elements(page, *SKIPPED, Comment, with_tail=False)
    book, left = Book("", "page web"), most
    for table in page.iter("table"):
        if table.find(".//table") is not None:
            continue
        sheet = Sheet(f"Tableau {len(book.sheets) + 1}")
        _read_table(sheet, table, left)
        left -= len(sheet.cells)
        if sheet.cells:
            book.sheets.append(sheet)
    if not book.sheets:
        raise Unreadable("no_table")
    return book


def _without_encoding(text: str) -> str:
    """Return the page without what XML says of its letters, which have been read already."""
    return re.sub(r"^\s*<\?xml[^>]*>", "", text)


def _read_table(sheet: Sheet, table, left: int) -> None:
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table.iter("tr"), start=1):
        column = 1
        for cell in row.iterchildren(*CELLS):
            while (number, column) in taken:
                column += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            if across > 1 or down > 1:
                area = Area(number, column, number + down - 1, column + across - 1)
                sheet.merge(area)
                taken.update((number + r, column) for r in range(1, down))
                if len(taken) > left:
                    raise Unreadable("too_many")
            sheet.keep_text(number, column, _text(cell))
            sheet.mark(number, column, is_struck=_is_struck(cell))
            if len(sheet.cells) > left:
                raise Unreadable("too_many")
            column += across


def _text(cell) -> str:
    for mark in cell.iter("br"):
        mark.tail = LINE_END + (mark.tail or "")
    for mark in cell.iter("sup"):
        mark.text = raised("".join(mark.itertext()))
        for inner in list(mark):
            mark.remove(inner)
    return SPACES.sub(" ", "".join(cell.itertext())).replace(LINE_END, "\n").strip()


def _is_struck(cell) -> bool:
    """Return whether all that a cell shows is struck out."""
    struck = "".join("".join(mark.itertext()) for mark in cell.iter("s", "del", "strike"))
    return bool(struck.strip()) and struck.split() == "".join(cell.itertext()).split()


def _span(cell, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    times = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    return max(1, min(times, MAX_SPAN))
