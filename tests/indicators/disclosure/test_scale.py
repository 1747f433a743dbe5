"""What the worker spends on a territory: in CPU, for others may be at work."""

import random
import time
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.disclosure.disclosing import decide
from indicators.disclosure.tables import Earlier, Key, Rule, Table
from tests.indicators.disclosure.test_suppression import check_nothing_is_told

pytestmark = [pytest.mark.once, pytest.mark.long]
FIVE = Rule(threshold=5)


def territory(chance, size: int, sectors: int, *, is_ratio: bool) -> Table:
    """Communes of very unlike sizes, a third of whose counts are small."""
    of = {f"c{i}": f"s{chance.randrange(sectors)}" if sectors else None for i in range(size)}
    given = {}
    for place in of:
        whole = int(25 * chance.lognormvariate(0, 1.2)) + 1
        terms = (chance.randint(0, whole), whole) if is_ratio else (max(0, whole - 3),)
        given[Key("i", 2024, place)] = tuple(map(Decimal, terms))
    return Table(given, of)


def test_the_collections_of_47_communes():
    """24 indicators, a third of them ratios, over five years: less than ten seconds."""
    chance, began, optimal = random.Random(0), time.process_time(), 0  # noqa: S311
    for n in range(24 * 5):
        made = decide(territory(chance, 47, 5, is_ratio=n % 3 == 0), FIVE)
        optimal += made.audit.is_optimal
    assert optimal == 24 * 5
    assert time.process_time() - began < 10


@pytest.mark.parametrize("sectors", [0, 12])
@pytest.mark.parametrize("is_ratio", [False, True])
def test_300_communes(sectors, is_ratio):
    began = time.process_time()
    table = territory(random.Random(1), 300, sectors, is_ratio=is_ratio)  # noqa: S311
    made = decide(table, FIVE)
    assert made.audit.is_optimal
    assert time.process_time() - began < 30


def test_a_figure_that_is_corrected_again_and_again():
    """Twenty publications, one after the other, each with another figure changed."""
    chance, began = random.Random(2), time.process_time()  # noqa: S311
    table = territory(chance, 47, 5, is_ratio=False)
    made, earlier = decide(table, FIVE), ()
    for _ in range(20):
        earlier = (*earlier, Earlier(table.given, frozenset(made.reasons), table.sectors))
        key = chance.choice(list(table.given))
        given = table.given | {key: (Decimal(chance.randint(5, 60)),)}
        table = replace(table, given=given, earlier=earlier)
        made = decide(table, FIVE)
        check_nothing_is_told(table, made, FIVE)
    assert not made.audit.exposed
    assert time.process_time() - began < 20
