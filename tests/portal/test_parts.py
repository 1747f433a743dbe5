"""Of the tests that ask the database, a run plays a part of each subject, and another the next."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.parts import part_of


def item(folder, number, *, asks=True, long=False):
    marks = {"django_db": asks or None, "long": long or None}
    return SimpleNamespace(
        nodeid=f"{folder}/test_it.py::test_{number}[{'long' if long else ''}]",
        path=Path(folder, "test_it.py"),
        cls=None,
        fixturenames=[],
        get_closest_marker=marks.get,
    )


ITEMS = [
    *[item("tests/few", number) for number in range(3)],
    *[item("tests/many", number) for number in range(50)],
    *[item("tests/many", number, long=True) for number in range(7)],
    *[item("tests/many", number, asks=False) for number in range(100, 140)],
]


def test_of_each_subject_its_part_and_all_that_ask_nothing():
    played = [one for one in ITEMS if one.nodeid in part_of(ITEMS, 1, 5)]
    asking = [one for one in played if one.get_closest_marker("django_db")]
    assert len(played) - len(asking) == 40
    assert sum("few" in one.nodeid for one in asking) == 1
    assert sum("many" in one.nodeid for one in asking) == 10 + 2
    assert sum("long" in one.nodeid for one in asking) == 2


@pytest.mark.parametrize("seed", range(3))
def test_the_seed_says_which_whatever_the_order(seed):
    assert part_of(ITEMS, seed, 5) == part_of(ITEMS[::-1], seed, 5) != part_of(ITEMS, seed + 1, 5)


def test_each_has_its_turn():
    played = set().union(*(part_of(ITEMS, seed, 5) for seed in range(100)))
    assert played == {one.nodeid for one in ITEMS}


def test_one_in_one_is_all():
    assert part_of(ITEMS, 1, 1) == {one.nodeid for one in ITEMS}
