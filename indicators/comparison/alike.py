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
    """What a territory is compared by, on the last day of a year: inhabitants, ``area`` in km²."""

    population: int
    area: float

    @property
    def density(self) -> float:
        return self.population / self.area

    def is_like(self, other: "Profile") -> bool:
        """Return whether both population and density are between half and double of the other's."""
        return all(abs(step) <= math.log(TIMES) for step in self._steps(other))

    def distance(self, other: "Profile") -> float:
        """Return how far apart they are, on logarithmic scales; 0 if both are equal."""
        return math.hypot(*self._steps(other))

    def _steps(self, other: "Profile") -> tuple[float, float]:
        """Return the logarithms of both ratios: twice and half are equally far from 0."""
        return (
            math.log(self.population / other.population),
            math.log(self.density / other.density),
        )


def profiles_of(conventions: Iterable[Convention], year: int) -> dict[int, Profile]:
    """Return the profiles on the last day of a year, by key of the convention, in one query. A
    convention with a commune of unknown population or outline has none."""
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
    """Return the keys of the conventions similar to ``own``, the nearest first, without itself;
    empty if ``own`` has no profile."""
    own_profile = profiles.get(own)
    if own_profile is None:
        return []
    alike = [pk for pk, profile in profiles.items() if pk != own and own_profile.is_like(profile)]
    return sorted(alike, key=lambda pk: (own_profile.distance(profiles[pk]), pk))


def nearest(own: int, profiles: dict[int, Profile]) -> list[int]:
    """Return the conventions to compare with: at most ``NEAREST`` similar ones."""
    return alike_in(own, profiles)[:NEAREST]
