"""CSV, whoever wrote it: its letters, its separator, its ends of lines are told by its content."""

import csv
import io
import re
from collections import Counter

from charset_normalizer import from_bytes

from documents.tables.text_file import FORMULA
from spreadsheets.reading.cells import Book, Sheet
from spreadsheets.reading.refusals import Unreadable

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What a French text has in Windows-1252 beside ASCII; in another alphabet of bytes it is not so.
FRENCH = set("éèàçùâêîôûëïüÿöœæÉÈÀÇÙÂÊÎÔÛËÏÜŸÖŒÆ€’‘“”«»°–—…²³½¼¾µ§·\u00a0ª®©™•¨´±×÷")
ALPHABETS = ["cp1252", "mac_roman", "cp850"]
SEPARATORS = ";\t,|"
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
TOLD = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
# The apostrophe that keeps a text from being a formula, as our own files have it.
ESCAPED = re.compile(rf"\A'(?={FORMULA.pattern})")
LOOKED_AT = 200  # rows


def decode(content: bytes) -> str:
    """Return the text of a file; raises Unreadable for what is none."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return _decoded(content, encoding)
    if wide := _wide(content):
        return _decoded(content, wide)
    try:
        return _sound(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    text = content.decode("cp1252", "replace")
    if all(char in FRENCH for char in set(text) if ord(char) > 127):
        return _sound(text)
    best = from_bytes(content[:200_000], cp_isolation=ALPHABETS).best()
    return _decoded(content, best.encoding if best else "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return _sound(content.decode(encoding))
    except UnicodeError as error:
        raise Unreadable("not_a_table") from error


def _sound(text: str) -> str:
    """Return the text; one with letters that no text has is something else."""
    if CONTROL.search(text):
        raise Unreadable("not_a_table")
    return text


def _wide(content: bytes) -> str:
    """UTF-16 without its mark: every other byte of Western letters is empty."""
    head = content[:2000]
    even, odd = head[::2], head[1::2]
    if len(head) < 4 or len(content) % 2:
        return ""
    if odd.count(0) > 0.7 * len(odd) and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.7 * len(even) and not odd.count(0) else ""


def read(title: str, text: str, most: int) -> Book:
    """Return the one sheet of a CSV, called ``title``. Raises Unreadable, also beyond ``most``
    cells."""
    skipped = 0
    header = TOLD.match(text)
    if header:
        text, skipped = text[header.end() :], 1
    separator = header[1] if header else _separator(text)
    sheet, count = Sheet(title, separator=separator), 0
    try:
        for number, row in enumerate(_rows(text, separator), start=1 + skipped):
            for column, raw in enumerate(row, start=1):
                if raw.strip():
                    sheet.keep_text(number, column, ESCAPED.sub("", raw))
                    count += 1
                    if count > most:
                        raise Unreadable("too_many")
    except csv.Error as error:
        raise Unreadable("damaged") from error
    return Book("", "texte", [sheet])


def _rows(text: str, separator: str):
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _separator(text: str) -> str:
    """Return what cuts most rows in the same number of cells; of equals, the one French programs
    write."""
    return max(SEPARATORS, key=lambda one: (_agreement(text, one), -SEPARATORS.index(one)))


def _agreement(text: str, separator: str) -> float:
    """Return how many of the first rows it cuts alike; a comma before a space is one of a
    sentence."""
    widths, text = [], text.replace(", ", " ") if separator == "," else text
    try:
        for row in _rows(text, separator):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) == LOOKED_AT:
                break
    except csv.Error:
        return 0
    if not widths:
        return 0
    cut = Counter(width for width in widths if width > 1)
    if not cut:
        return 0
    width, times = max(cut.items(), key=lambda item: (item[1], item[0]))
    return times / len(widths) + min(width, 50) / 1000
