"""Which of the things to do comes first."""

import datetime
from itertools import permutations

from conventions.dashboard.ranking import ranked
from ctg_portal.house import Blocks, Task

TODAY = datetime.date(2024, 3, 1)
BEFORE, LONG_AGO = datetime.date(2024, 2, 20), datetime.date(2023, 11, 2)
SOON, LATER = datetime.date(2024, 3, 14), datetime.date(2024, 6, 30)


def task(title, **values):
    return Task(title, "/x/", "Voir", **values)


def titles(tasks):
    return [one.title for one in ranked(tasks, TODAY)]


def test_first_whom_it_blocks_then_lateness_then_how_long_it_waits():
    tasks = [
        task("all, late for long", due=LONG_AGO, blocks=Blocks.EVERYBODY),
        task("all, late", due=BEFORE, since=LONG_AGO, blocks=Blocks.EVERYBODY),
        task("all, for long", since=LONG_AGO, blocks=Blocks.EVERYBODY),
        task("all, for long, due later", since=LONG_AGO, due=LATER, blocks=Blocks.EVERYBODY),
        task("all, recent, due", since=BEFORE, due=SOON, blocks=Blocks.EVERYBODY),
        task("all, nobody knows", blocks=Blocks.EVERYBODY),
        task("some, late", due=LONG_AGO, blocks=Blocks.SOMEBODY),
        task("some, due", due=SOON, blocks=Blocks.SOMEBODY),
        task("mine, late", due=BEFORE),
        task("mine, since", since=BEFORE),
        task("mine"),
    ]
    expected = [one.title for one in tasks]
    # Of the same wait, what is due comes first.
    expected[2:4] = ["all, for long, due later", "all, for long"]
    for first, second in permutations(tasks, 2):
        pair = titles([first, second])
        assert pair == sorted(pair, key=expected.index)
    assert titles(reversed(tasks)) == expected


def test_day_itself_is_not_late():
    due_today, late = task("today", due=TODAY, since=LONG_AGO), task("late", due=BEFORE)
    assert titles([due_today, late]) == ["late", "today"]


def test_equal_tasks_keep_the_order_of_the_rooms():
    assert titles([task("b"), task("a"), task("c")]) == ["b", "a", "c"]


def test_what_two_roles_bring_is_shown_once():
    assert titles([task("a"), task("b"), task("a")]) == ["a", "b"]


def test_nothing_is_nothing():
    assert ranked([], TODAY) == []
