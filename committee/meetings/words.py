"""Days and hours of a meeting in French: « jeudi 14 mars 2024, de 14 h à 16 h 30 »."""

import datetime

from committee.meetings.models import Meeting
from ctg_portal.templatetags.french import long_date

DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def format_day(day: datetime.date) -> str:
    """Return « jeudi 14 mars 2024 »."""
    return f"{DAYS[day.weekday()]} {long_date(day)}"


def format_hour(time: datetime.time) -> str:
    """Return « 14 h », « 14 h 05 »."""
    return f"{time.hour}\u00a0h" + (f"\u00a0{time.minute:02}" if time.minute else "")


def format_minutes(minutes: int) -> str:
    """Return « 45 min », « 2 h », « 1 h 55 »."""
    hours, left = divmod(minutes, 60)
    if not hours:
        return f"{left}\u00a0min"
    return f"{hours}\u00a0h" + (f"\u00a0{left:02}" if left else "")


def describe_when(meeting: Meeting) -> str:
    """Return « jeudi 14 mars 2024, de 14 h à 16 h », or « date à fixer »."""
    if meeting.day is None:
        return "date à fixer"
    hours = f"de {format_hour(meeting.begins_at)} à {format_hour(meeting.ends_at)}"
    return f"{format_day(meeting.day)}, {hours}"
