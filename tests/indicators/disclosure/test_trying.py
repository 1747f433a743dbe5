"""What figures of several publications tell of each other at a place, beside all ways there are."""

import random
from itertools import product

import numpy as np
import pytest

from indicators.disclosure import trying
from indicators.disclosure.disclosing import decide
from indicators.disclosure.tables import Earlier, Key, Pattern, Rule, Table
from indicators.disclosure.trying import Chosen, TooManyError, adding_up


def choices_of(rng, parts: int, most: int) -> list:
    """A total of so many parts, each of which stood up to ``most`` times."""
    cells = iter(range(1000))
    found = [
        [Chosen(next(cells), 1.0, float(rng.randint(0, 9))) for _ in range(rng.randint(1, most))]
        for _ in range(parts)
    ]
    found[0].append(None)
    totals = [Chosen(next(cells), -1.0, float(rng.randint(0, 5 * parts))) for _ in range(most)]
    return [*found, [*totals, None]]


def every_way(choices) -> list:
    """By trying each with each."""
    found = []
    for way in product(*choices):
        chosen = [one for one in way if one]
        if len({one.sign for one in chosen}) == 2 and not sum(o.sign * o.value for o in chosen):
            found.append(chosen)
    return found


def rows_of(ways) -> np.ndarray:
    rows = np.zeros((len(ways), 1000))
    for row, way in zip(rows, ways, strict=True):
        for one in filter(None, way):
            row[one.cell] = one.sign
    return rows


def rank(rows) -> int:
    return int(np.linalg.matrix_rank(rows)) if len(rows) else 0


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("each", [0, 1000])
def test_they_tell_what_all_ways_tell(monkeypatch, seed, each):
    monkeypatch.setattr(trying, "EACH", each)
    choices = choices_of(random.Random(seed), 2 + seed % 5, 3)  # noqa: S311
    every, found = rows_of(every_way(choices)), rows_of(adding_up(choices))
    assert {tuple(row) for row in found} <= {tuple(row) for row in every}
    assert rank(found) == rank(every)


def test_a_total_of_many_parts_that_were_corrected_often():
    """4¹⁶ ways; as many of them as there are figures tell all."""
    choices = choices_of(random.Random(0), 16, 4)  # noqa: S311
    assert 0 < len(adding_up(choices)) < sum(map(len, choices))


def of_parts(number: int, times: int) -> Table:
    """A total of parts each of which was told again and again, but the small first one."""
    keys = [Key(f"part{n}", 2024, "c1") for n in range(number)]
    total = Key("total", 2024, "c1")
    told = []
    for n in range(times):
        given = {key: (30 + 17 ** (n + 1) * (i + 1) ** n,) for i, key in enumerate(keys)}
        given[keys[0]] = (3,)
        told.append(given | {total: (sum(terms[0] for terms in given.values()),)})
    earlier = [Earlier(given, frozenset([keys[0], keys[1]]), {}, False) for given in told[:-1]]
    pattern = Pattern(2024, {(key.series, 0): 1 for key in keys} | {("total", 0): -1})
    return Table(told[-1], {}, has_totals=False, patterns=(pattern,), earlier=tuple(earlier))


def test_what_cannot_be_looked_at_is_told_by_none(monkeypatch):
    table = of_parts(8, 4)
    made = decide(table, Rule(threshold=5))
    assert 1 < len(made.reasons) < len(table.given)
    monkeypatch.setattr(trying, "MOST", 10)
    made = decide(table, Rule(threshold=5))
    assert made.reasons.keys() == table.given.keys()


def test_more_than_can_be_looked_at():
    choices = [[Chosen(100 * n + i, 1.0, 5.0 ** (i + n)) for i in range(9)] for n in range(14)]
    with pytest.raises(TooManyError):
        adding_up(choices)
