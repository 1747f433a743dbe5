"""What was found when the masking of a table was attacked, as it is kept."""

from dataclasses import dataclass, field

import numpy as np

from indicators.disclosure.problem import Problem, State
from indicators.disclosure.tables import Key

# Between what a masked count may be; None: as far as anybody looked.
Bounds = tuple[float, float | None]


@dataclass
class Audit:
    """``bounds``: for each masked figure, between what each of its counts may be for who has read
    everything (count; or numerator, denominator and complement). ``exposed``: small counts that
    nothing protects, for they were published before; ``failing``: how many are not as open as the
    rule asks, those of earlier publications included. ``loss`` and ``least``: what the masking
    loses, and what any would lose at least."""

    bounds: dict[Key, list[Bounds]] = field(default_factory=dict)
    exposed: frozenset[Key] = frozenset()
    failing: int = 0
    is_optimal: bool = True
    loss: float = 0.0
    least: float = 0.0
    seconds: float = 0.0
    turns: int = 0
    programs: int = 0

    @property
    def is_safe(self) -> bool:
        return not self.exposed


def bounds_of(problem: Problem, masked: np.ndarray) -> dict[int, list[Bounds]]:
    """Between what each count of each masked figure may be, for everybody."""
    found: dict[int, list[Bounds]] = {}
    for cell, bounds in problem.attack.bounds(masked).items():
        found.setdefault(problem.attack.cells[cell].figure, []).append(bounds)
    return found


def told_anyway(problem: Problem, bounds: dict[int, list[Bounds]]) -> list[int]:
    """The figures that are masked and that anybody can work out: they hide nothing."""
    return [
        figure
        for figure, found in bounds.items()
        if problem.states[figure] == State.FREE and all(low == high for low, high in found)
    ]
