"""Round the counts of a table by cascade rounding: no count is known better than among three.

The *running sums* of the communes, the least populated first, are rounded to the nearest multiple,
and their differences taken: a count is less than a base away from what is shown of it, and the
territory's total half a base at most. Each running sum is known to be one of ``base`` numbers, and
nothing else is: all other totals add what is shown.
"""

from collections.abc import Collection, Sequence

from indicators.disclosure.masking import Counts, Place


def nearest(count: int, base: int) -> int:
    """Return the multiple of ``base`` nearest to a count, the greater one halfway."""
    return (2 * count + base) // (2 * base) * base


def round_counts(
    counts: Counts, communes: Sequence[Place], base: int, public: Collection[Place] = ()
) -> dict[Place, int]:
    """Return what is shown of each count, rounded in the order of ``communes``; communes without a
    count have none. Figures of a public statistic (``public``) are not rounded, and no part of the
    running sums: everybody could take them out."""
    shown, running, rounded_before = {}, 0, 0
    for commune in communes:
        if commune not in counts:
            continue
        if commune in public:
            shown[commune] = counts[commune]
            continue
        running += counts[commune]
        shown[commune] = nearest(running, base) - rounded_before
        rounded_before += shown[commune]
    return shown


def is_sum(base: Counts, parts: Collection[Counts]) -> bool:
    """Return whether parts add up to their base at each commune, and have the same communes.
    Only then are they rounded, and the base is shown as their sum: one rounded by itself would
    reveal more of them."""
    return all(part.keys() == base.keys() for part in parts) and all(
        base[commune] == sum(part[commune] for part in parts) for commune in base
    )
