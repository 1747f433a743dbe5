"""What a table holds, and how its values are written."""

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone

from documents.pdf import CONTROLS

EXACT = 10**15  # beyond, spreadsheets round: such a number is text, as are those of no size
ColumnKind = Literal["text", "date", "datetime", "number"]


@dataclass(frozen=True)
class Column:
    """A column, told once for page and files: ``label``, what it holds of a row (``value``).

    ``kind`` aligns it and sets its width; a year is text, for it is not counted. ``sort``: by what
    a list is put in its order, where it may be.
    """

    label: str
    value: Callable[[Any], object] | None = None
    kind: ColumnKind = "text"
    sort: Callable[[Any], Any] | None = None


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
