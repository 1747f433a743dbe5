"""What in a figure asks for a comment before it is submitted: its bounds, its move, its unit.

Nothing is forbidden here: a figure that surprises may be right, and then its comment says why.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ctg_portal.templatetags.french import number as in_french
from indicators.definitions.definition import Definition
from indicators.series.attainment import variation

EXPLAIN = "expliquez-le avant de transmettre."
MAY_BE_NEGATIVE = {"%", "€", "euro", "euros", "points", "point"}


@dataclass(frozen=True)
class Before:
    """The last figure given before a year. ``text``: as it may be shown; ``number``: None when it
    is masked. ``is_comparable``: measured in the same way."""

    year: int
    text: str
    number: Decimal | None = None
    is_comparable: bool = True

    def move(self, value: Decimal | None, definition: Definition) -> str:
        """The move to ``value`` in words; empty where it cannot be told."""
        return told_move(value, self.number, definition) if self.is_comparable else ""


def doubts(value: Decimal | None, definition: Definition, before: Before | None) -> list[str]:
    """What asks for a comment, in sentences about « elle », the value; none for an absence."""
    if value is None:
        return []
    return [
        *_beyond(value, definition),
        *_odd(value, definition),
        *_move(value, definition, before),
    ]


def _beyond(value: Decimal, definition: Definition):
    lowest, highest = definition.bounds
    if lowest is not None and value < lowest:
        yield f"Elle est en dessous de {definition.show(lowest)}, le plus bas attendu : {EXPLAIN}"
    if highest is not None and value > highest:
        yield f"Elle dépasse {definition.show(highest)}, le plus haut attendu : {EXPLAIN}"


def _odd(value: Decimal, definition: Definition):
    """What the unit makes unlikely, where the parties have set no bound of their own."""
    lowest, highest = definition.bounds
    if definition.is_percentage and highest is None and value > 100:
        yield f"Elle dépasse 100 % : vérifiez-la, ou {EXPLAIN}"
    if value < 0 and lowest is None and definition.unit.strip().lower() not in MAY_BE_NEGATIVE:
        yield f"Elle est négative : vérifiez-la, ou {EXPLAIN}"


def _move(value: Decimal, definition: Definition, before: Before | None):
    alert = definition.variation_alert
    if alert is None or before is None or before.number is None or not before.is_comparable:
        return
    if before.number == 0:
        if value != 0:
            yield f"Elle était nulle en {before.year} : {EXPLAIN}"
        return
    move = variation(value, before.number)
    if abs(move) <= alert:
        return
    if definition.is_percentage:
        told = f"de {definition.show(before.number)} en {before.year} à {definition.show(value)}"
        yield f"Elle passe {told} : {EXPLAIN}"
    else:
        verb = "augmente" if move > 0 else "baisse"
        yield f"Elle {verb} de {percent(abs(move), alert)} par rapport à {before.year} : {EXPLAIN}"


def percent(share: Decimal, above: int = 0) -> str:
    """« 37 % »; with a decimal where rounding would hide that it is more than ``above``."""
    is_close = above < share < above + Decimal("0.5")
    return f"{in_french(share, 1 if is_close else 0)}\u202f%"


def told_move(value: Decimal | None, before: Decimal | None, definition: Definition) -> str:
    """The change to ``value`` from ``before``: « +3,2 % », in points for a percentage (« −0,4
    point »); empty where it is undefined."""
    if definition.is_percentage:
        return "" if value is None or before is None else _points(value - before, definition)
    change = variation(value, before)
    return "" if change is None else signed(change)


def _points(change: Decimal, definition: Definition) -> str:
    change = definition.rounded(change)
    unit = "points" if abs(change) >= 2 else "point"
    return f"{_sign(change)}{in_french(abs(change))}\u202f{unit}"


def signed(share: Decimal) -> str:
    """« +3,2 % », « −37 % », « 0 % »: a move, with the sign of minus; below 10 % with a decimal,
    so that a small move is not told as none."""
    decimals = 1 if abs(share) < Decimal("9.95") else 0
    rounded = share.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{_sign(rounded)}{in_french(abs(rounded), decimals if rounded else 0)}\u202f%"


def _sign(change: Decimal) -> str:
    return "+" if change > 0 else "−" if change < 0 else ""
