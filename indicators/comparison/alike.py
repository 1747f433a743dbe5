"""Find which territories are alike: similar population and similar density."""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from conventions.models import Convention, Coverage
from conventions.territory.outlines import area_of

# How many times more, or fewer, at most; and how many territories a comparison is of.
TIMES, NEAREST = 2, 5


@dataclass(frozen=True)
class Profile:
    """A territory in a year. ``area`` in km²."""

    population: int
    area: float

    @property
    def density(self) -> float:
        """The inhabitants a km²."""
        return self.population / self.area

    def is_like(self, other: "Profile") -> bool:
        return all(abs(step) <= math.log(TIMES) for step in self._steps(other))

    def distance(self, other: "Profile") -> float:
        return math.hypot(*self._steps(other))

    def _steps(self, other: "Profile") -> tuple[float, float]:
        """Return how much larger and denser it is, as logarithms: twice as many and half as many
        are equally far."""
        return (
            math.log(self.population / other.population),
            math.log(self.density / other.density),
        )


def profiles_of(conventions: Iterable[Convention], year: int) -> dict[int, Profile]:
    """Return the profiles of conventions on the last day of a year, in one query; without those
    where a commune has no population or no outline."""
    rows = Coverage.objects.filter(commune__convention__in=list(conventions))
    perimeters = rows.perimeter(datetime.date(year, 12, 31)).order_by()
    communes = defaultdict(list)
    for pk, population, code in perimeters.values_list(
        "commune__convention", "commune__population", "commune__insee_code"
    ):
        communes[pk].append((population, area_of(code)))
    return {
        pk: Profile(
            sum(people for people, _ in communes_of_one), sum(area for _, area in communes_of_one)
        )
        for pk, communes_of_one in communes.items()
        if all(people is not None and area for people, area in communes_of_one)
        and any(people for people, _ in communes_of_one)
    }


def alike_in(own: int, profiles: dict[int, Profile]) -> list[int]:
    """Return the conventions that are like this one, the nearest first; none if it has no
    profile."""
    here = profiles.get(own)
    if here is None:
        return []
    alike = [pk for pk, profile in profiles.items() if pk != own and here.is_like(profile)]
    return sorted(alike, key=lambda pk: (here.distance(profiles[pk]), pk))


def nearest(own: int, profiles: dict[int, Profile]) -> list[int]:
    """Return the conventions of which a comparison is made."""
    return alike_in(own, profiles)[:NEAREST]
