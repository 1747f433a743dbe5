"""An event is one transaction whose last write replaces the marks of what it has changed.

Marks are replaced in the order of their keys, after every other lock, so that no two events wait
for each other; they are the keys of cached readings (``cache.py``).
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

from django.db import transaction

from ctg_portal.marks.models import EVERYTHING, Mark, Subject, key_of

# The foreign keys by which a row without ``convention`` belongs to one.
PARENTS = (
    *("evaluation", "edition", "campaign", "campaign_indicator", "indicator", "action"),
    *("organisation", "seat", "version", "axis", "theme", "post", "meeting"),
)

P = ParamSpec("P")
R = TypeVar("R")


class Change(threading.local):
    """The marks that the current event of this thread has changed so far; None outside of one."""

    keys: set[str] | None = None
    # How many events this thread has ended: marks that were read before one are outdated.
    ended = 0


change = Change()


def event(*subjects: Subject) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function one transaction that changes ``subjects`` of the convention that its first
    argument is, or belongs to.

    Without subjects, the function calls ``changed`` itself.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        first = next(iter(signature(function).parameters), "")

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with changing():
                if subjects:
                    changed(args[0] if args else kwargs[first], *subjects)
                return function(*args, **kwargs)

        return run

    return decorate


@contextmanager
def changing() -> Iterator[set[str]]:
    """Open a transaction; yield the set of keys whose marks are replaced at its end, or at the end
    of the event around it."""
    if change.keys is not None:
        with transaction.atomic():
            yield change.keys
        return
    change.keys = set()
    try:
        with transaction.atomic():
            yield change.keys
            _replace(change.keys)
    finally:
        change.keys = None
        change.ended += 1


def changed(row: object, *subjects: Subject) -> None:
    """Replace, at the end of the current event, the marks of ``subjects`` of the convention that
    ``row`` is, or belongs to; at once outside of an event."""
    convention = convention_of(row)
    share_changed(*(key_of(convention, subject) for subject in subjects))


def share_changed(*keys: str) -> None:
    """Replace, at the end of the current event, marks by their keys: ``STATISTICS``,
    ``COMPARISON``, ``EVERYTHING``; at once outside of an event."""
    with changing() as under_way:
        under_way.update(keys)


def convention_of(row: object) -> int:
    """Return the key of the convention of a row (``PARENTS``); raise TypeError without one."""
    while not hasattr(row, "convention_id"):
        parents = (getattr(row, name, None) for name in PARENTS)
        parent = next(filter(None, parents), None)
        if parent is None:
            raise TypeError(f"{row!r} hangs on no convention.")
        row = parent
    return row.convention_id


def _replace(keys: set[str]) -> None:
    """Write a new word for each key, in order; for all marks with ``EVERYTHING``."""
    if EVERYTHING in keys:
        keys = keys - {EVERYTHING} | set(Mark.objects.values_list("pk", flat=True))
    if keys:
        word = secrets.token_hex(16)
        Mark.objects.bulk_create(
            [Mark(key=key, word=word) for key in sorted(keys)],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["word"],
        )
