"""How a format shows a number: as it is, with a percent sign, or as a day."""

import re
from enum import StrEnum

PERCENTS = {9, 10}
DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# What stands as it is within a format: quoted, escaped, a colour, a condition or a language.
LITERAL = re.compile(r'"[^"]*"?|\\.|\[[^\[\]hms]*\]|[_*].', re.IGNORECASE)
LANGUAGE = re.compile(r"\[\$[^\[\]]*\]")
DAY = re.compile(r"[ymdhsja]", re.IGNORECASE)
LONGEST_FORMAT = 255  # that Excel takes


# What a format writes behind a number and multiplies it by, unless it divides what is stored.
UNIT = re.compile(
    r"(?<!\w)(?:k ?€|m ?€|k|m|k ?euros?|milliers?.*|millions?.*|mds? ?€?)$", re.IGNORECASE
)
QUOTED = re.compile(r'"([^"]*)"|\\(.)')
DIVIDED = re.compile(r"[0#?],+(?![0#?,])")


class Shown(StrEnum):
    PLAIN = "plain"
    PERCENT = "percent"
    DATE = "date"


def unit_of(code: str | None) -> str:
    """Return the unit that a format of one's own shows behind a number stored in it: « k€ » of
    ``0 "k€"``; none where the format divides what is stored, ``0, "k€"``."""
    first = (code or "").partition(";")[0]
    if not first or DIVIDED.search(QUOTED.sub("", LANGUAGE.sub("", first))):
        return ""
    written = "".join(quoted or escaped for quoted, escaped in QUOTED.findall(first)).strip()
    return written if UNIT.search(written) else ""


def shown_by(number: str, code: str | None) -> Shown:
    """Return how a number is shown, by the number of a format that every workbook has, or by the
    code of one of its own."""
    if code is None:
        key = int(number) if number.isascii() and number.isdecimal() else 0
        return Shown.PERCENT if key in PERCENTS else Shown.DATE if key in DAYS else Shown.PLAIN
    bare = LITERAL.sub("", LANGUAGE.sub("", code)).partition(";")[0].strip()
    if "%" in bare:
        return Shown.PERCENT
    if bare.lower() in ("general", "standard", "@", ""):
        return Shown.PLAIN
    return Shown.DATE if DAY.search(bare) else Shown.PLAIN
