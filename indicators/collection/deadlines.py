"""Compute deadlines: no figure is expected before it exists, nor before the campaign's own day."""

import calendar
import datetime

from django.utils import timezone


def deadline(year: int, due_on: datetime.date, available_month: int | None) -> datetime.date:
    """Return the day by which a figure of ``year`` is expected, in a campaign that is due on
    ``due_on``.

    A figure that exists in month M of the following year is due on the last day of the month after
    M, and never before the campaign itself; without a month, with the campaign.
    """
    if available_month is None:
        return due_on
    months = available_month  # of the month after M, counted from January = 0
    due_year, month = year + 1 + months // 12, months % 12 + 1
    last = calendar.monthrange(due_year, month)[1]
    return max(due_on, datetime.date(due_year, month, last))


def available_on(year: int, available_month: int | None) -> datetime.date | None:
    """Return the first day on which a figure of ``year`` may exist; None if no month was stated."""
    return datetime.date(year + 1, available_month, 1) if available_month else None


# How many days before (below zero) and after its day somebody is reminded of what they owe.
REMINDED = (-30, -7, 0, 7)
MORNING = datetime.time(7)


def reminded_on(due_on: datetime.date, days: int) -> datetime.datetime:
    """Return the moment of a reminder, in the morning, ``days`` after a deadline (before, if
    negative)."""
    day = due_on + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, MORNING))


def days_late(due_on: datetime.date, today: datetime.date) -> int:
    """Return how many days ago a figure was due; 0 on the day itself and before."""
    return max((today - due_on).days, 0)


def years_later(day: datetime.date, years: int) -> datetime.date:
    """Return the same date in another year; the last day of February if it does not exist there."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))
