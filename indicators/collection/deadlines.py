"""By when a figure is expected: no sooner than it exists, no sooner than the collection asks."""

import calendar
import datetime


def deadline(year: int, due_on: datetime.date, available_month: int | None) -> datetime.date:
    """The day by which a figure of ``year`` is expected, in a collection that is due on ``due_on``.

    A figure that exists in month M of the following year is due on the last day of the month
    after M, and never before the collection itself; without a month, with the collection.
    """
    if available_month is None:
        return due_on
    months = available_month  # of the month after M, counted from January = 0
    due_year, month = year + 1 + months // 12, months % 12 + 1
    last = calendar.monthrange(due_year, month)[1]
    return max(due_on, datetime.date(due_year, month, last))


def days_late(due_on: datetime.date, today: datetime.date) -> int:
    """How many days ago the figure was due; 0 on the day itself and before."""
    return max((today - due_on).days, 0)
