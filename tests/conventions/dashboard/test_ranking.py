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
    return [task.title for task in ranked(tasks, TODAY)]


def test_tasks_are_sorted_by_whom_they_block_then_lateness_then_wait():
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
    expected = [task.title for task in tasks]
    # Of the same wait, what is due comes first.
    expected[2:4] = ["all, for long, due later", "all, for long"]
    for first, second in permutations(tasks, 2):
        pair = titles([first, second])
        assert pair == sorted(pair, key=expected.index)
    assert titles(reversed(tasks)) == expected


def test_a_task_is_not_late_on_its_day():
    due_today, late = task("today", due=TODAY, since=LONG_AGO), task("late", due=BEFORE)
    assert titles([due_today, late]) == ["late", "today"]


def test_equal_tasks_keep_the_order_of_the_rooms():
    assert titles([task("b"), task("a"), task("c")]) == ["b", "a", "c"]


def test_a_task_that_two_roles_bring_is_listed_once():
    assert titles([task("a"), task("b"), task("a")]) == ["a", "b"]
