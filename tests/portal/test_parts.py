"""Of the tests that ask the database, a run plays a part of each subject, and another the next."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.parts import part_of


def item(path, number, *, asks=True, long=False):
    marks = {"django_db": asks or None, "long": long or None}
    return SimpleNamespace(
        nodeid=f"{path}::test_{number}[{'long' if long else ''}]",
        path=Path(path),
        cls=None,
        fixturenames=[],
        get_closest_marker=marks.get,
    )


FEW, MANY, PAGES = "tests/few/test_it.py", "tests/many/test_it.py", "tests/many/test_pages.py"
ITEMS = [
    *[item(FEW, number) for number in range(3)],
    *[item(FEW, number, long=True) for number in range(3, 6)],
    *[item(MANY, number) for number in range(50)],
    *[item(MANY, number, long=True) for number in range(50, 52)],
    *[item(MANY, number, asks=False) for number in range(100, 140)],
    *[item(PAGES, number, long=True) for number in range(10)],
]


def test_of_each_subject_its_part_and_all_that_ask_nothing():
    played = [one for one in ITEMS if one.nodeid in part_of(ITEMS, 1, 5)]
    asking = [one for one in played if one.get_closest_marker("django_db")]
    assert len(played) - len(asking) == 40
    short = [one.nodeid for one in asking if "long" not in one.nodeid]
    assert sum(FEW in name for name in short) == 1
    assert sum(MANY in name for name in short) == 10
    # Of long ones: two of the file that has ten, and one of the five of others.
    long = [one.nodeid for one in asking if "long" in one.nodeid]
    assert sum(PAGES in name for name in long) == 2
    assert len(long) == 2 + 1


@pytest.mark.parametrize("seed", range(3))
def test_the_seed_says_which_whatever_the_order(seed):
    assert part_of(ITEMS, seed, 5) == part_of(ITEMS[::-1], seed, 5) != part_of(ITEMS, seed + 1, 5)


def test_each_has_its_turn():
    played = set().union(*(part_of(ITEMS, seed, 5) for seed in range(100)))
    assert played == {one.nodeid for one in ITEMS}


def test_one_in_one_is_all():
    assert part_of(ITEMS, 1, 1) == {one.nodeid for one in ITEMS}
