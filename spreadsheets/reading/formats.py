"""How a format shows a number: as it is, with a percent sign, or as a day."""

import re
from enum import StrEnum

PERCENTS = {9, 10}
DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# What stands as it is within a format: quoted, escaped, a colour, a condition or a language.
LITERAL = re.compile(r'"[^"]*"?|\\.|\[[^\]hms]*\]|[_*].', re.IGNORECASE)
LANGUAGE = re.compile(r"\[\$[^\]]*\]")
DAY = re.compile(r"[ymdhsja]", re.IGNORECASE)


class Shown(StrEnum):
    PLAIN = "plain"
    PERCENT = "percent"
    DATE = "date"


def shown_by(number: str, code: str | None) -> Shown:
    """By the number of a format that every workbook has, or by the code of one of its own."""
    if code is None:
        key = int(number) if number.isascii() and number.isdecimal() else 0
        return Shown.PERCENT if key in PERCENTS else Shown.DATE if key in DAYS else Shown.PLAIN
    bare = LITERAL.sub("", LANGUAGE.sub("", code)).partition(";")[0].strip()
    if "%" in bare:
        return Shown.PERCENT
    if bare.lower() in ("general", "standard", "@", ""):
        return Shown.PLAIN
    return Shown.DATE if DAY.search(bare) else Shown.PLAIN
