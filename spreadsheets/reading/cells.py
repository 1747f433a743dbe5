"""What a file of tables holds, as its reader sees it: a book, its sheets, cells in their place."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, InvalidOperation, Overflow
from enum import StrEnum

from ctg_portal.text.numbers import BLANK, NotANumber, parse_number
from spreadsheets.reading.refusals import MAX_TEXT, Unreadable

# Digits of which a spreadsheet is sure: it stores 0.30000000000000004 for 0,3.
EXACT = Context(prec=15)
# Before or behind the comma of a number; spelled, 1e999999 has a million.
MAX_DIGITS = 30
MAX_MERGED = 20_000
LONGEST_CELL = 32_767  # signs, that spreadsheets keep
# Of blanks, so many are one: what looks for something behind blanks looks there from each of them.
BLANKS = re.compile(r"\s{100,}")
# What a formula that fails leaves, in French and in English, once it has become a text.
WRONG = re.compile(
    r"#(?:REF!|DIV/0!|N/A|N/D|VALEUR!|VALUE!|NOM\?|NAME\?|NOMBRE!|NUM!|NUL!|NULL!)|Err:\d{3}",
    re.IGNORECASE,
)

# What is raised beside a number is another thing than its digits: « 412¹ » is not 4121.
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """Return a text that stands raised, in letters that say so."""
    return text.translate(RAISED)


class Kind(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"  # shown with a percent sign: 0.125 is read 12,5 %
    DATE = "date"
    TEXT = "text"
    ERROR = "error"  # « #REF! »
    UNCALCULATED = "uncalculated"  # a formula without a result
    DOUBTFUL = "doubtful"  # a zero beside a formula, of a program that does not calculate


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something, at its true place; rows and columns count from one.

    ``raw`` is what is stored; ``text`` what its reader sees, spelled in French. ``number`` is that
    of a number; of a percentage, what stands before its sign. ``formula``: what computes it, empty
    for what was typed; ``is_struck``: a line is drawn through it.
    """

    sheet: str
    row: int
    column: int
    kind: Kind
    raw: str
    text: str
    number: Decimal | None = None
    day: datetime.date | None = None
    formula: str = ""
    is_struck: bool = False

    @property
    def place(self) -> str:
        """« B12 »."""
        return f"{letters(self.column)}{self.row}"

    @property
    def address(self) -> str:
        """« Feuille!B12 »."""
        return f"{self.sheet}!{self.place}"

    @property
    def is_text(self) -> bool:
        return self.kind == Kind.TEXT

    @property
    def plain_number(self) -> Decimal | None:
        """The number that stands here without a sign or a unit, be it as a text, as all are of a
        CSV; None for anything else."""
        if self.kind == Kind.NUMBER:
            return self.number
        if self.kind != Kind.TEXT or not self.text.rstrip(BLANK)[-1:].isdecimal():
            return None
        try:
            return parse_number(self.text)
        except NotANumber:
            return None


@dataclass(frozen=True)
class Area:
    """Cells that are merged into one, from the first to the last."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self):
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@dataclass
class Sheet:
    """A sheet: its cells by row and column, what of it is hidden, what is merged; ``length``: how
    many characters one would read; ``separator``: what cuts the cells of a CSV."""

    name: str
    is_hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    length: int = 0
    separator: str = ""

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Yield the rows that hold something, from top to bottom: number, cells by column."""
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.cells.items():
            rows.setdefault(row, {})[column] = cell
        for row in sorted(rows):
            yield row, dict(sorted(rows[row].items()))

    def keep(self, row: int, column: int, kind: Kind, raw: str, **known) -> None:
        known.setdefault("text", raw)
        if len(known["text"]) > LONGEST_CELL:
            raise Unreadable("long")
        self.length += len(known["text"])
        if self.length > MAX_TEXT:
            raise Unreadable("wordy")
        self.cells[row, column] = Cell(self.name, row, column, kind, raw, **known)

    def keep_text(self, row: int, column: int, raw: str) -> None:
        if raw.strip():
            raw = BLANKS.sub(" ", raw)
            is_error = len(raw) < 20 and WRONG.fullmatch(raw.strip())
            self.keep(row, column, Kind.ERROR if is_error else Kind.TEXT, raw)

    def mark(self, row: int, column: int, *, formula: str = "", is_struck: bool = False) -> None:
        """Note on a cell that was kept how it was computed, and whether it is struck out."""
        cell = self.cells.get((row, column))
        if cell is not None and (formula or is_struck):
            self.cells[row, column] = replace(cell, formula=formula, is_struck=is_struck)

    def merge(self, area: Area) -> None:
        """Note that cells are one, of so many areas."""
        if len(self.merged) < MAX_MERGED:
            self.merged.append(area)

    def keep_number(
        self, row: int, column: int, raw: str, *, is_percent: bool = False, unit: str = ""
    ) -> None:
        """Keep a stored number; text where it is none after all, or where its format shows a
        ``unit`` that multiplies it: « 12 k€ » is read as if it were typed."""
        try:
            number = EXACT.create_decimal(raw.strip())
        except (InvalidOperation, Overflow):
            self.keep_text(row, column, raw)
            return
        if not number.is_finite():
            self.keep(row, column, Kind.ERROR, raw)
            return
        if abs(number.adjusted()) > MAX_DIGITS:
            self.keep_text(row, column, raw)
            return
        if unit and not is_percent:
            self.keep_text(row, column, f"{spelled(number)} {unit}")
            return
        if is_percent:
            number = EXACT.multiply(number, Decimal(100))
        text = spelled(number) + ("\u202f%" if is_percent else "")
        kind = Kind.PERCENT if is_percent else Kind.NUMBER
        self.keep(row, column, kind, raw, number=number, text=text)

    def keep_day(self, row: int, column: int, raw: str, day: datetime.date) -> None:
        text = f"{day.day:02}/{day.month:02}/{day.year:04}"
        self.keep(row, column, Kind.DATE, raw, day=day, text=text)


@dataclass
class Book:
    """A file of tables. ``notes``: what is told of the file itself, in French sentences."""

    name: str
    format: str
    sheets: list[Sheet] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(sheet.cells) for sheet in self.sheets)

    @property
    def length(self) -> int:
        """Return how many characters one would read."""
        return sum(sheet.length for sheet in self.sheets)


def spelled(number: Decimal) -> str:
    """Return a number as one types it, which is read in one way only: « 1234,5 », « 1,2340 »."""
    plain = f"{number:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
        whole, _, decimals = plain.partition(".")
        if len(decimals) == 3:
            plain = f"{whole}.{decimals}0"
    return plain.replace(".", ",") if plain not in ("-0", "") else "0"


def letters(column: int) -> str:
    """Return the name of a column: 1 is A, 28 is AB."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def numbered(name: str) -> int:
    """Return the number of the column that is called so."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number
