"""A cache of readings that everybody reads alike, in the memory of each process.

The key of a cached reading has the marks of its subjects, and the day: an event that replaces a
mark makes it unreachable, so that processes never disagree and nothing is invalidated. It is stored
as bytes: each request has a copy of its own, about its own convention, which it may change.
Within an event, and outside of a request (worker, clock, commands), nothing is cached.
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
    """A least-recently-used cache of bytes, up to ``settings.KEPT_BYTES`` in all."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """Return the bytes of a key; None without any."""
        with self._lock:
            if key not in self._rows:
                return None
            self._rows.move_to_end(key)
            return self._rows[key]

    def put(self, key: Hashable, row: bytes) -> None:
        """Store the bytes of a key, then drop those that were asked for longest ago, until all
        together take no more than KEPT_BYTES."""
        with self._lock:
            self._size += len(row) - len(self._rows.pop(key, b""))
            self._rows[key] = row
            while self._size > settings.KEPT_BYTES:
                self._size -= len(self._rows.popitem(last=False)[1])

    def clear(self) -> None:
        """Drop all rows."""
        with self._lock:
            self._rows.clear()
            self._size = 0


class Reader(threading.local):
    """The request of this thread: the marks that it has read, None without a request, and the
    convention of the reading that is being unpacked."""

    marks: dict[str, str] | None = None
    ended = 0
    asks_for: Model | None = None


memory = Memory()
reader = Reader()


@contextmanager
def caching() -> Iterator[None]:
    """Use the cache within this context, as while a request is answered."""
    reader.marks = {}
    try:
        yield
    finally:
        reader.marks = None


def cache_readings(get_response):
    """Use the cache while a request is answered; middleware."""

    def middleware(request):
        with caching():
            return get_response(request)

    return middleware


def cached(*subjects: Subject, shared: tuple[str, ...] = ()):
    """Cache what a function reads of a convention, its first argument, until an event changes one
    of ``subjects`` or of the ``shared`` keys; further arguments are hashable.

    The function returns plain data that everybody who may see the subjects reads alike. It is given
    the convention without its viewer, so that nothing of a person gets into the cache; what is
    returned refers to the convention of the caller.
    """

    def decorate(
        read: Callable[Concatenate[C, P], R],
    ) -> Callable[Concatenate[C, P], R]:
        @cached_each(*subjects, shared=shared)
        @wraps(read)
        def read_each(conventions: list[C], *args: P.args, **kwargs: P.kwargs):
            return {convention.pk: read(convention, *args, **kwargs) for convention in conventions}

        @wraps(read)
        def read_cached(convention: C, *args: P.args, **kwargs: P.kwargs) -> R:
            return read_each([convention], *args, **kwargs)[convention.pk]

        return read_cached

    return decorate


def cached_each(*subjects: Subject, shared: tuple[str, ...] = ()):
    """Cache what a function reads of many conventions, its first argument, and returns by primary
    key; each convention is cached apart, as by ``cached``."""

    def decorate(
        read: Callable[Concatenate[list[C], P], dict[int, R]],
    ) -> Callable[Concatenate[Iterable[C], P], dict[int, R]]:
        name = f"{read.__module__}.{read.__qualname__}"

        @wraps(read)
        def read_cached_each(
            conventions: Iterable[C], *args: P.args, **kwargs: P.kwargs
        ) -> dict[int, R]:
            conventions = list(conventions)
            marks = _marks(conventions, subjects, shared)
            if marks is None:
                return read(conventions, *args, **kwargs)
            asked = (name, timezone.localdate(), args, tuple(sorted(kwargs.items())))
            keys = {pk: (*asked, pk, words) for pk, words in marks.items()}
            rows = {pk: row for pk, key in keys.items() if (row := memory.get(key)) is not None}
            missing = [_for_nobody(row) for row in conventions if row.pk not in rows]
            read_now = read(missing, *args, **kwargs) if missing else {}
            for convention in missing:
                pk = convention.pk
                rows[pk] = _packed(read_now[pk], convention)
                if all(marks[pk]):
                    memory.put(keys[pk], rows[pk])
            return {row.pk: _unpacked(rows[row.pk], row) for row in conventions}

        return read_cached_each

    return decorate


def _marks(
    conventions: list[C], subjects: tuple[Subject, ...], shared: tuple[str, ...]
) -> dict[int, tuple[str, ...]] | None:
    """Return by convention the marks of subjects in this request, an empty text for a subject that
    was never marked; None where nothing is cached: without a request, and during an event."""
    if reader.marks is None or change.keys is not None:
        return None
    if reader.ended != change.ended:
        reader.marks, reader.ended = {}, change.ended
    unread = {row.pk for row in conventions if key_of(row.pk, Subject.TEXT) not in reader.marks}
    if unread:
        keys = [key_of(pk, subject) for pk in unread for subject in Subject]
        keys += [COMPARISON, STATISTICS]
        read = dict(Mark.objects.filter(pk__in=keys).values_list("key", "word"))
        reader.marks |= {key: read.get(key, "") for key in keys}
    return {
        row.pk: tuple(
            reader.marks[key] for key in (*(key_of(row.pk, s) for s in subjects), *shared)
        )
        for row in conventions
    }


def _packed(reading: object, convention: Model) -> bytes:
    """Return a reading of a convention as bytes, without the convention itself."""
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
    """Return a reading from its bytes, which refers to ``convention``."""
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
    """Return a convention with its columns alone, without its viewer."""
    fields = [field.attname for field in convention._meta.concrete_fields]
    return convention.from_db(
        convention._state.db, fields, [getattr(convention, field) for field in fields]
    )
