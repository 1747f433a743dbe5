"""The tests run on two databases, one after the other."""

import os
from collections.abc import Sequence

from django.db import connection, transaction
from django.test import TransactionTestCase

ASKING = {"db", "transactional_db", "live_server", "django_db_setup"}


def asks_the_database(item) -> bool:
    """Whether a test may: without mark or fixture, pytest-django refuses it any query."""
    is_of_django = isinstance(item.cls, type) and issubclass(item.cls, TransactionTestCase)
    is_marked = item.get_closest_marker("django_db") is not None
    return is_of_django or is_marked or bool(ASKING & {*item.fixturenames})


# With fewer, a test that looks whether it saw each case would not have.
FEWEST = 5
# How many times as many examples a run plays that looks for faults.
TIMES = 20


def is_exploring() -> bool:
    """Return whether this run looks for faults (``make test-all``), however long it takes."""
    return bool(os.environ.get("TESTS_EXPLORE"))


def examples(number: int) -> int:
    """Return how many random examples a run plays: a third of ``number``, five at least; when
    exploring, ``TIMES`` as many as ``number``."""
    return number * TIMES if is_exploring() else max(min(number, FEWEST), number // 3)


def few_of(cases: Sequence, number: int = FEWEST) -> list:
    """Return ``number`` of the cases, evenly spaced and the same in each run; all when exploring.
    For cases that take long and tell about the same."""
    if is_exploring() or number >= len(cases):
        return list(cases)
    return [cases[position * len(cases) // number] for position in range(number)]


def look_at_the_rows() -> None:
    """What the server does by itself in time, and not before rows are committed: else it plans for
    tables that hold next to nothing, and may take minutes over one query."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def is_ours() -> bool:
    """Whether the database lets us load and delete rows without looking for those they refer to."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return cursor.fetchone()[0] == "on"


def filled_tables() -> set[str]:
    """Those that hold a row at least."""
    tables = connection.introspection.django_table_names(include_views=False)
    asked = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM \"{0}\")"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(asked.format, tables)))
        return {name for (name,) in cursor.fetchall()}


@transaction.atomic
def empty_all_but(spared: set[str]) -> None:
    """After a test that has committed rows. Django truncates every table, and writes again what it
    founds in any database: that takes longer than most tests which need it."""
    unchecked = is_ours()
    tables = filled_tables() - spared
    with connection.cursor() as cursor:
        if unchecked:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 (a name of our database)
