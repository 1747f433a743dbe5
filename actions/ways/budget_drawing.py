"""Draw a budget: planned, granted and spent of each year, as bars one below the other.

Each bar has a line of its own with its value at its end, so that no value can cover another.
"""

from dataclasses import dataclass

from actions.sheet.columns import MONEY
from ctg_portal.templatetags.french import euros

WIDTH, LEFT = 400, 112  # bars begin right of their words
LINE, GAP = 19, 14
BAR, BESIDE = 12, 6
DIGIT = 8.3  # the width of a digit in the widest of the typefaces that a browser may take


@dataclass(frozen=True)
class Bar:
    """A bar with its words. ``kind``: planned, granted, spent; ``length`` 0: no amount."""

    kind: str
    word: str
    y: float
    length: float
    value: str

    @property
    def top(self) -> float:
        return self.y - BAR / 2

    @property
    def baseline(self) -> float:
        return self.y + 4.5

    @property
    def end(self) -> float:
        return LEFT + self.length + BESIDE


@dataclass(frozen=True)
class YearBars:
    label: str
    y: float
    bars: list[Bar]


class BudgetDrawing:
    """The bars of sums by year; ``rows`` are these, one at least."""

    width, left, bar = WIDTH, LEFT, BAR

    def __init__(self, rows: list):
        amounts = [(kind, getattr(row.sums, kind)) for row in rows for kind in MONEY]
        most = max(amount.total for _, amount in amounts) or 1
        widest = max(len(format_value(*amount)) for amount in amounts) * DIGIT
        self.scale = (WIDTH - LEFT - BESIDE - widest) / float(most)
        self.years, y = [], GAP / 2 + LINE / 2
        for row in rows:
            self.years.append(YearBars(row.label, y + 4.5, self._bars(row, y)))
            y += LINE * len(MONEY) + GAP
        self.height = round(y - LINE / 2)

    def _bars(self, row, y: float) -> list[Bar]:
        """Return the bars of a row of sums, one line each, the first at the height ``y``."""
        bars = []
        for place, (kind, column) in enumerate(MONEY.items()):
            amount = getattr(row.sums, kind)
            length = round(float(amount.total) * self.scale, 1)
            word = column.label.lower()
            bars.append(Bar(kind, word, y + place * LINE, length, format_value(kind, amount)))
        return bars


def format_value(kind: str, amount) -> str:
    """Return « 12 000 € », with « ◐ » if lines are missing, or why there is none."""
    if not amount.known:
        column = MONEY[kind]
        return column.none if kind == "planned" else f"{column.sign} {column.none}"
    return f"{euros(amount.total)}{' ◐' if amount.unknown else ''}"
