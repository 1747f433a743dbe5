"""What is to be decided of one table: which figures may be masked, at what loss, and what an attack
on them may use."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from itertools import combinations
from math import inf, log10

import numpy as np

from indicators.disclosure.attack import EXACT, Attack, Cell
from indicators.disclosure.tables import (
    TERRITORY,
    Key,
    Pattern,
    Rule,
    Table,
    Terms,
    Tie,
    summed,
    sums_of,
    tried,
)
from indicators.disclosure.trying import Chosen, TooManyError, adding_up

# How much more the loss of a sum weighs than that of a commune's figure.
OF_SECTOR, OF_TERRITORY = 3.0, 10.0
# What was masked the year before is masked again where that is as good.
AGAIN = 0.7


class State(IntEnum):
    """``OPEN``: shown whatever happens, for it is known or is nobody's; ``FREE``: may be masked."""

    OPEN = 0
    FREE = 1
    MASKED = 2


@dataclass
class Problem:
    """``keys``: the figures of the table in the order of ``states`` and ``weights``; behind them
    come those of earlier publications that have changed since. ``places``: of all of these, which
    figure they are, or were. ``exposed``: small,
    and published before: nothing protects them any more. ``told``: what cells were rounded to."""

    keys: list[Key]
    places: list[Key]
    states: np.ndarray
    weights: np.ndarray
    attack: Attack
    exposed: frozenset[Key]
    told: dict[int, float]

    @property
    def masked(self) -> np.ndarray:
        """What is masked in any case."""
        return self.states == State.MASKED

    @property
    def free(self) -> np.ndarray:
        return np.flatnonzero(self.states == State.FREE)


def problem_of(table: Table, rule: Rule, previous: Collection[tuple[str, str]] = ()) -> Problem:
    """``previous``: the (series, place) masked in the year before."""
    building = _Building(table, rule)
    figures = table.figures
    for key, terms in figures.items():
        building.add(key, terms)
    building.sums(table.summed, table.sectors)
    for relation in table.relations:
        building.equation(relation.coefficients, building.index)
    for tie in table.ties:
        building.tie(tie)
    building.remember()
    building.unchanged()
    for tie in table.former:
        building.former(tie)
    for pattern in table.patterns:
        building.pattern(pattern)
    if table.is_lenient:
        building.rows = [row for row in building.rows if building.holds(row)]
    building.ask_no_more_than_is_known()

    keys = list(figures)
    weights = [_weight(key, table, terms, previous) for key, terms in figures.items()]
    weights += [0.0] * (len(building.states) - len(keys))
    # Nobody needs to look farther than that each might be all of what there is.
    greatest = max((abs(cell.value) for cell in building.cells), default=0.0)
    thresholds = [one.threshold or 1 for one in (rule, *table.rules.values())]
    reach = greatest + 3 * max(thresholds)
    attack = Attack(building.cells, building.rows, reach, len(building.states))
    return Problem(
        keys, building.places, np.array(building.states), np.array(weights), attack,
        frozenset(building.exposed), building.told,
    )  # fmt: skip


def _weight(key: Key, table: Table, terms: Terms, previous) -> float:
    """The loss of a figure: first that there is one less, then its size; a sum is missed more."""
    weight = 1.0 + log10(1 + abs(float(terms[-1])))
    if key.place == TERRITORY:
        weight *= OF_TERRITORY
    elif key.place in set(table.sectors.values()):
        weight *= OF_SECTOR
    return weight * (AGAIN if (key.series, key.place) in previous else 1.0)


