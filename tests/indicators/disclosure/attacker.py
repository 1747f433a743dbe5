"""Try every masked figure, as somebody who has read everything (an integer linear program).

Written from what is published alone: which figures there are, what they say, and how sums come
about. It shares nothing with the code that masks.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
        self.shown, self.least, self.most = shown, least, most
        self.program_of = {}
        masked = [name for name, number in shown.items() if number is None]
        for names, joining in _connected_groups(masked, equations):
            program = self._program(names, joining)
            self.program_of.update(dict.fromkeys(names, program))

    def _program(self, names: list, equations: list) -> "Program":
        place = {name: i for i, name in enumerate(names)}
        rows, sums = np.zeros((len(equations), len(names))), np.zeros(len(equations))
        for at, equation in enumerate(equations):
            for name, coefficient in equation.items():
                if name in place:
                    rows[at, place[name]] += coefficient
                else:
                    sums[at] -= coefficient * float(self.shown[name])
        least, most = (
            [bound[name] if isinstance(bound, Mapping) else bound for name in names]
            for bound in (self.least, self.most)
        )
        constraints = LinearConstraint(rows, sums, sums) if equations else ()
        return Program(place, constraints, Bounds(least, most))

    def bounds(self, name) -> tuple[int, int]:
        """Return the least and the most that a masked figure may be, in whole numbers."""
        program = self.program_of[name]
        return program.extreme(name, 1), program.extreme(name, -1)

    def may_be(self, name, least: float, most: float) -> bool:
        """Return whether a masked figure may be ``least`` or less, and ``most`` or more."""
        program = self.program_of[name]
        return program.reaches(name, 1, least) and program.reaches(name, -1, most)


@dataclass
class Program:
    """Masked figures that equations join. ``place``: of each figure in its rows; ``worlds``: all of
    them as they may be, as far as somebody has looked."""

    place: dict
    constraints: LinearConstraint | tuple
    within: Bounds
    worlds: list = field(default_factory=list)

    def extreme(self, name, way: int) -> int:
        """Return the least that a figure may be; the most, if ``way`` is -1."""
        goal = np.zeros(len(self.place))
        goal[self.place[name]] = way
        solution = milp(
            goal, integrality=np.ones(len(goal)), bounds=self.within, constraints=self.constraints
        )
        assert solution.status == 0, solution.message
        self.worlds.append(np.round(solution.x))
        return round(solution.x[self.place[name]])

    def reaches(self, name, way: int, bound: float) -> bool:
        """Return whether a figure is as little as ``bound`` in a feasible world, or as much: one
        found before, or the extreme one."""
        at = self.place[name]
        if any(way * world[at] <= way * bound for world in self.worlds):
            return True
        return way * self.extreme(name, way) <= way * bound


def _connected_groups(masked: Iterable, equations: Iterable[Mapping]):
    """Return the connected groups of masked figures, each with its equations."""
    group = {name: name for name in masked}

    def root(name):
        while group[name] != name:
            name = group[name]
        return name

    joining = []
    for equation in equations:
        if unknown := [name for name in equation if name in group]:
            joining.append((unknown[0], equation))
            for other in unknown[1:]:
                group[root(other)] = root(unknown[0])
    together = defaultdict(lambda: ([], []))
    for name in group:
        together[root(name)][0].append(name)
    for name, equation in joining:
        together[root(name)][1].append(equation)
    return together.values()


def sums(sectors: Mapping, places, has_totals=True):
    """Return the equations of sums over places: communes by sector, and the territory as the empty
    name."""
    if not has_totals:
        return []
    equations = [dict.fromkeys(places, 1) | {"": -1}]
    for sector in {sectors.get(place) for place in places} - {None}:
        inside = [place for place in places if sectors.get(place) == sector]
        equations.append(dict.fromkeys(inside, 1) | {sector: -1})
    return equations
