"""Rounded tables: they add up, and no equation tells more than that a count is a base away."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from indicators.definitions.definition import Definition
from indicators.disclosure.disclosing import decide, disclose_table
from indicators.disclosure.tables import TERRITORY, Key, Rule, Table, summed
from tests.databases import examples
from tests.indicators.disclosure.test_suppression import COUNTED, PLACES, SHARE, counts, key, tables


def width(table: Table, told: dict[Key, Decimal], base: int, wanted: Key) -> tuple[int, int]:
    """Between what a count may be: each is less than a base from what is told, and sums are sums of
    the communes' true counts."""
    communes = list(table.given)
    low = [max(0, int(told[k]) - base + 1) for k in communes]
    high = [int(told[k]) + base - 1 for k in communes]
    rows, least, most = [], [], []
    for total in summed(table.given, table.sectors):
        inside = total.place
        rows.append([float(not inside or table.sectors.get(k.place) == inside) for k in communes])
        least.append(max(0, int(told[total]) - base + 1))
        most.append(int(told[total]) + base - 1)
    goal = np.array([float(k == wanted) for k in communes])
    found = [
        milp(way * goal, integrality=np.ones(len(goal)), bounds=Bounds(low, high),
             constraints=LinearConstraint(np.array(rows), least, most))
        for way in (1, -1)
    ]  # fmt: skip
    at = communes.index(wanted)
    return tuple(round(one.x[at]) for one in found)


@settings(max_examples=examples(45), deadline=None)
@given(table=tables(), base=st.sampled_from([2, 3, 5, 10]))
def test_all_adds_up_and_nothing_tells_more(table, base):
    made = decide(table, Rule(base=base))
    told = {k: terms[0] for k, terms in made.rounded.items()}
    assert told.keys() == table.figures.keys()
    for k, (number,) in table.figures.items():
        assert told[k] % base == 0
        assert abs(told[k] - number) < base
    sums = summed({k: (told[k],) for k in table.given}, table.sectors)
    assert {k: told[k] for k in sums} == {k: n for k, (n,) in sums.items()}
    for k in table.given:
        low, high = width(table, told, base, k)
        # As wide as one count alone: by a base on each side, and never below none.
        assert (low, high) == (max(0, told[k] - base + 1), told[k] + base - 1)


@pytest.mark.parametrize(("number", "told"), [(12, 10), (13, 15), (15, 15), (0, 0)])
def test_the_sum_goes_to_its_nearest_where_it_can(number, told):
    made = decide(counts(a=number), Rule(base=5))
    assert {terms[0] for terms in made.rounded.values()} == {told}


def test_what_would_be_undone_is_not():
    """2 and 2: rounded one by one 0 and 0 with 5 in all, which says that neither is none."""
    made = decide(counts(a=2, b=2), Rule(base=5))
    told = [made.rounded[key(place)][0] for place in ("a", "b", TERRITORY)]
    assert told[0] + told[1] == told[2]


def test_the_nearest_of_the_territory_comes_first():
    made = decide(counts(**dict.fromkeys(PLACES, 2)), Rule(base=5))
    assert made.rounded[key(TERRITORY)] == (15,)


@settings(max_examples=examples(30), deadline=None)
@given(data=st.data(), base=st.sampled_from([2, 5, 10]))
def test_terms_of_ratios_add_up_too(data, base):
    places = PLACES[: data.draw(st.integers(1, 6))]
    terms = st.integers(1, 60).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
    given_terms = {key(p): tuple(map(Decimal, data.draw(terms))) for p in places}
    sectors = {p: data.draw(st.sampled_from(["north", None])) for p in places}
    table = Table(given_terms, sectors)
    made = disclose_table(table, Rule(base=base), lambda _: SHARE)
    assert (
        summed({k: made.rounded[k] for k in table.given}, sectors).items() <= made.rounded.items()
    )
    for k, (numerator, denominator) in table.figures.items():
        assert abs(made.rounded[k][0] - numerator) < base
        assert abs(made.rounded[k][1] - denominator) < base
        assert made.rounded[k][0] <= made.rounded[k][1]
        assert made.figures[k].is_rounded


def test_what_was_told_is_told_again():
    """Two roundings of one count would tell more than one."""
    first = decide(counts(a=2, b=2), Rule(base=5)).rounded
    again = decide(
        counts(a=2, b=2, c=8), Rule(base=5), kept={k: first[k] for k in (key("a"), key("b"))}
    )
    assert (again.rounded[key("a")], again.rounded[key("b")]) == (first[key("a")], first[key("b")])


def test_where_kept_roundings_do_not_add_up_sums_are_their_sums():
    table = counts(**dict.fromkeys(PLACES, 2))
    kept = {k: (Decimal(0),) for k in table.given}
    made = decide(table, Rule(base=5), kept=kept)
    assert made.rounded[key(TERRITORY)] == (0,)
    assert not made.audit.is_optimal


def test_a_rounded_figure_says_so():
    made = disclose_table(counts(a=12), Rule(base=5), lambda _: COUNTED)
    assert made.figures[key("a")].text == "10"
    assert made.figures[key("a")].is_rounded


def test_a_rule_for_no_counts_rounds_nothing():
    table = replace(counts(a=12), has_totals=False)
    assert decide(table, Rule()).rounded == {}
    assert isinstance(COUNTED, Definition)
