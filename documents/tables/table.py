"""What a table holds, and how its values are written."""

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone

from ctg_portal.templatetags.french import euros, long_date, number
from documents.pdf import CONTROLS

EXACT = 10**15  # beyond, spreadsheets round: such a number is text, as are those of no size
ColumnKind = Literal["text", "date", "datetime", "number", "euros"]


@dataclass(frozen=True)
class Column:
    """A column, told once for page, document and files: ``label``, what it holds of a row
    (``value``).

    ``kind`` aligns it, sets its width, and puts its value in words; a year is text, for it is not
    counted. ``sort``: by what a list is put in its order, where it may be. ``total``: what stands
    beneath it, of all the rows. ``note``: what a document writes under the label.

    A page draws its cells with the template ``cell``, which takes value, row and column; without
    one it writes the value. ``mark`` is a class of a cell that is to catch the eye.
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
        """What a file calls it: its cells are numbers, which say no unit."""
        return f"{self.label} (€)" if self.kind == "euros" else self.label

    @property
    def title(self) -> str:
        """« Prévu (convenu) »: the label and its note, on one line."""
        return f"{self.label} ({self.note})" if self.note else self.label

    def words(self, value) -> str:
        """A value of the column as a page and a document write it."""
        if value is None:
            return ""
        if self.kind == "euros":
            return euros(value)
        if self.kind in ("date", "datetime"):
            return long_date(value)
        return number(value) if self.kind == "number" else str(value)

    def within(self, part: Callable[[Any], Any]) -> "Column":
        """The same column, of rows of which it tells a ``part``."""
        value, total = self.value, self.total
        return replace(
            self,
            value=value and (lambda row: value(part(row))),
            total=total and (lambda rows: total([part(row) for row in rows])),
        )


@dataclass(frozen=True)
class Cell:
    """What a column says of a row; of all of them, where ``row`` is None."""

    column: Column
    value: object
    row: Any = None

    @property
    def text(self) -> str:
        return self.column.words(self.value)

    @property
    def css(self) -> str:
        """Its classes: that of numbers, and its mark."""
        mark = self.column.mark(self.row) if self.column.mark and self.row is not None else ""
        return " ".join(filter(None, ["n" if self.column.is_number else "", mark]))

    @property
    def is_nothing(self) -> bool:
        """Whether it counts none, which a card leaves out; a template says a zero as it wants."""
        return self.column.kind == "number" and self.value == 0 and not self.column.cell


def cells_of(columns: Iterable[Column], row) -> list[Cell]:
    return [Cell(column, column.value and column.value(row), row) for column in columns]


def totals_of(columns: Iterable[Column], rows: Sequence) -> list[Cell]:
    """What stands beneath: a cell of each column that has a total."""
    return [Cell(column, column.total(rows)) for column in columns if column.total]


@dataclass(frozen=True)
class Table:
    """A title, columns, and rows of as many Python values; ``rows`` may be read once only.

    A value is shown by its own type (text, number, date, aware datetime, boolean, None), so that
    "secret" may stand in a column of numbers. ``notes`` (sources, meaning of signs) are sentences.
    A CSV has no place for them, nor for the title.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[tuple]
    notes: Sequence[str] = ()

    @classmethod
    def of(
        cls, title: str, columns: Sequence[Column], things: Iterable, notes: Sequence[str] = ()
    ) -> "Table":
        """A row for each of ``things``, told by the columns."""
        rows = (tuple(column.value(thing) for column in columns) for thing in things)
        return cls(title, columns, rows, notes)


def plain(value) -> str | int | float | Decimal | datetime.date:
    """``value`` as text without control characters, number, date, or naive datetime of Paris."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.datetime):
        # The hour that a clock of Paris showed, without its zone: files of tables know none.
        paris = timezone.get_default_timezone()
        return value if timezone.is_naive(value) else timezone.make_naive(value, paris)
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int | float | Decimal):
        exact = math.isfinite(value) and abs(value) < EXACT
        return value if exact else f"{Decimal(str(value)):f}"
    return clean(value)


def clean(text) -> str:
    """``text`` without what no file carries, its lines ended in one way."""
    return CONTROLS.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def day_and_hour(value: datetime.date) -> str:
    """« 31/12/2024 », « 31/12/2024 14:05 »."""
    day = f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, datetime.datetime):
        return f"{day} {value.hour:02}:{value.minute:02}"
    return day
