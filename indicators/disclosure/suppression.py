"""Which figures are masked besides the small ones, so that nothing tells what those are.

The least loss is found by turns. A small program in whole numbers (``milp``, HiGHS) chooses what
to mask; an attack on its choice (``attack.py``) shows which small counts are still told, and by
which equations; from these follows what every masking must fulfil, and the next turn heeds it (the
cutting planes of Fischetti and Salazar). When no attack succeeds the choice is safe, and none is
better. When time is up, more is masked: every figure of the equations concerned, until no attack
succeeds; then, while there is time, what turns out to be needless is shown again.
"""

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from indicators.disclosure.attack import EXACT
from indicators.disclosure.problem import Problem

# Of the time there is, what the search for the best may take.
SEARCH = 0.7


@dataclass
class Choice:
    """What is masked. ``least``: no safe masking loses less than that. ``failing``: the small cells
    that even masking everything would not protect as far as the rule asks."""

    masked: np.ndarray
    is_optimal: bool
    loss: float
    least: float
    turns: int
    failing: frozenset[int]


def choose(problem: Problem, seconds: float) -> Choice:
    began = time.monotonic()
    masked, cuts, seen = problem.masked.copy(), [], set()
    told: set[int] = set()
    least, turns, is_optimal = 0.0, 0, False
    while True:
        turns += 1
        failing = problem.attack.held_back(masked)
        if not failing:
            is_optimal = True
            break
        left = began + SEARCH * seconds - time.monotonic()
        if left <= 0:
            break
        fresh = _cuts(problem, masked, failing, seen)
        cuts += fresh
        found = _best(problem, cuts, left)
        if found is None:
            break
        if found is INFEASIBLE:
            # Something is known, and nothing undoes that: the rest is protected all the same.
            known = _ask_less(problem)
            if not known:
                break
            told |= known
            cuts, seen = [], set()
            masked = problem.masked.copy()
            continue
        masked, least = found
    if not is_optimal:
        told |= _ask_less(problem)
        masked = _mask_more(problem, masked)
        masked = _show_again(problem, masked, began + seconds)
        told |= {aim.cell for aim, _ in problem.attack.held_back(masked)}
    loss = float(problem.weights[masked & ~problem.masked].sum())
    return Choice(masked, is_optimal, loss, loss if is_optimal else least, turns, frozenset(told))


INFEASIBLE = object()


def _ask_less(problem: Problem) -> set[int]:
    """Ask no more of small cells than what masking everything leaves possible; those of which less
    is asked now. What is still open of them stays so."""
    attack, less = problem.attack, set()
    for aim, moved in attack.held_back(problem.states > 0):
        cell, far = attack.cells[aim.cell], round(moved.far, 6)
        bound = {"high": cell.value + far} if aim.way > 0 else {"low": cell.value - far}
        attack.cells[aim.cell] = replace(cell, **bound)
        less.add(aim.cell)
    return less


def _cuts(problem: Problem, masked: np.ndarray, failing, seen: set) -> list[tuple]:
    """What the failing attacks show that must be masked, as weights of free figures with their
    least sum; each once."""
    free, fixed = problem.free, problem.masked
    found = []
    for aim, moved in failing:
        weights = problem.attack.cut(aim, moved.dual)
        need = problem.attack.need(aim) - weights[fixed].sum()
        if need <= EXACT:
            continue
        row = np.minimum(weights[free], need) / need
        told = tuple(np.round(row, 6))
        if told not in seen and (row * masked[free]).sum() < 1 - EXACT:
            seen.add(told)
            found.append((row, 1.0))
    if not found:
        # Held back by whole numbers alone: something else must be masked besides.
        found.append(((~masked[free]).astype(float), 1.0))
    return found


def _best(problem: Problem, cuts: list[tuple], seconds: float):
    """The masking of least loss that fulfils what is known, with a bound of the loss; INFEASIBLE;
    or None if there was no time."""
    free = problem.free
    rows = np.array([row for row, _ in cuts])
    if not len(free) or (rows.sum(axis=1) < 1 - EXACT).any():
        return INFEASIBLE
    result = milp(
        problem.weights[free], integrality=np.ones(len(free)), bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, 1 - EXACT, np.inf),
        options={"time_limit": max(seconds, 0.05), "mip_rel_gap": 1e-6},
    )  # fmt: skip
    if result.status == 2:
        return INFEASIBLE
    if result.x is None:
        return None
    masked = problem.masked.copy()
    masked[free] = result.x > 0.5
    return masked, float(result.mip_dual_bound)


def _mask_more(problem: Problem, masked: np.ndarray) -> np.ndarray:
    """Every figure of the equations in which a small count is told, then of those around, until
    none is."""
    masked, attack = masked.copy(), problem.attack
    maskable = problem.states > 0
    figures_of = [{attack.cells[cell].figure for cell, _ in row} for row in attack.rows]
    while failing := problem.attack.held_back(masked):
        told = {attack.cells[aim.cell].figure for aim, _ in failing}
        around = set().union(*(row for row in figures_of if row & told))
        more = [figure for figure in around if maskable[figure] and not masked[figure]]
        if not more:
            hidden = set(np.flatnonzero(masked).tolist())
            around = set().union(*(row for row in figures_of if row & hidden))
            more = [figure for figure in around if maskable[figure] and not masked[figure]]
        if not more:
            break
        masked[more] = True
    return masked


def _show_again(problem: Problem, masked: np.ndarray, until: float) -> np.ndarray:
    """Without what is masked needlessly, the greatest loss first."""
    extra = [figure for figure in problem.free if masked[figure]]
    for figure in sorted(extra, key=lambda figure: -problem.weights[figure]):
        if time.monotonic() > until:
            break
        masked[figure] = False
        if problem.attack.held_back(masked):
            masked[figure] = True
    return masked
