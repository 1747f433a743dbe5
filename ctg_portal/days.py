"""Days that somebody writes, in a form or in a file."""

import datetime

# A year beyond these is a slip of the finger, « 0202 »; pages tell years by four digits, and look
# for the days before and after.
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEARS = f"de {FIRST_YEAR} à {LAST_YEAR}"


def is_mistyped(day: datetime.date) -> bool:
    """Whether a day lies in a year that nobody means."""
    return not FIRST_YEAR <= day.year <= LAST_YEAR
