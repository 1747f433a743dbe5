"""Numbers as people type or paste them in French: « 1 234,5 », « 12,5 % », « −3 »."""

import re
from decimal import Decimal

SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff'’]+")
MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-"})
PLAIN = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)")
GROUPED_BY_DOTS = re.compile(r"[-+]?\d{1,3}(\.\d{3}){2,}|[-+]?\d{1,3}(\.\d{3})+,\d+")
GROUPED_BY_COMMAS = re.compile(r"[-+]?\d{1,3}(,\d{3})+\.\d+")
UNITS = re.compile(r"(?<=[\d.,])(%|€|eur|euros?)$", re.IGNORECASE)


# Of any row; longer ones fit no column.
LONGEST_KEY = 18


def key_in(text: str) -> int:
    """The key of a row as an address or a form names it: ASCII digits; 0, which no row has, for
    anything else."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if is_key else 0


class NotANumber(ValueError):  # noqa: N818  (reads as what is wrong)
    """What was typed is not a number; the text of the exception says why, in French."""


def parse_number(text: str) -> Decimal:
    """The number that a person typed, however spaced, with a comma or a point, a final % or €.

    A percent sign is dropped, the figure kept: « 12,5 % » is 12.5. Raises NotANumber, also for a
    text that two people would read differently (« 1.234 », « 1,234,5 »).
    """
    bare = UNITS.sub("", SPACES.sub("", text.strip()).translate(MINUS))
    if GROUPED_BY_DOTS.fullmatch(bare):
        bare = bare.replace(".", "")
    elif GROUPED_BY_COMMAS.fullmatch(bare):
        bare = bare.replace(",", "")
    elif re.fullmatch(r"[-+]?[1-9]\d{0,2}\.\d{3}", bare):
        whole = bare.replace(".", "")
        raise NotANumber(
            f"« {text.strip()} » se lit de deux façons : écrivez {whole} ou "
            f"{bare.replace('.', ',')}."
        )
    if not PLAIN.fullmatch(bare):
        raise NotANumber(f"« {text.strip()[:40]} » n’est pas un nombre.")
    return Decimal(bare.replace(",", "."))
