"""Combine all that somebody has read, to learn of protected counts.

Each count that stood at a time is one unknown, named by what it is of and what it was then: what
has not changed between two readings is the same. What pages and files reveal of it is put into the
linear program of ``attacker``, with what anybody knows: sums, parts of a total, terms of a ratio,
that what is masked is at least 1, and what is rounded less than a base away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.indicators.disclosure.attacker import FAR, Attacker
from tests.indicators.disclosure.harvest import HALF, MASKED, MISSING, Reading
from tests.indicators.disclosure.many_tables import (
    BASE,
    COMMUNES,
    PARTS,
    SECTORS,
    SHARES,
    TERRITORY,
    THRESHOLD,
    Count,
)

WHOLES = (TERRITORY, *(f"Pôle {sector}" for sector in SECTORS))
# The term of a ratio that an indicator tells as well.
SHARES_OF = [(of, f"{title}/{i}") for title, terms in SHARES.items() for i, of in enumerate(terms)]


@dataclass
class Learning:
    """The knowledge of an attacker. ``masked`` and ``rounded``: the indicators under each rule.
    ``read`` takes what was read while ``counts`` were true."""

    masked: Iterable[str]
    rounded: Iterable[str]
    shown: dict = field(default_factory=dict)
    least: dict = field(default_factory=dict)
    most: dict = field(default_factory=dict)
    equations: list = field(default_factory=list)
    asked: dict = field(default_factory=dict)
    true: dict = field(default_factory=dict)
    rounded_numbers: dict = field(default_factory=dict)
    wrong: list = field(default_factory=list)

    def read(self, readings: Iterable[Reading], counts: dict[tuple, Count]) -> None:
        self.counts = counts
        for figure, count in counts.items():
            self._know(self._name(figure), count, figure[0].partition("/")[0])
        self._sums()
        self._parts()
        readings = [*readings]
        for reading in readings:
            if reading.figure in counts:
                self._count(reading)
            elif reading.title not in SHARES and reading.kind == "number":
                self.wrong.append(reading)
        for reading in readings:
            if reading.title in SHARES and reading.kind == "number":
                self._share(reading)

    # What anybody knows

    def _name(self, figure) -> tuple:
        """Return the name of the unknown: a count of a year and a place, as it was made up then."""
        count = self.counts[figure]
        return count.title, *figure[1:], count.made_of

    def _know(self, name, count: Count, indicator: str) -> None:
        self.shown.setdefault(name, None)
        self.least.setdefault(name, 0)
        self.most.setdefault(name, FAR)
        self.true[name] = count.number
        parts = sum(number > 0 for _, number in count.made_of)
        if indicator in self.masked and 0 < count.number < THRESHOLD:
            self.asked[name] = max(1, parts), max(THRESHOLD - 1, parts + 1)

    def _sums(self) -> None:
        for series, year in {figure[:2] for figure in self.counts}:
            names = {
                place: self._name((series, year, place))
                for place in (*COMMUNES, *WHOLES)
                if (series, year, place) in self.counts
            }
            for total in WHOLES:
                inside = [names[place] for place, sector in COMMUNES.items()
                          if place in names and total in (TERRITORY, f"Pôle {sector}")]  # fmt: skip
                if inside and total in names:
                    self._equal(dict.fromkeys(inside, 1) | {names[total]: -1})

    def _parts(self) -> None:
        """Add equations: totals of other indicators, one count that several give, the terms of
        ratios."""
        for series, year, place in self.counts:
            name = self._name((series, year, place))
            of = [(part, year, place) for part in PARTS.get(series, ())]
            if of:
                self._equal(dict.fromkeys(map(self._name, of), 1) | {name: -1})
            for share_term in (told for title, told in SHARES_OF if title == series):
                if (share_term, year, place) in self.counts:
                    self._equal({name: 1, self._name((share_term, year, place)): -1})
        for title in SHARES:
            for figure in [figure for figure in self.counts if figure[0] == f"{title}/0"]:
                self._left(title, *(self._name((f"{title}/{i}", *figure[1:])) for i in (0, 1)))

    def _left(self, title, numerator, denominator) -> None:
        """Add the rest that a numerator leaves of its denominator, which is as secret."""
        left = ("left", numerator, denominator)
        self.true[left] = self.true[denominator] - self.true[numerator]
        self.shown[left], self.least[left], self.most[left] = None, 0, FAR
        self._equal({numerator: 1, left: 1, denominator: -1})
        if title in self.masked and 0 < self.true[left] < THRESHOLD:
            self.asked[left] = 1, THRESHOLD - 1

    def _equal(self, equation: dict) -> None:
        """Add an equation that holds of what is true: who looks for a count will try it."""
        if sum(self.true[name] * c for name, c in equation.items()) == 0:
            self.equations.append(equation)

    # What is read

    def _count(self, reading: Reading) -> None:
        name = self._name(reading.figure)
        true, is_rounded = self.true[name], reading.title in self.rounded
        away = BASE - 1 if is_rounded else 0
        if reading.kind == MASKED:
            self.least[name] = max(self.least[name], 1)
        elif not reading.low - away <= true <= reading.high + away:
            self.wrong.append(reading)
        elif reading.kind == "number" and not is_rounded:
            self.shown[name] = true
        elif reading.kind != MISSING:
            self.least[name] = max(self.least[name], reading.low - away)
            self.most[name] = min(self.most[name], reading.high + away)
            if reading.kind == "number":
                self.rounded_numbers[name] = reading.low
                self.asked.setdefault(name, (max(0, reading.low - away), reading.low + away))

    def _share(self, reading: Reading) -> None:
        """Take the terms of a share for known, whatever its decimals: who looks may know the total.
        For a rounded one, only what the numerator was rounded to."""
        terms = [(f"{reading.title}/{term}", *reading.figure[1:]) for term in (0, 1)]
        numerator, denominator = map(self._name, terms)
        if reading.title in self.rounded:
            self._rounded_share(reading, numerator, denominator)
        elif abs(100 * self.true[numerator] / self.true[denominator] - reading.low) > HALF:
            self.wrong.append(reading)
        else:
            self.shown[numerator] = self.true[numerator]
            self.shown[denominator] = self.true[denominator]

    def _rounded_share(self, reading: Reading, numerator, denominator) -> None:
        """Bound the denominator of a rounded share by the numerator's rounded number, or those near
        its exact one."""
        numerators = [self.rounded_numbers[numerator]] if numerator in self.rounded_numbers else []
        if (known := self.shown[numerator]) is not None:
            numerators = [known - known % BASE, known + -known % BASE]
        fit = [
            n for n in range(BASE, FAR, BASE) for numerator_number in numerators
            if numerator_number and abs(100 * numerator_number / n - reading.low) < HALF
        ]  # fmt: skip
        if not fit:
            return
        if not min(fit) - BASE < self.true[denominator] < max(fit) + BASE:
            self.wrong.append(reading)
            return
        self.least[denominator] = max(self.least[denominator], min(fit) - BASE + 1)
        self.most[denominator] = min(self.most[denominator], max(fit) + BASE - 1)
        self.asked.setdefault(denominator, None)

    # What it comes to

    def holes(self) -> list[str]:
        """Return what is known of protected counts that nobody should know."""
        attacker, holes = Attacker(self.shown, self.equations, self.least, self.most), []
        for name, asked in self.asked.items():
            if self.shown[name] is not None:
                holes.append(f"{name} is {self.true[name]}: it is shown")
            elif _is_known_too_well(attacker, name, asked):
                low, high = attacker.bounds(name)
                holes.append(f"{name} is {self.true[name]}: known from {low} to {high}")
        return holes


def _is_known_too_well(attacker: Attacker, name, asked: tuple | None) -> bool:
    """Return whether a count is known better than it should be: as one of the numbers ``asked``, or
    of as many as a rounded one may be."""
    if asked is None:
        low, high = attacker.bounds(name)
        return high - low < 2 * (BASE - 1)
    return not attacker.may_be(name, *asked)
