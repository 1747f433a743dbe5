"""Which territories are alike: about as many people, about as close to each other."""

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
        """Inhabitants a km²."""
        return self.population / self.area

    def is_like(self, other: "Profile") -> bool:
        return all(abs(step) <= math.log(TIMES) for step in self._steps(other))

    def distance(self, other: "Profile") -> float:
        return math.hypot(*self._steps(other))

    def _steps(self, other: "Profile") -> tuple[float, float]:
        """By how much it is larger and denser: equal for twice as many and half as many."""
        return (
            math.log(self.population / other.population),
            math.log(self.density / other.density),
        )


def profiles_of(conventions: Iterable[Convention], year: int) -> dict[int, Profile]:
    """By convention, its perimeter on the last day of the year, in one query; without those of
    which a commune has no population or no outline."""
    rows = Coverage.objects.filter(commune__convention__in=list(conventions))
    told = rows.perimeter(datetime.date(year, 12, 31)).order_by()
    communes = defaultdict(list)
    for pk, population, code in told.values_list(
        "commune__convention", "commune__population", "commune__insee_code"
    ):
        communes[pk].append((population, area_of(code)))
    return {
        pk: Profile(sum(people for people, _ in found), sum(area for _, area in found))
        for pk, found in communes.items()
        if all(people is not None and area for people, area in found)
        and any(people for people, _ in found)
    }


def alike_in(own: int, profiles: dict[int, Profile]) -> list[int]:
    """The conventions that are like this one, the nearest first; none where it has no profile."""
    here = profiles.get(own)
    if here is None:
        return []
    alike = [pk for pk, one in profiles.items() if pk != own and here.is_like(one)]
    return sorted(alike, key=lambda pk: (here.distance(profiles[pk]), pk))


def nearest(own: int, profiles: dict[int, Profile]) -> list[int]:
    """Those that a comparison is made of."""
    return alike_in(own, profiles)[:NEAREST]
