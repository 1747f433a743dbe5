"""What every test may use."""

import asyncio
import functools
import gc
import os
import re
from itertools import count
from tempfile import TemporaryDirectory

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from simple_history.manager import HistoryManager

from tests import sequences
from tests.databases import asks_the_database, empty_all_but, filled_tables
from tests.parts import one_in, part_of
from tests.stories import Shelf, side_by_side, stories_of

# A row that is kept asks for a class that is the same each time, and takes longer to write than it.
HistoryManager.from_queryset = functools.cache(HistoryManager.from_queryset)


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
    """Throttling counts in the cache: no test starts with another's attempts."""
    cache.clear()


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test that commits its rows leaves the database as it was on its first day.

    Before the database is dropped, whoever still holds it lets go of it: a server that answered
    the browser keeps its connections for a while. Asked by a new connection, since the one of the
    tests may have been cut."""
    with django_db_blocker.unblock():
        founded = filled_tables()
    TransactionTestCase._fixture_teardown = lambda test: empty_all_but(founded)
    yield
    if connection.vendor == "postgresql":
        connection.close()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
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


MARKS_OF_MODULE = re.compile(r"^pytestmark = (?:\[[^\]]*\]|.*)", re.MULTILINE)


def pytest_ignore_collect(collection_path, config):
    """Where no test that is marked ``once`` is wanted, modules of such tests are not imported."""
    if config.option.markexpr != "not once" or not collection_path.match("test_*.py"):
        return None
    marks = MARKS_OF_MODULE.search(collection_path.read_text(encoding="utf-8"))
    return True if marks and "mark.once" in marks[0] else None


def pytest_itemcollected(item):
    if not asks_the_database(item):
        item.add_marker("once")
    if item.get_closest_marker("once") and needs_postgresql(item):
        raise pytest.UsageError(f"{item.nodeid} would run on neither database")


def pytest_configure(config):
    """What is long to make is kept for all processes of a run: they are told where."""
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="tests-")
        config.add_cleanup(folder.cleanup)
        os.environ["TESTS_KEPT"] = folder.name


def needs_postgresql(item) -> bool:
    return any(item.get_closest_marker(name) for name in ("postgresql", "browser"))


def turn_of(item) -> tuple[bool, bool]:
    """What takes long begins, lest a core be idle at the end; of the rest, what commits its rows,
    and empties the database afterwards, comes last."""
    return item.get_closest_marker("long") is None, needs_postgresql(item)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if one_in() > 1:
        played = part_of(items, config.getoption("randomly_seed"), one_in())
        config.hook.pytest_deselected(items=[one for one in items if one.nodeid not in played])
        items[:] = [item for item in items if item.nodeid in played]
    items[:] = sorted(side_by_side(items), key=turn_of)


def pytest_report_header():
    whole = "those that ask no database, and one in {} of the others by chance; all: make test-all"
    return f"played: {whole.format(one_in())}" if one_in() > 1 else None


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


def pytest_collection_finish():
    """Thousands of modules and tests live as long as the run: to look through them for rubbish
    again and again takes longer than many a test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_addoption(parser):
    parser.addoption("--screenshots", default="", help="folder that keeps a picture of each page")
