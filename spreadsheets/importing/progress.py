"""How many lines of an import are kept so far, told while its transaction goes on.

What a transaction writes nobody sees before it ends, and its row is locked by it: a thread, with a
connection of its own, puts the count into the cache that all processes share.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import Error, connection, connections

from spreadsheets.models import Application

EVERY = 1  # seconds
KEPT = 60  # seconds
FEWEST = 100  # of fewer lines nobody sees the count


def progress_of(application: Application) -> tuple[int, int] | None:
    """Return how many lines are kept, of how many; None where it was not told."""
    counts = cache.get(_key(application))
    return (counts[0], counts[1]) if counts else None


@contextmanager
def progress_shown(application: Application, count: int) -> Iterator[Callable[[int], None]]:
    """Give, within a block, what is called with how many lines are kept, and shows it to others."""
    # SQLite lets one transaction write at a time: nothing can be told before it is over.
    if count < FEWEST or connection.vendor == "sqlite":
        yield lambda done: None
        return
    state, is_over = [0, count], threading.Event()
    thread = threading.Thread(
        target=_publish, args=(_key(application), state, is_over), daemon=True
    )
    thread.start()

    def report(done: int) -> None:
        state[0] = done

    try:
        yield report
    finally:
        is_over.set()
        thread.join()


def _publish(key: str, state: list[int], is_over: threading.Event) -> None:
    try:
        while not is_over.wait(EVERY):
            cache.set(key, list(state), KEPT)
        cache.delete(key)
    except Error:
        pass  # it is told by its end
    finally:
        connections.close_all()


def _key(application: Application) -> str:
    return f"spreadsheets.application:{application.pk}"
