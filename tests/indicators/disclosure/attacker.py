"""Somebody who has read everything, and tries every masked figure.

Written from what is published alone: which figures there are, what they say, and how sums come
about. It shares nothing with the code that masks.
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

FAR = 10_000


class Attacker:
    """``shown``: the numbers of figures, None for one that is masked, by name. ``equations``: names
    with their coefficients, whose sum is zero. ``least`` and ``most``: what a masked figure is at
    least, and at most."""

    def __init__(
        self, shown: Mapping, equations, least: float | Mapping = 1, most: float | Mapping = FAR
    ):
        self.shown = dict(shown)
        self.masked = [name for name, number in self.shown.items() if number is None]
        self.place = {name: i for i, name in enumerate(self.masked)}
        self.least, self.most = (
            [bound[name] if isinstance(bound, Mapping) else bound for name in self.masked]
            for bound in (least, most)
        )
        rows, sums = [], []
        for equation in equations:
            row, known_sum = np.zeros(len(self.masked)), 0.0
            for name, coefficient in equation.items():
                if name in self.place:
                    row[self.place[name]] += coefficient
                else:
                    known_sum += coefficient * float(self.shown[name])
            if row.any():
                rows.append(row)
                sums.append(-known_sum)
        self.constraints = LinearConstraint(np.array(rows), sums, sums) if rows else ()

    def bounds(self, name) -> tuple[int, int]:
        """The least and the most that a masked figure may be, in whole numbers."""
        return tuple(self._extreme(name, way) for way in (1, -1))

    def _extreme(self, name, way: int) -> int:
        goal = np.zeros(len(self.masked))
        goal[self.place[name]] = way
        found = milp(
            goal, integrality=np.ones(len(goal)), bounds=Bounds(self.least, self.most),
            constraints=self.constraints,
        )  # fmt: skip
        assert found.status == 0, found.message
        return round(found.x[self.place[name]])


def sums(sectors: Mapping, places, has_totals=True):
    """How the sums over places come about, of the places that there are: communes by sector, the
    territory being the empty name."""
    if not has_totals:
        return []
    equations = [dict.fromkeys(places, 1) | {"": -1}]
    for sector in {sectors.get(place) for place in places} - {None}:
        inside = [place for place in places if sectors.get(place) == sector]
        equations.append(dict.fromkeys(inside, 1) | {sector: -1})
    return equations
