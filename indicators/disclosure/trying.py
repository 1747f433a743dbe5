"""Which figures of several publications add up at a place, where each of them stood more than once.

Nobody says which of them were told of one another, so whoever looks for a count tries each with
each. That grows beyond any number with the parts of a total and with how often they were corrected;
what it comes to does not. All that a way tells is an equation, and an equation that others add up
to tells nothing more: a way in each direction that they go is enough. So the parts are taken by
halves, what a half may come to is kept with such ways, and two halves are joined where they agree.
"""

from collections.abc import Iterable
from itertools import product
from math import prod
from typing import NamedTuple

# Up to how many ways each is tried by itself.
EACH = 1000
# How many ways of a half are looked at; beyond, it is not known what the whole tells.
MOST = 100_000
# Counts are compared as whole numbers, of millionths.
FINE = 10**6
# Large enough that no equation vanishes by chance.
PRIME = 2**61 - 1


class Chosen(NamedTuple):
    """A count that stood, with the sign by which it is added."""

    cell: int
    sign: float
    value: float


# One of a figure that stood; None, where it need not be part of it.
Choice = Chosen | None
Way = tuple[Choice, ...]


class _Sum(NamedTuple):
    """What a way comes to, and whether it adds, or takes off, anything."""

    millionths: int
    adds: bool
    takes_off: bool

    def __add__(self, other: "_Sum") -> "_Sum":
        return _Sum(
            self.millionths + other.millionths,
            self.adds or other.adds,
            self.takes_off or other.takes_off,
        )


NOTHING = _Sum(0, adds=False, takes_off=False)


class TooManyError(Exception):
    """More than can be looked at."""


def adding_up(choices: list[list[Choice]]) -> list[Way]:
    """The ways to take one of each that come to nothing, and both add and take off; of very many,
    as many as tell all that they tell. ``TooManyError``: it is not known what they do."""
    if prod(map(len, choices)) <= EACH:
        return [way for way in product(*choices) if _is_equation(sum(map(_sum_of, way), NOTHING))]
    choices = sorted(choices, key=len)
    one, other = _sums(choices[::2]), _sums(choices[1::2])
    agreeing: dict[int, list[_Sum]] = {}
    for rest in other:
        agreeing.setdefault(-rest.millionths, []).append(rest)
    found = (
        way
        for reached, ways in one.items()
        for rest in agreeing.get(reached.millionths, ())
        if _is_equation(reached + rest)
        for way in _joined(ways, other[rest])
    )
    return _telling(found, _directions(choices))


def _is_equation(reached: _Sum) -> bool:
    return not reached.millionths and reached.adds and reached.takes_off


def _sums(choices: list[list[Choice]]) -> dict[_Sum, list[Way]]:
    """What they may come to, each with ways that tell all that is told by those that do."""
    found: dict[_Sum, list[Way]] = {}
    if len(choices) < 2:
        for one in choices[0] if choices else [None]:
            found.setdefault(_sum_of(one), []).append((one,))
        return found
    middle = len(choices) // 2
    left, right = _sums(choices[:middle]), _sums(choices[middle:])
    if len(left) * len(right) > MOST:
        raise TooManyError
    most = _directions(choices)
    for (reached, ways), (rest, others) in product(left.items(), right.items()):
        joined = found.setdefault(reached + rest, [])
        joined += _joined(ways, others)
        if len(joined) > 2 * most:
            joined[:] = _telling(joined, most)
    return found


def _directions(choices: list[list[Choice]]) -> int:
    """In how many directions ways may go that come to the same."""
    varies = any(len({_sum_of(one).millionths for one in of}) > 1 for of in choices)
    return sum(len(of) - 1 for of in choices) + (0 if varies else 1)


def _joined(ways: list[Way], others: list[Way]) -> list[Way]:
    """Each with each, as far as it tells more than others of them."""
    first, *more = ways
    return [first + other for other in others] + [way + others[0] for way in more]


def _telling(ways: Iterable[Way], most: int) -> list[Way]:
    """Those that do not follow from the ones before them; there are no more than ``most``."""
    found: list[Way] = []
    place: dict[tuple[int, Choice], int] = {}
    reduced: dict[int, dict[int, int]] = {}
    for way in ways:
        left = {place.setdefault(at, len(place)): 1 for at in enumerate(way)}
        while left and (last := max(left)) in reduced:
            times = left[last]
            for at, weight in reduced[last].items():
                left[at] = (left.get(at, 0) - times * weight) % PRIME
                if not left[at]:
                    del left[at]
        if left:
            inverse = pow(left[last], -1, PRIME)
            reduced[last] = {at: weight * inverse % PRIME for at, weight in left.items()}
            found.append(way)
        if len(found) == most:
            break
    return found


def _sum_of(one: Choice) -> _Sum:
    if one is None:
        return NOTHING
    sign = one.sign
    return _Sum(round(sign * one.value * FINE), adds=sign > 0, takes_off=sign < 0)
