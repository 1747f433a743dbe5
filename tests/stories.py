"""Fixtures that are told once for many tests: ``@told_once`` instead of ``@pytest.fixture``.

Most tests of a module start from the same rows, which are long to write. They are written once, in
a savepoint above those of the stories before; each test works in a savepoint of its own above them
all, so that whatever it does is undone, and gets copies of the objects, which it may change. A test
finds the stories that it asks for, and no other.

A story rests on the database and on other stories only: on no file, mail, setting or ``client``.
"""

import copy
import functools
import inspect
from itertools import chain, count, groupby, takewhile
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import TestCase

from tests import sequences

_ranks = count()


def told_once(tell=None, *, name=None):
    """A fixture whose rows are written once for the tests of a module that ask for it; by another
    name than the function's, where one is given."""
    if tell is None:
        return functools.partial(told_once, name=name)
    signature = inspect.signature(tell)
    tell.asks = [name for name in signature.parameters if name != "db"]
    tell.rank = next(_ranks)

    @functools.wraps(tell)
    def fixture(held_stories, **asked):
        return held_stories[tell] if tell in held_stories else tell(**asked)

    parameter = inspect.Parameter("held_stories", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    fixture.__signature__ = inspect.Signature([parameter, *signature.parameters.values()])
    fixture.story = tell
    return pytest.fixture(fixture, name=name)


def stories_of(item) -> dict[str, object]:
    """The stories that a test asks for, by their names; not those that rest on something else."""
    marker = item.get_closest_marker("django_db")
    if {"live_server", "transactional_db"} & {*item.fixturenames}:
        return {}
    if marker and marker.kwargs.get("transaction"):
        return {}
    definitions = item._fixtureinfo.name2fixturedefs
    stories = {
        name: definitions[name][-1].func.story
        for name in item.fixturenames
        if name in definitions and hasattr(definitions[name][-1].func, "story")
    }
    while alone := [name for name, tell in stories.items() if not set(tell.asks) <= set(stories)]:
        for name in alone:
            del stories[name]
    return stories


def in_order(stories: dict[str, object]) -> list:
    """As they were written, each after those that it rests on."""
    waiting, ordered = sorted(stories.values(), key=lambda tell: tell.rank), []
    while waiting:
        ready = [tell for tell in waiting if {stories[name] for name in tell.asks} <= {*ordered}]
        ordered += ready[:1]
        waiting.remove(ready[0])
    return ordered


def side_by_side(items) -> list:
    """Tests of a module that ask for the same stories follow each other; random otherwise."""
    ordered = []
    for _, of_module in groupby(items, lambda item: getattr(item, "module", None)):
        groups = {}
        for item in of_module:
            groups.setdefault(frozenset(stories_of(item).values()), []).append(item)
        ordered += chain.from_iterable(groups.values())
    return ordered


class Held(NamedTuple):
    """A story that the database holds."""

    tell: object
    savepoint: transaction.Atomic
    given: dict  # by story, by those before it too
    numbers: dict  # that sequences of factories have reached with it


class Shelf:
    """What the database of a module's tests holds, story above story."""

    def __init__(self, module):
        # Those of Django open a transaction around all tests of a class: it must find nothing.
        kinds = [kind for kind in vars(module).values() if isinstance(kind, type)]
        self.is_closed = any(issubclass(kind, TestCase) for kind in kinds)
        self.held = []

    def hold(self, stories: dict[str, object]) -> dict:
        """Have the database hold these stories and no other; returns copies of what they gave."""
        wanted = [] if self.is_closed else in_order(stories)
        pairs = zip(wanted, self.held, strict=False)
        common = len(list(takewhile(lambda pair: pair[0] is pair[1].tell, pairs)))
        self.forget(common)
        if self.held:
            sequences.count_from(self.held[-1].numbers)
        for tell in wanted[common:]:
            self._tell(tell, stories)
        return self._copies()

    def _copies(self) -> dict:
        """One by one they would no longer be about the same objects."""
        return copy.deepcopy(self.held[-1].given) if self.held else {}

    def _tell(self, tell, stories) -> None:
        # What it changes in the objects of others is undone with its rows.
        given = self._copies()
        asked = {name: given[stories[name]] for name in tell.asks}
        nothing = {"db": None} if "db" in inspect.signature(tell).parameters else {}
        savepoint = transaction.atomic()
        savepoint._from_testcase = True  # as in Django's: what must be outermost still may be
        savepoint.__enter__()
        try:
            given[tell] = tell(**asked, **nothing)
        except BaseException as error:
            savepoint.__exit__(type(error), error, error.__traceback__)
            raise
        self.held.append(Held(tell, savepoint, given, sequences.counted()))

    def forget(self, count: int = 0) -> None:
        """Undo all stories but the first ones."""
        while len(self.held) > count:
            story = self.held.pop()
            transaction.set_rollback(True)
            story.savepoint.__exit__(None, None, None)
