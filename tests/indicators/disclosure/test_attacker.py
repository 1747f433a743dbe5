"""Whoever tries masked figures knows what each may be, whatever was looked for before."""

from itertools import product

from tests.indicators.disclosure.attacker import Attacker

# Two that come to five, the second of them at most three; and one by itself.
SHOWN = {"a": None, "b": None, "alone": None, "five": 5}
BOUNDS = {"a": (2, 5), "b": (0, 3), "alone": (0, 9)}


def attacker() -> Attacker:
    return Attacker(SHOWN, [{"a": 1, "b": 1, "five": -1}], 0, {"a": 9, "b": 3, "alone": 9})


def test_an_attacker_finds_the_least_and_the_most_of_each_count():
    assert {name: attacker().bounds(name) for name in BOUNDS} == BOUNDS


def test_a_count_may_be_what_is_within_its_bounds():
    looking = attacker()
    for name, (low, high) in BOUNDS.items():
        for least, most in product(range(10), repeat=2):
            assert looking.may_be(name, least, most) == (low <= least and most <= high)
