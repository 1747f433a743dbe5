"""Readings that everybody reads alike, kept in the memory of a process under their marks.

A reading is kept while a request is answered: its key has the marks that its subjects have then,
and the day, so that processes never disagree and nothing has to be thrown away when something
changes. It is kept as bytes: each request has a copy of its own, about its own convention, which it
may do with as it likes.
Within an event, and outside of a request (worker, clock, commands), everything is read.
"""

import copyreg
import gc
import io
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from ctg_portal.marks.events import change
from ctg_portal.marks.models import COMPARISON, STATISTICS, Mark, Subject, key_of

C = TypeVar("C", bound=Model)  # a convention
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
    """The request that this thread answers: the marks that it has read, None without one, and
    the convention of which a reading is being unpacked."""

    marks: dict[str, str] | None = None
    ended = 0
    asks_for: Model | None = None


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
    convention that it is given has no viewer: nothing of a person gets into it. What it returns
    refers to the convention of who asks.
    """

    def decorate(
        read: Callable[Concatenate[C, P], R],
    ) -> Callable[Concatenate[C, P], R]:
        @kept_each(*subjects, shared=shared)
        @wraps(read)
        def of_each(conventions: list[C], *args: P.args, **kwargs: P.kwargs):
            return {one.pk: read(one, *args, **kwargs) for one in conventions}

        @wraps(read)
        def of_one(convention: C, *args: P.args, **kwargs: P.kwargs) -> R:
            return of_each([convention], *args, **kwargs)[convention.pk]

        return of_one

    return decorate


def kept_each(*subjects: Subject, shared: tuple[str, ...] = ()):
    """Keep what a function reads of many conventions at once, its first argument, and returns for
    each by its primary key; of each it is kept apart, as by ``kept``."""

    def decorate(
        read: Callable[Concatenate[list[C], P], dict[int, R]],
    ) -> Callable[Concatenate[Iterable[C], P], dict[int, R]]:
        name = f"{read.__module__}.{read.__qualname__}"

        @wraps(read)
        def readings(conventions: Iterable[C], *args: P.args, **kwargs: P.kwargs) -> dict[int, R]:
            conventions = list(conventions)
            marks = _marks(conventions, subjects, shared)
            if marks is None:
                return read(conventions, *args, **kwargs)
            asked = (name, timezone.localdate(), args, tuple(sorted(kwargs.items())))
            keys = {one.pk: (*asked, one.pk, marks[one.pk]) for one in conventions}
            rows = {pk: row for pk, key in keys.items() if (row := memory.get(key)) is not None}
            missing = [_for_nobody(one) for one in conventions if one.pk not in rows]
            found = read(missing, *args, **kwargs) if missing else {}
            for one in missing:
                rows[one.pk] = _packed(found[one.pk], one)
                if all(marks[one.pk]):
                    memory.keep(keys[one.pk], rows[one.pk])
            return {one.pk: _unpacked(rows[one.pk], one) for one in conventions}

        return readings

    return decorate


def _marks(
    conventions: list[C], subjects: tuple[Subject, ...], shared: tuple[str, ...]
) -> dict[int, tuple[str, ...]] | None:
    """Return by convention the marks that subjects have in this request, empty where one has never
    been marked; None where nothing is kept: without a request, and while an event is under way."""
    if reader.marks is None or change.keys is not None:
        return None
    if reader.ended != change.ended:
        reader.marks, reader.ended = {}, change.ended
    unread = {one.pk for one in conventions if key_of(one.pk, Subject.TEXT) not in reader.marks}
    if unread:
        keys = [key_of(pk, one) for pk in unread for one in Subject] + [COMPARISON, STATISTICS]
        read = dict(Mark.objects.filter(pk__in=keys).values_list("key", "word"))
        reader.marks |= {key: read.get(key, "") for key in keys}
    return {
        one.pk: tuple(
            reader.marks[key] for key in (*(key_of(one.pk, s) for s in subjects), *shared)
        )
        for one in conventions
    }


def _packed(reading: object, convention: Model) -> bytes:
    """Pack what was read of a convention, without the convention: whoever unpacks it has it."""
    file = io.BytesIO()
    packer = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    packer.dispatch_table = copyreg.dispatch_table | {
        type(convention): lambda row: (
            (_convention_asked_for, ()) if row == convention else row.__reduce__()
        )
    }
    packer.dump(reading)
    return file.getvalue()


def _unpacked(row: bytes, convention: Model):
    reader.asks_for = convention
    # Nothing of what is being unpacked is garbage yet: looking for it takes longer than unpacking.
    gc.disable()
    try:
        return pickle.loads(row)  # noqa: S301 (our own bytes, which never left the process)
    finally:
        gc.enable()
        reader.asks_for = None


def _convention_asked_for() -> Model | None:
    return reader.asks_for


def _for_nobody(convention: C) -> C:
    """Return a convention with its columns alone: without the person to whom its pages are shown,
    or what was read with it."""
    fields = [field.attname for field in convention._meta.concrete_fields]
    return convention.from_db(
        convention._state.db, fields, [getattr(convention, field) for field in fields]
    )
