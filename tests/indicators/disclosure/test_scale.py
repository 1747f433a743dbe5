"""The masks of whole territories are optimal, and give nothing away."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.disclosure.disclosing import decide
from indicators.disclosure.tables import Earlier, Rule
from tests.indicators.disclosure.territories import territory
from tests.indicators.disclosure.test_suppression import check_nothing_is_told

pytestmark = pytest.mark.long
FIVE = Rule(threshold=5)


def test_the_collections_of_47_communes():
    """24 indicators, a third of them ratios, over five years."""
    chance, optimal = random.Random(0), 0  # noqa: S311
    for n in range(24 * 5):
        made = decide(territory(chance, 47, 5, is_ratio=n % 3 == 0), FIVE)
        optimal += made.audit.is_optimal
    assert optimal == 24 * 5


@pytest.mark.parametrize("sectors", [0, 12])
@pytest.mark.parametrize("is_ratio", [False, True])
def test_300_communes(sectors, is_ratio):
    table = territory(random.Random(1), 300, sectors, is_ratio=is_ratio)  # noqa: S311
    made = decide(table, FIVE)
    assert made.audit.is_optimal


def test_a_figure_that_is_corrected_again_and_again():
    """Twenty publications, one after the other, each with another figure changed."""
    chance = random.Random(2)  # noqa: S311
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