class _Building:
    def __init__(self, table: Table, rule: Rule):
        self.table, self.rule = table, rule
        self.places: list[Key] = []
        self.states: list[int] = []
        self.cells: list[Cell] = []
        self.rows: list[list[tuple[int, float]]] = []
        self.exposed: set[Key] = set()
        self.told: dict[int, float] = {}
        self.index: dict[Key, int] = {}
        self.cells_of: dict[int, list[int]] = {}
        # All that stood at a place, now and before.
        self.stood: dict[Key, list[int]] = {}
        self.now = figures = table.figures
        # One that may be a fraction may be next to nothing, and next to a base away.
        self.is_whole = all(term == int(term) for terms in figures.values() for term in terms)
        # Where a numerator exceeds its denominator, what it leaves is no count.
        self.no_shares = {key[:2] for key, terms in figures.items()
                          if len(terms) == 2 and terms[0] > terms[1]}  # fmt: skip

    def add(self, key: Key, terms: Terms) -> int:
        figure = len(self.states)
        self.index.setdefault(key, figure)
        self.places.append(key)
        self.stood.setdefault(key, []).append(figure)
        cells = self._cells(figure, key, terms)
        is_small = any(cell.is_small for cell in cells)
        rule = self.rule_of(key)
        is_nobody = len(terms) == 1 and terms[0] == 0 and rule.is_zero_open and not rule.rounds
        is_masked = is_small or (key.series in self.table.untold and not is_nobody)
        self.states.append(State.MASKED if is_masked else State.OPEN if is_nobody else State.FREE)
        self.cells_of[figure] = [len(self.cells) + i for i in range(len(cells))]
        self.cells += cells
        if len(terms) == 2:
            numerator, denominator, left = self.cells_of[figure]
            self.rows.append([(numerator, 1.0), (left, 1.0), (denominator, -1.0)])
        return figure

    def rule_of(self, key: Key) -> Rule:
        return self.table.rules.get(key.series, self.rule)

    def _cells(self, figure: int, key: Key, terms: Terms) -> list[Cell]:
        rule = self.rule_of(key)
        # What a masked count is at least; what is rounded may be none.
        least = rule.least if self.is_whole and rule.masks else 0
        if len(terms) == 1:
            return [self._cell(rule, figure, terms[0], least if terms[0] >= 0 else -inf)]
        numerator, denominator = terms
        left = -inf if key[:2] in self.no_shares else 0.0
        return [
            self._cell(rule, figure, numerator, 0.0),
            self._cell(rule, figure, denominator, least),
            self._cell(rule, figure, denominator - numerator, left),
        ]

    def _cell(self, rule: Rule, figure: int, count: Decimal, least: float) -> Cell:
        if not rule.is_small(count):
            return Cell(figure, float(count), least)
        return Cell(figure, float(count), least, low=rule.least, high=rule.most)

    def narrow(self, figure: int, told: Terms, base: int) -> None:
        """It was told rounded: each of its terms is less than a base away from that."""
        away = base - 1 if self.is_whole else base
        for i, term in zip(self.cells_of[figure], told, strict=False):
            cell, low, high = self.cells[i], float(term) - away, float(term) + away
            if low <= cell.value <= high:
                self.told[i] = float(term)
                self.cells[i] = replace(cell, least=max(cell.least, low), most=min(cell.most, high))

    def equation(self, coefficients, index) -> None:
        """The same for each term of the figures; the complement follows from the others."""
        coefficients = {index[key]: c for key, c in coefficients.items() if key in index}
        terms = {len(self.cells_of[figure]) for figure in coefficients}
        for term in range(min(2, *terms) if len(terms) > 1 else min(2, terms.pop())):
            row = [(self.cells_of[figure][term], float(c)) for figure, c in coefficients.items()]
            self.rows.append(row)

    def tie(self, tie: Tie) -> None:
        self.rows.append(
            [
                (self.cells_of[self.index[count.figure]][count.term], float(c))
                for count, c in tie.coefficients.items()
            ]
        )

    def former(self, tie: Tie) -> None:
        """The same of each figure of the total that stood, then or now, where it holds."""
        [total] = [count for count, c in tie.coefficients.items() if c < 0]
        figures = {count: self.index[count.figure] for count in tie.coefficients if count != total}
        row = [(self.cells_of[figure][count.term], 1.0) for count, figure in figures.items()]
        for figure in self.stood.get(total.figure, ()):
            then = [*row, (self.cells_of[figure][total.term], -1.0)]
            if self.holds(then):
                self.rows.append(then)

    def pattern(self, pattern: Pattern) -> None:
        """Wherever it holds of figures that stood, then or now."""
        for place in {key.place for key in self.stood if key[:2] in set(pattern.names)}:
            choices = []
            for (series, term), c in pattern.coefficients.items():
                key = Key(series, pattern.year, place)
                cells = [self.cells_of[figure][term] for figure in self.stood.get(key, ())]
                choices.append([Chosen(cell, float(c), self.cells[cell].value) for cell in cells])
                if key not in self.now:
                    choices[-1].append(None)  # what was told of it need not be part of it any more
            try:
                ways = adding_up(choices)
            except TooManyError:
                self.keep_secret(pattern, place)
                continue
            self.rows += [[(one.cell, one.sign) for one in way if one] for way in ways]

    def unchanged(self) -> None:
        """A term of a ratio that is the same in two of its publications is the same count."""
        for figures in self.stood.values():
            for one, other in combinations(figures, 2):
                terms = zip(self.cells_of[one][:2], self.cells_of[other][:2], strict=False)
                rows = [[(i, 1.0), (j, -1.0)] for i, j in terms if len(self.cells_of[one]) > 1]
                self.rows += filter(self.holds, rows)

    def keep_secret(self, pattern: Pattern, place: str) -> None:
        """Nobody knows what its figures tell of each other there: none that may be masked is told,
        nor any sum that would tell it."""
        places = {place, self.table.sectors.get(place), TERRITORY}
        for key in self.now:
            figure = self.index[key]
            is_of_them = key[:2] in pattern.names and key.place in places
            if is_of_them and self.states[figure] == State.FREE:
                self.states[figure] = State.MASKED

    def holds(self, row) -> bool:
        return abs(sum(c * self.cells[cell].value for cell, c in row)) < EXACT

    def sums(self, given, sectors, index=None) -> None:
        for total, parts in sums_of(given, sectors).items():
            self.equation({**dict.fromkeys(parts, 1), total: -1}, index or self.index)

    def ask_no_more_than_is_known(self) -> None:
        """What is not none is at least 1, for none is shown: of a small sum everybody knows of how
        many it is the sum. It need not be possible that it is less; that it is more must be."""
        least = [max(0.0, min(cell.least, cell.value)) for cell in self.cells]
        is_rising = True
        while is_rising:
            is_rising = False
            for row in self.rows:
                totals = [cell for cell, c in row if c == -1.0]
                known = sum(least[cell] for cell, c in row if c == 1.0)
                is_sum = len(totals) == 1 and all(abs(c) == 1.0 for _, c in row)
                if is_sum and known > least[totals[0]]:
                    least[totals[0]], is_rising = known, True
        for i, cell in enumerate(self.cells):
            if cell.is_small:
                low, high = cell.low, cell.high
                if least[i] > low:
                    low, high = least[i], max(high, least[i] + 1)
                self.cells[i] = replace(cell, low=low, high=min(high, cell.most))

    def remember(self) -> None:
        """What was published before, and is known since: also of figures that have changed. One
        that stood through several publications was the same unknown in all of them."""
        table, changed = self.table, {}
        now, made = table.figures, made_of(table.summed, table.sectors, table.totals)
        for earlier in table.earlier:
            index, given = {}, earlier.given if earlier.has_totals else {}
            then = {**earlier.given, **summed(given, earlier.sectors), **earlier.totals}
            made_then = made_of(given, earlier.sectors, earlier.totals)
            for key, terms in then.items():
                # A sum that is the same by chance, of others than now, is another unknown.
                of, told = made_then.get(key), earlier.rounded.get(key)
                is_same = now.get(key) == terms and made.get(key) == of
                is_shown = key not in earlier.masked and not earlier.base
                if not is_same and (key, terms, of) not in changed:
                    changed[key, terms, of] = self.add(key, terms)
                    self.states[changed[key, terms, of]] = State.MASKED
                index[key] = figure = self.index[key] if is_same else changed[key, terms, of]
                if told is not None:
                    self.narrow(figure, told, earlier.base)
                if is_shown and is_same and self.states[figure] == State.MASKED:
                    self.exposed.add(key)
                if is_shown:
                    self.states[figure] = State.OPEN
            self.sums(given, earlier.sectors, index)
            if not earlier.has_totals:
                for relation in tried(earlier.given, earlier.totals):
                    self.equation(relation.coefficients, index)


def made_of(given, sectors, totals) -> dict[Key, frozenset]:
    """Of which figures each sum is made; a total that was given is made of none."""
    made: dict[Key, set] = {}
    for key, terms in given.items():
        for place in {sectors.get(key.place), TERRITORY} - {None}:
            made.setdefault(key._replace(place=place), set()).add((key, terms))
    return {total: frozenset(of) for total, of in made.items() if total not in totals}
