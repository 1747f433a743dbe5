"""Readings that everybody reads alike, kept in the memory of a process under their marks.

A reading is kept while a request is answered: its key has the marks that its subjects have then,
and the day, so that processes never disagree and nothing has to be thrown away when something
changes. It is kept as bytes: each request has a copy of its own, which it may do with as it likes.
Within an event, and outside of a request (worker, clock, commands), everything is read.
"""

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.utils import timezone

from conventions.legal.convention import Convention
from conventions.marks.events import change
from conventions.marks.models import COMPARISON, STATISTICS, Mark, Subject, key_of

P = ParamSpec("P")
R = TypeVar("R")


class Memory:
    """What a process keeps: the latest asked for, up to so many bytes in all."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            if key not in self._rows:
                return None
            self._rows.move_to_end(key)
            return self._rows[key]

    def keep(self, key: Hashable, row: bytes) -> None:
        with self._lock:
            self._size += len(row) - len(self._rows.pop(key, b""))
            self._rows[key] = row
            while self._size > settings.KEPT_BYTES:
                self._size -= len(self._rows.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
            self._size = 0


class Reader(threading.local):
    """The request that this thread answers: the marks that it has read; None without one."""

    marks: dict[str, str] | None = None
    ended = 0


memory = Memory()
reader = Reader()


@contextmanager
def answering() -> Iterator[None]:
    """Keep what is read meanwhile, as while a request is answered."""
    reader.marks = {}
    try:
        yield
    finally:
        reader.marks = None


def keeping(get_response):
    """Keep what is read while a request is answered: middleware."""

    def middleware(request):
        with answering():
            return get_response(request)

    return middleware


def kept(*subjects: Subject, shared: tuple[str, ...] = ()):
    """Keep what a function reads of a convention, its first argument, under the marks of
    ``subjects`` and those that all conventions ``share``; further arguments are hashable.

    What it returns is plain data that everybody who may see the subjects reads alike. The
    convention that it is given has no viewer: nothing of a person gets into it.
    """

    def decorate(
        read: Callable[Concatenate[Convention, P], R],
    ) -> Callable[Concatenate[Convention, P], R]:
        name = f"{read.__module__}.{read.__qualname__}"

        @wraps(read)
        def kept_reading(convention: Convention, *args: P.args, **kwargs: P.kwargs) -> R:
            keys = [*(key_of(convention.pk, subject) for subject in subjects), *shared]
            marks = _marks(convention, keys)
            if marks is None:
                return read(convention, *args, **kwargs)
            key = (name, timezone.localdate(), marks, args, tuple(sorted(kwargs.items())))
            row = memory.get(key)
            if row is None:
                row = pickle.dumps(read(_for_nobody(convention), *args, **kwargs))
                memory.keep(key, row)
            return pickle.loads(row)  # noqa: S301 (our own bytes, which never left the process)

        return kept_reading

    return decorate


def _marks(convention: Convention, keys: list[str]) -> tuple[str, ...] | None:
    """Return the marks that these keys have in this request; None where nothing is to be kept: no
    request, an event under way, a subject that has never been marked."""
    if reader.marks is None or change.keys is not None:
        return None
    if reader.ended != change.ended:
        reader.marks, reader.ended = {}, change.ended
    if not all(key in reader.marks for key in keys):
        every = [key_of(convention.pk, one) for one in Subject] + [COMPARISON, STATISTICS]
        read = dict(Mark.objects.filter(pk__in=every).values_list("key", "word"))
        reader.marks |= {key: read.get(key, "") for key in every}
    marks = tuple(reader.marks[key] for key in keys)
    return marks if all(marks) else None


def _for_nobody(convention: Convention) -> Convention:
    """Return a convention with its columns alone: without the person to whom its pages are shown,
    or what was read with it."""
    fields = [field.attname for field in Convention._meta.concrete_fields]
    return Convention.from_db(
        convention._state.db, fields, [getattr(convention, field) for field in fields]
    )
