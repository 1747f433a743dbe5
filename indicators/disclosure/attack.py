"""What somebody can find out who has read everything: a linear program over what is masked.

A figure is one or several counts (``Cell``): the count itself, or numerator, denominator and
complement of a ratio, all taken for published where the ratio is. What is masked may be any counts
that satisfy all equations; an ``Aim`` asks how far one of them may go up or down. All aims are one
program, a block each: hundreds are one call of the solver.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

EXACT = 1e-6
# How many moves one call of the solver is asked for: fewer cost calls, more cost memory.
BATCH = 20_000


@dataclass(frozen=True)
class Cell:
    """One count. ``least``, ``most``: nobody takes it for less, or more, while it is masked (−inf:
    it is no count). ``low`` and ``high``: between which it must remain possible, if it is small."""

    figure: int
    value: float
    least: float = 0.0
    most: float = inf
    low: float | None = None
    high: float | None = None

    @property
    def is_small(self) -> bool:
        return self.low is not None


class Aim(NamedTuple):
    """Move one cell up (1) or down (−1)."""

    cell: int
    way: int


class Moved(NamedTuple):
    """How far an aim was reached, and by which weights of the equations it was held back."""

    far: float
    dual: np.ndarray


@dataclass
class Attack:
    """Cells of ``size`` figures, and the equations between them: ``rows`` hold (cell, coefficient)
    pairs whose weighted sum is known. ``reach``: a cell is moved so far at most."""

    cells: list[Cell]
    rows: Sequence[Sequence[tuple[int, float]]]
    reach: float
    size: int
    # How many attacks were tried, for the record.
    solved: int = 0

    @cached_property
    def matrix(self) -> sparse.csr_matrix:
        where = [(r, cell, c) for r, row in enumerate(self.rows) for cell, c in row]
        if not where:
            return sparse.csr_matrix((0, len(self.cells)))
        r, cell, c = zip(*where, strict=True)
        return sparse.csr_matrix((c, (r, cell)), shape=(len(self.rows), len(self.cells)))

    @cached_property
    def figures(self) -> np.ndarray:
        return np.array([cell.figure for cell in self.cells], dtype=int)

    @cached_property
    def room(self) -> tuple[np.ndarray, np.ndarray]:
        """How far each cell may go down, and up."""
        down = np.array([min(c.value - c.least, self.reach) for c in self.cells])
        up = np.array([min(c.most - c.value, self.reach) for c in self.cells])
        return np.maximum(down, 0.0), np.maximum(up, 0.0)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all are counts: then only whole numbers are possible."""
        return all(float(cell.value).is_integer() for cell in self.cells)

    def need(self, aim: Aim) -> float:
        cell = self.cells[aim.cell]
        return max(0.0, cell.high - cell.value if aim.way > 0 else cell.value - cell.low)

    def held_back(self, masked: np.ndarray) -> list[tuple[Aim, Moved]]:
        """What must be possible and is not, that each small count goes up and down as far as the
        rule asks: each aim with how far it went, and what holds it back."""
        part = self._parts(masked)
        aims = [
            aim
            for cell in np.flatnonzero(part >= 0)
            if self.cells[cell].is_small
            for aim in (Aim(int(cell), 1), Aim(int(cell), -1))
            if self.need(aim) > 0
        ]
        moves = self.moves(part, aims, self.need)
        return [
            (aim, moved)
            for aim, moved in zip(aims, moves, strict=True)
            if moved.far < self.need(aim) - EXACT
        ]

    def bounds(self, masked: np.ndarray) -> dict[int, tuple[float, float | None]]:
        """Between what each masked count may be, for everybody; None: farther than was looked."""
        part = self._parts(masked)
        cells = [int(cell) for cell in np.flatnonzero(part >= 0)]
        aims = [Aim(cell, way) for cell in cells for way in (1, -1)]
        moves = self.moves(part, aims, lambda aim: self.reach)
        found = {}
        for cell, up, down in zip(cells, moves[::2], moves[1::2], strict=True):
            value = self.cells[cell].value
            high = None if up.far > self.reach - EXACT else round(value + up.far, 6)
            found[cell] = round(value - down.far, 6), high
        return found

    def _parts(self, masked: np.ndarray) -> np.ndarray:
        """The part of each masked cell, −1 for one that is known: what has no equation in common
        that is hidden is apart."""
        hidden = np.flatnonzero(masked[self.figures])
        part = np.full(len(self.cells), -1)
        if len(hidden):
            of_hidden = self.matrix[:, hidden]
            linked = of_hidden.T @ of_hidden
            part[hidden] = sparse.csgraph.connected_components(abs(linked), directed=False)[1]
        return part

    def moves(
        self, part: np.ndarray, aims: Sequence[Aim], end: Callable[[Aim], float]
    ) -> list["Moved"]:
        """How far each aim is reached, to ``end`` at most."""
        found, batch, size = [], [], 0
        blocks: dict[int, _Block] = {}
        for aim in aims:
            name = part[aim.cell]
            if name not in blocks:
                blocks[name] = _Block(np.flatnonzero(part == name), self.matrix)
            batch.append((aim, blocks[name]))
            size += len(blocks[name].cells)
            if size > BATCH:
                found += self._solve(batch, end)
                batch, size = [], 0
        return found + self._solve(batch, end)

    def _solve(self, batch, end) -> list["Moved"]:
        """One program, a block for each aim: the same equations, another cell moved."""
        if not batch:
            return []
        down, up = self.room
        cost, lower, upper, values, rows, columns = [], [], [], [], [], []
        width = height = 0
        for aim, block in batch:
            at = block.place[aim.cell]
            towards, low, high = np.zeros(len(block.cells)), -down[block.cells], up[block.cells]
            towards[at] = -aim.way
            if aim.way > 0:
                high[at] = min(high[at], end(aim))
            else:
                low[at] = max(low[at], -end(aim))
            cost.append(towards), lower.append(low), upper.append(high)
            values.append(block.matrix.data)
            rows.append(block.matrix.row + height), columns.append(block.matrix.col + width)
            width, height = width + len(block.cells), height + len(block.rows)
        where = (np.concatenate(rows), np.concatenate(columns))
        equations = sparse.csr_matrix((np.concatenate(values), where), shape=(height, width))
        cost, bounds = np.concatenate(cost), (np.concatenate(lower), np.concatenate(upper))
        result = linprog(
            cost, A_eq=equations, b_eq=np.zeros(height), bounds=np.column_stack(bounds),
            method="highs",
        )  # fmt: skip
        self.solved += len(batch)
        if not result.success:
            raise RuntimeError(f"To move nothing is always possible, yet: {result.message}")
        moves = result.x
        if self.is_whole and np.abs(moves - np.round(moves)).max(initial=0) > EXACT:
            # Sums over places alone have whole corners; with totals over years they may not.
            moves = self._in_whole_numbers(cost, equations, bounds)
        found = []
        width = height = 0
        for aim, block in batch:
            moved = moves[width : width + len(block.cells)]
            dual = np.zeros(self.matrix.shape[0])
            dual[block.rows] = -result.eqlin.marginals[height : height + len(block.rows)]
            far = aim.way * moved[block.place[aim.cell]]
            found.append(Moved(far, dual))
            width, height = width + len(block.cells), height + len(block.rows)
        return found

    def _in_whole_numbers(self, cost, equations, bounds) -> np.ndarray:
        result = milp(
            cost, integrality=np.ones(len(cost)), bounds=Bounds(*bounds),
            constraints=LinearConstraint(equations, 0, 0), options={"time_limit": 10},
        )  # fmt: skip
        return np.zeros(len(cost)) if result.x is None else result.x

    def cut(self, aim: Aim, dual: np.ndarray) -> np.ndarray:
        """What an aim asks of a masking, whatever it is: weights by figure whose sum over what is
        masked is at least ``need(aim)``, from the weights by which it was held back."""
        pull = -(self.matrix.T @ dual)
        pull[aim.cell] += aim.way
        down, up = self.room
        weights = np.where(pull > EXACT, up * pull, np.where(pull < -EXACT, -down * pull, 0.0))
        need = self.need(aim)
        if aim.way * pull[aim.cell] > 0:
            # The aim itself goes no farther than is needed.
            weights[aim.cell] = need * abs(pull[aim.cell])
        return np.bincount(self.figures, weights, minlength=self.size)


class _Block:
    """The cells of a part and the equations between them."""

    def __init__(self, cells: np.ndarray, matrix: sparse.csr_matrix):
        matrix = matrix[:, cells]
        self.cells = cells
        self.place = {int(cell): i for i, cell in enumerate(cells)}
        self.rows = np.flatnonzero(np.diff(matrix.indptr))
        self.matrix = matrix[self.rows].tocoo()
