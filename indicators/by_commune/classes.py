"""Compute the classes of a map: the few groups into which its figures fall, and their words.

Only figures that everybody may read come in, so that no bound reveals a masked one. Bounds are
round numbers: equal intervals if the figures spread evenly, else quantiles. No class is empty, and
equal figures are in one class: decision record 76.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

MOST = 5
# From how many figures a map has two, three, four, five classes.
ENOUGH = (2, 5, 9, 14)
# No class of even steps holds more of the figures than this.
LARGEST_SHARE = Decimal("0.45")

Show = Callable[[Decimal], str]


@dataclass(frozen=True)
class Classes:
    """The classes of a map. ``bounds`` rise; a figure equal to one is in the class above it.
    ``unit``: the finest step shown; ``lowest``, ``highest``: of all figures."""

    bounds: tuple[Decimal, ...]
    unit: Decimal
    lowest: Decimal
    highest: Decimal

    @property
    def count(self) -> int:
        return len(self.bounds) + 1

    def rank(self, number: Decimal) -> int:
        """Return the rank of the class of ``number``, from 1, the lowest."""
        return bisect_right(self.bounds, number) + 1

    def words(self, rank: int, show: Show, sign: str = "") -> str:
        """Describe the class of a rank, from 1: « moins de 15 », « de 15 à 21 », « 36 et plus »,
        one figure alone if it has no other. ``show`` formats a figure; ``sign``, a unit with its
        leading space, follows the last figure."""
        first = self.lowest if rank == 1 else self.bounds[rank - 2]
        last = self.highest if rank == self.count else self.bounds[rank - 1] - self.unit
        is_open = self.count > 1 and rank in (1, self.count)
        if self.lowest == self.highest or (first == last and (first == 0 or not is_open)):
            return f"{show(first)}{sign}"
        if not is_open:
            return f"de {show(first)} à {show(last)}{sign}"
        if rank == 1:
            return f"moins de {show(self.bounds[0])}{sign}"
        return f"{show(first)}{sign} et plus"


def classes_of(numbers: Iterable[Decimal], decimals: int) -> Classes | None:
    """Return classes for figures already rounded to ``decimals``: at most ``MOST``, fewer for few
    or equal figures. None without a figure."""
    values = sorted(numbers)
    if not values:
        return None
    unit = Decimal(1).scaleb(-decimals)
    wanted = min(1 + sum(len(values) >= least for least in ENOUGH), len(set(values)), MOST)
    bounds = _equal_intervals(values, wanted, unit) or _quantiles(values, wanted, unit)
    return Classes(tuple(bounds), unit, values[0], values[-1])


def _round_steps(largest: Decimal, unit: Decimal) -> Iterable[Decimal]:
    """Yield round steps, 5, 2 and 1 times a power of ten, falling from the power of ``largest`` to
    ``unit``; the first may exceed ``largest``."""
    power = Decimal(1).scaleb(largest.adjusted())
    while power >= unit:
        for times in (5, 2, 1):
            yield power * times
        power /= 10


def _equal_intervals(values: Sequence[Decimal], wanted: int, unit: Decimal) -> list[Decimal]:
    """Return bounds at multiples of one round step, for ``wanted`` classes or one fewer; empty if a
    class would have no figure or too large a share, and for few classes."""
    spread = values[-1] - values[0]
    if wanted < len(ENOUGH) - 1 or not spread:
        return []
    for step in _round_steps(spread, unit):
        first = (values[0] / step).to_integral_value(ROUND_FLOOR) * step + step
        bounds = []
        while first <= values[-1]:
            bounds.append(first)
            first += step
        if len(bounds) + 1 > wanted:
            break
        sizes = [0] * (len(bounds) + 1)
        for value in values:
            sizes[bisect_right(bounds, value)] += 1
        is_even = max(sizes) <= LARGEST_SHARE * len(values)
        if len(sizes) >= wanted - 1 and min(sizes) and is_even:
            return bounds
    return []


def _quantiles(values: Sequence[Decimal], wanted: int, unit: Decimal) -> list[Decimal]:
    """Return at most ``wanted`` - 1 bounds of classes of like size; equal figures share one."""
    gaps = [at for at, (low, high) in enumerate(pairwise(values), start=1) if low < high]
    cuts: set[int] = set()
    for part in range(1, wanted):
        aim = len(values) * part / wanted
        left = [at for at in gaps if at not in cuts]
        if left:
            cuts.add(min(left, key=lambda at: (abs(at - aim), at)))
    return [_roundest_between(values[at - 1], values[at], unit) for at in sorted(cuts)]


def _roundest_between(below: Decimal, above: Decimal, unit: Decimal) -> Decimal:
    """Return the roundest number above ``below``, up to ``above``; 0 if their signs differ."""
    if below < 0 <= above:
        return Decimal(0)
    for step in _round_steps(max(abs(below), abs(above)), unit):
        rounded = (above / step).to_integral_value(ROUND_FLOOR) * step
        if rounded > below:
            return rounded
    return above


def legend_sizes(largest: Decimal, unit: Decimal) -> list[Decimal]:
    """Return at most three round figures, largest first, each about a quarter of the one before,
    for the legend of circles; none below ``unit``."""
    sizes: list[Decimal] = []
    for share in (1, Decimal("0.3"), Decimal("0.08")):
        aim = largest * share
        if aim >= unit:
            sizes.append(next(step for step in _round_steps(aim, unit) if step <= aim))
    return list(dict.fromkeys(sizes))
