"""What every test may use."""

import asyncio
import functools
import gc
import json
import os
import re
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from simple_history.manager import HistoryManager

from ctg_portal.marks.cache import memory
from tests import sequences
from tests.databases import empty_all_but, filled_tables, is_exploring
from tests.marks import Watch
from tests.stories import Shelf, side_by_side, stories_of

# A row that is kept asks for a class that is the same each time, and takes longer to write than it.
HistoryManager.from_queryset = functools.cache(HistoryManager.from_queryset)

# The same examples in each run, however busy the machine; others by the seed of a run that
# explores.
PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("fixed", derandomize=True, database=None, **PATIENT)
hypothesis.settings.register_profile("exploring", database=None, print_blob=True, **PATIENT)
hypothesis.settings.load_profile("exploring" if is_exploring() else "fixed")


@pytest.fixture(scope="session")
def media_folders(tmp_path_factory):
    """A folder for each test: few write files, and it is they who make theirs."""
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _media(settings, media_folders):
    settings.MEDIA_ROOT = next(media_folders)


@pytest.fixture(autouse=True)
def _fresh_counts():
    """No test starts with another's attempts to log in, or with what pages have read in it."""
    cache.clear()
    memory.clear()


@pytest.fixture(scope="class", autouse=True)
def class_sequences():
    """What a class makes for all its tests takes the first numbers."""
    sequences.count_from({})
    return {}


@pytest.fixture(autouse=True)
def own_sequences(class_sequences):
    """Each test counts on from what was made for it, whatever other tests have made."""
    if "taken" not in class_sequences:
        class_sequences["taken"] = sequences.counted()
    sequences.count_from(class_sequences["taken"])


def written_out(cursor, sql, params) -> str:
    """Return a query with its values, for tests that note what is asked: SQLite would be asked to
    write these out, which takes longer than most queries."""
    return sql % tuple(map(repr, params)) if params else sql


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test that commits its rows leaves the database as it was on its first day. Events mark what
    they write (``tests.marks``), in all threads of a run.

    Before the database is dropped, whoever still holds it lets go of it: a server that answered
    the browser keeps its connections for a while. Asked by a new connection, since the one of the
    tests may have been cut."""
    with django_db_blocker.unblock():
        founded = filled_tables()
    TransactionTestCase._fixture_teardown = lambda test: empty_all_but(founded)
    watch = Watch()
    connection.execute_wrappers.append(watch)
    if connection.vendor == "sqlite":
        connection.ops.last_executed_query = written_out
    connection_created.connect(
        lambda connection, **_: connection.execute_wrappers.append(watch), weak=False
    )
    yield
    if connection.vendor == "postgresql":
        connection.close()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="module")
def shelf(request, django_db_setup, django_db_blocker):
    """The stories of a module (``tests.stories``)."""
    shelf = Shelf(request.module)
    yield shelf
    with django_db_blocker.unblock():
        shelf.forget()


@pytest.fixture
def held_stories(request, shelf, own_sequences, django_db_blocker):
    """Copies of what a test's stories have given."""
    with django_db_blocker.unblock():
        return shelf.hold(stories_of(request.node))


@pytest.fixture
def _django_db_helper(held_stories, _django_db_helper):
    """Each test's own transaction, above that of its stories."""


MARKS_OF_POSTGRESQL = re.compile(r"mark\.(postgresql|browser|both)\b|ON_POSTGRESQL")
SEED = int(os.environ.get("TESTS_SEED", "1"))


def pytest_configure(config):
    """Fix the seed and, unless the run explores, the order; tell all processes of a run where what
    is long to make is kept."""
    config.option.randomly_seed = SEED
    config.option.randomly_reorganize = is_exploring()
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="tests-")
        config.add_cleanup(folder.cleanup)
        os.environ["TESTS_KEPT"] = folder.name


def pytest_ignore_collect(collection_path):
    """Do not import modules without a test of PostgreSQL, where these alone are played."""
    if connection.vendor == "sqlite" or is_exploring() or not collection_path.match("test_*.py"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if MARKS_OF_POSTGRESQL.search(text) else True


def is_marked(item, *names: str) -> bool:
    return any(item.get_closest_marker(name) for name in names)


def is_played(item) -> bool:
    """Whether a test is one of this run, on this database: SQLite, unless it is marked."""
    if is_marked(item, "explorer") and not is_exploring():
        return False
    if connection.vendor == "sqlite":
        return not is_marked(item, "postgresql", "browser")
    return is_exploring() or is_marked(item, "postgresql", "browser", "both")


def turn_of(item) -> tuple[bool, bool]:
    """Return what orders tests: long ones begin, lest a core be idle at the end; those that commit
    their rows, and empty the database afterwards, come last."""
    marker = item.get_closest_marker("django_db")
    commits = is_marked(item, "browser") or (marker and marker.kwargs.get("transaction", False))
    return not is_marked(item, "long"), bool(commits)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    played = [item for item in items if is_played(item)]
    config.hook.pytest_deselected(items=[item for item in items if not is_played(item)])
    items[:] = sorted(side_by_side(played), key=turn_of)


def pytest_terminal_summary(terminalreporter):
    """Write how many tests passed and which failed, for the verdict of ``scripts/check``."""
    if path := os.environ.get("TESTS_REPORT"):
        stats = terminalreporter.stats
        failed = [report.nodeid for name in ("failed", "error") for report in stats.get(name, [])]
        report = {"passed": len(stats.get("passed", [])), "failed": list(dict.fromkeys(failed))}
        Path(path).write_text(json.dumps(report), encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """The browser leaves an event loop in the thread of the tests for as long as it is open: who
    has none of it does not find it there, whichever tests came before. A connection belongs to a
    loop, so all that a test makes ready and puts back is done on the same side."""
    loop = asyncio._get_running_loop()
    if loop is None or item.get_closest_marker("browser"):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        if loop.is_running():
            asyncio._set_running_loop(loop)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Thousands of modules and tests live as long as the run: to look through them for rubbish
    again and again takes longer than many a test, and more than a quarter of the collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 20, 20)
        gc.enable()


def pytest_addoption(parser):
    parser.addoption("--screenshots", default="", help="folder that keeps a picture of each page")
