"""Counts rounded to a base so that sums of roundings are roundings of sums.

Each count goes to one of the two multiples beside it (a multiple stays), sums too, and all add up:
« arrondi contrôlé ». Who reads the table knows of a count that it is less than a base away, and no
equation tells more: whatever one count may be, the sums above it may follow. Rounding each to its
nearest multiple, sums by themselves, does not hold: with base 5, 2 and 2 become 0 and 0, their sum
5, and neither is 0.

The nearest multiples are taken as far as they add up, sums before communes.
"""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from indicators.disclosure.attack import EXACT
from indicators.disclosure.figure import to_nearest
from indicators.disclosure.problem import Problem
from indicators.disclosure.tables import Key, Table, Terms, summed


def round_table(
    table: Table, problem: Problem, base: int, seconds: float, kept: Mapping[Key, Terms]
) -> tuple[dict[Key, Terms], bool]:
    """The terms of each figure, rounded, and whether they are as near as can be. ``kept``: what was
    told of figures that have not changed since: two roundings of one count tell more than one.

    A total that was given and is not the sum is rounded by itself. Where kept roundings and new
    ones cannot add up, or time is up, only what communes have is rounded, each to its nearest, and
    sums are the sums of these roundings.
    """
    attack = problem.attack
    values = np.array([cell.value for cell in attack.cells])
    low = np.floor(values / base + 1e-9)
    high = np.where(np.abs(values / base - low) < 1e-9, low, low + 1)
    for cell, told in problem.told.items():
        low[cell] = high[cell] = told / base
    for key, terms in kept.items():
        figure = problem.keys.index(key)
        for cell, term in zip(_cells_of(problem, figure), terms, strict=False):
            low[cell] = high[cell] = float(term) / base
    # 1 for the multiple above; how much farther that is than the one below is its cost.
    span = high - low
    cost = np.where(span > 0, (low + high) * base - 2 * values, 0.0) / base
    weight = np.array([1.0 + problem.weights[figure] for figure in attack.figures])
    # Halfway goes up where it may.
    cost = (cost - 1e-6) * weight
    holds = np.abs(attack.matrix @ values) < EXACT
    equations = attack.matrix[np.flatnonzero(holds)]
    matrix, short = equations @ sparse.diags(span), -(equations @ low)
    result = milp(
        cost, integrality=np.ones(len(values)), bounds=Bounds(0, (span > 0).astype(float)),
        constraints=LinearConstraint(matrix, short, short) if holds.any() else (),
        options={"time_limit": max(seconds, 0.05)},
    )  # fmt: skip
    if result.x is None:
        given = {key: kept.get(key) or tuple(to_nearest(term, base) for term in terms)
                 for key, terms in table.given.items()}  # fmt: skip
        apart = {key: kept.get(key) or tuple(to_nearest(term, base) for term in terms)
                 for key, terms in table.totals.items()}  # fmt: skip
        counted = {key: given[key] for key in table.summed}
        return given | summed(counted, table.sectors) | apart, False
    told = np.round(low + span * np.round(result.x)) * base
    rounded = {
        key: tuple(Decimal(int(told[cell])) for cell in _cells_of(problem, i))[:2]
        for i, key in enumerate(problem.keys)
    }
    return rounded, result.status == 0


def _cells_of(problem: Problem, figure: int) -> np.ndarray:
    return np.flatnonzero(problem.attack.figures == figure)
