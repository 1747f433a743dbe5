"""Made-up tables of communes of very unlike sizes, a third of whose counts are small."""

import random
from decimal import Decimal

from indicators.disclosure.tables import Key, Table


def territory(chance: random.Random, size: int, sectors: int, *, is_ratio: bool) -> Table:
    """Return a table of ``size`` communes in ``sectors`` sectors, of counts or of ratios."""
    of = {f"c{i}": f"s{chance.randrange(sectors)}" if sectors else None for i in range(size)}
    given = {}
    for place in of:
        whole = int(25 * chance.lognormvariate(0, 1.2)) + 1
        terms = (chance.randint(0, whole), whole) if is_ratio else (max(0, whole - 3),)
        given[Key("i", 2024, place)] = tuple(map(Decimal, terms))
    return Table(given, of)
