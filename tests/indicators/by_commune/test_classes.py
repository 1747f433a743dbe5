"""The classes of a map: never empty, round, equal figures together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_portal.templatetags.french import number
from indicators.by_commune.classes import MOST, classes_of, legend_sizes

WHOLE = st.lists(st.integers(-50, 4000).map(Decimal), min_size=1, max_size=60)


def words_of_classes(numbers, decimals=0, sign="") -> list[str]:
    classes = classes_of([Decimal(str(n)) for n in numbers], decimals)
    show = lambda value: number(value, decimals)  # noqa: E731
    return [classes.words(rank, show, sign) for rank in range(1, classes.count + 1)]


@given(WHOLE)
def test_no_class_is_empty_and_equal_figures_are_of_one(values):
    classes = classes_of(values, 0)
    ranks = [classes.rank(value) for value in values]
    assert set(ranks) == set(range(1, classes.count + 1))
    assert classes.count <= MOST
    by_value = {value: classes.rank(value) for value in values}
    assert ranks == [by_value[value] for value in values]
    assert sorted(by_value, key=lambda v: (by_value[v], v)) == sorted(by_value)


@given(WHOLE)
def test_the_words_of_a_class_hold_for_its_figures(values):
    classes = classes_of(values, 0)
    for value in values:
        rank = classes.rank(value)
        words = classes.words(rank, lambda number: f"{number:f}")
        bounds = [Decimal(word) for word in words.split() if word.lstrip("-").isdigit()]
        if words.startswith("moins de"):
            assert value < bounds[0]
        elif words.endswith("et plus"):
            assert value >= bounds[0]
        else:
            assert bounds[0] <= value <= bounds[-1]


@given(WHOLE, st.randoms())
def test_order_of_the_communes_changes_nothing(values, chance):
    mixed = list(values)
    chance.shuffle(mixed)
    assert classes_of(mixed, 0) == classes_of(values, 0)


def test_figures_that_spread_evenly_have_even_steps():
    words = ["moins de 20", "de 20 à 29", "de 30 à 39", "de 40 à 49", "50 et plus"]
    assert words_of_classes(range(10, 58)) == words


def test_a_figure_far_above_does_not_leave_the_others_in_one_class():
    words = words_of_classes([*range(1, 40), 4000])
    assert len(words) == 5
    assert words[0].startswith("moins de ")
    assert words[-1] in ("30 et plus", "32 et plus", "33 et plus")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([7, 7, 7], ["7"]),
        ([12], ["12"]),
        ([3, 40], ["moins de 40", "40 et plus"]),
        ([0, 0, 0, 0, 5], ["moins de 5", "5 et plus"]),
        ([0, 0, 1, 1, 1, 2], ["0", "1", "2 et plus"]),
    ],
)
def test_few_or_equal_figures_have_few_classes(numbers, words):
    assert words_of_classes(numbers) == words


def test_bounds_have_the_decimals_of_the_figures_and_their_sign():
    words = words_of_classes([10.4, 11.2, 12.5, 13.1, 14.9], decimals=1, sign=" %")
    assert words == ["moins de 12,0 %", "de 12,0 à 13,9 %", "14,0 % et plus"]


def test_no_figures_make_no_classes():
    assert classes_of([], 0) is None


def test_a_legend_has_three_sizes_at_most_and_none_above_the_largest():
    assert legend_sizes(Decimal(1240), Decimal(1)) == [1000, 200, 50]
    assert legend_sizes(Decimal(3), Decimal(1)) == [2]
    assert legend_sizes(Decimal(1), Decimal(1)) == [1]
