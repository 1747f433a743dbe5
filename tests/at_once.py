"""Two people at the same moment, each on a connection of their own (PostgreSQL only)."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

# The marks of a module that plays such moments.
ON_POSTGRESQL = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

PATIENCE = 60  # seconds; ends a test that hangs


def somebody_waits_for_a_lock() -> bool:
    """In the database of this test: others on the same server have their own moments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks waiting WHERE NOT granted AND EXISTS ("
            "SELECT 1 FROM pg_locks held WHERE held.pid = waiting.pid AND held.database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0] > 0


def at_once(first, second) -> list:
    """Run both, each on a connection of its own; the second begins before the first commits.

    Returns what each returned or raised.
    """
    outcomes = [None, None]
    first_has_acted, second_is_done = threading.Event(), threading.Event()

    def run_first():
        with transaction.atomic():
            outcomes[0] = first()
            first_has_acted.set()
            deadline = time.monotonic() + PATIENCE
            while not second_is_done.is_set() and not somebody_waits_for_a_lock():
                assert time.monotonic() < deadline
                time.sleep(0.01)

    def run_second():
        assert first_has_acted.wait(PATIENCE)
        outcomes[1] = second()

    def in_thread(index, run, finally_do):
        try:
            run()
        except Exception as error:
            outcomes[index] = error
        finally:
            finally_do()
            connections.close_all()

    threads = [
        threading.Thread(target=in_thread, args=(0, run_first, first_has_acted.set)),
        threading.Thread(target=in_thread, args=(1, run_second, second_is_done.set)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
        assert not thread.is_alive()
    return outcomes
