"""Tables: their columns, rows and values, as pages and files of every format write them."""

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone

from ctg_portal.templatetags.french import euros, long_date, number
from documents.pdf import CONTROLS

EXACT = 10**15  # beyond, spreadsheets round: such a number becomes text, as do infinities and NaN
ColumnKind = Literal["text", "date", "datetime", "number", "euros"]


@dataclass(frozen=True)
class Column:
    """A column, declared once for page, document and files: its ``label``, and the function that
    reads its ``value`` of a row.

    ``kind``: how it is aligned and its values are formatted; a year is text. ``sort``: the sort key
    of a row, where a list may be sorted by it. ``total``: the value beneath it, of all rows.
    ``note``: what a document writes under the label.

    A page draws its cells with the template ``cell``, which takes value, row and column; without
    one it writes the value. ``mark``: the CSS class of a cell that should catch the eye, if any.
    """

    label: str
    value: Callable[[Any], object] | None = None
    kind: ColumnKind = "text"
    sort: Callable[[Any], Any] | None = None
    total: Callable[[Sequence], object] | None = None
    note: str = ""
    cell: str = ""
    mark: Callable[[Any], str] | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "euros")

    @property
    def heading(self) -> str:
        """The label in a file, with the unit of euros: its cells are plain numbers."""
        return f"{self.label} (€)" if self.kind == "euros" else self.label

    @property
    def title(self) -> str:
        """The label with its note, on one line: « Prévu (convenu) »."""
        return f"{self.label} ({self.note})" if self.note else self.label

    def words(self, value) -> str:
        """Format a value of the column, as pages and documents write it; empty for None. A datetime
        is written as its day alone."""
        if value is None:
            return ""
        if self.kind == "euros":
            return euros(value)
        if self.kind in ("date", "datetime"):
            return long_date(value)
        return number(value) if self.kind == "number" else str(value)

    def within(self, part: Callable[[Any], Any]) -> "Column":
        """Return the column for other rows, of which ``part`` returns the row that it reads."""
        value, total = self.value, self.total
        return replace(
            self,
            value=value and (lambda row: value(part(row))),
            total=total and (lambda rows: total([part(row) for row in rows])),
        )


@dataclass(frozen=True)
class Cell:
    """The value of a column in a row, or its total, where ``row`` is None."""

    column: Column
    value: object
    row: Any = None

    @property
    def text(self) -> str:
        return self.column.words(self.value)

    @property
    def css(self) -> str:
        """The CSS classes of the cell: that of numbers, and its mark."""
        mark = self.column.mark(self.row) if self.column.mark and self.row is not None else ""
        return " ".join(filter(None, ["n" if self.column.is_number else "", mark]))

    @property
    def is_nothing(self) -> bool:
        """Whether it is a zero that a card leaves out; a cell with a template shows its zero."""
        return self.column.kind == "number" and self.value == 0 and not self.column.cell


def cells_of(columns: Iterable[Column], row) -> list[Cell]:
    return [Cell(column, column.value and column.value(row), row) for column in columns]


def totals_of(columns: Iterable[Column], rows: Sequence) -> list[Cell]:
    """Return the cells of the totals, one for each column that has a total."""
    return [Cell(column, column.total(rows)) for column in columns if column.total]


@dataclass(frozen=True)
class Table:
    """A title, columns, and rows of as many Python values; ``rows`` may be read once only.

    A value is written by its own type (text, number, date, aware datetime, boolean, None), so that
    "secret" may stand in a column of numbers. ``notes`` (sources, meaning of signs) are sentences.
    A CSV has neither notes nor title.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[tuple]
    notes: Sequence[str] = ()

    @classmethod
    def of(
        cls, title: str, columns: Sequence[Column], things: Iterable, notes: Sequence[str] = ()
    ) -> "Table":
        """Return a table with a row for each of ``things``, as the columns read it."""
        rows = (tuple(column.value(thing) for column in columns) for thing in things)
        return cls(title, columns, rows, notes)


def plain(value) -> str | int | float | Decimal | datetime.date:
    """Convert a value for files: to text without control characters, number, date, or naive
    datetime in the time of Paris."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.datetime):
        # Files of tables know no time zones.
        paris = timezone.get_default_timezone()
        return value if timezone.is_naive(value) else timezone.make_naive(value, paris)
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int | float | Decimal):
        exact = math.isfinite(value) and abs(value) < EXACT
        return value if exact else f"{Decimal(str(value)):f}"
    return clean(value)


def clean(text) -> str:
    """Return ``text`` without control characters, with plain line feeds."""
    return CONTROLS.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def day_and_hour(value: datetime.date) -> str:
    """Format a day or a moment: « 31/12/2024 », « 31/12/2024 14:05 »."""
    day = f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, datetime.datetime):
        return f"{day} {value.hour:02}:{value.minute:02}"
    return day
