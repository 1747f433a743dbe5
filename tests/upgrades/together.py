"""Migrate several databases side by side: ``python -m tests.upgrades.together URL …``.

What takes long of a migration is not the database: it is to render the models as they were before
and after each operation, which are the same for all databases. They are rendered once, and every
database that lacks the migration is led through it before the next. Then each gets the command of
whoever installs a release, which finds nothing to migrate, and tells the rooms so.

A database is led through the migrations that squashes replace (decision 0080), in the order of an
empty one. The command alone would also know, of other rooms, what they have gone through already
that comes later in that order, and would create a room that is missing by its squash. An empty
database is left to the command, which begins it from the squashes.
"""

import os
import sys
from contextlib import ExitStack, contextmanager

import django
import environ

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = sys.argv[1]
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402  (settings must be known)
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.utils import load_backend  # noqa: E402

from ctg_portal.hosting.migrating import Executor, Models  # noqa: E402
from tests.upgrades.originals import load_originals  # noqa: E402


def together(databases) -> None:
    """``databases``: connections, each in turn the one that is known."""
    executors = []
    for database in databases:
        with known(database):
            executor = Executor(database)
        if executor.loader.applied_migrations:
            executors.append(executor)
    loader = load_originals()
    graph, state = loader.graph, Models(real_apps=loader.unmigrated_apps)
    plan = dict.fromkeys(key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf))
    for key in plan:
        lacking = [one for one in executors if key not in one.loader.applied_migrations]
        lead_through(graph.nodes[key], state, lacking)
    for database in databases:
        with known(database):
            call_command("migrate", verbosity=0)


def lead_through(migration, state, executors) -> None:
    """As ``Migration.apply`` does, with several databases."""
    with ExitStack() as stack:
        editors = [stack.enter_context(editing(one.connection, migration)) for one in executors]
        for operation in migration.operations:
            before = state.clone()
            operation.state_forwards(migration.app_label, state)
            for editor in editors:
                with known(editor.connection):
                    operation.database_forwards(migration.app_label, editor, before, state)
    for executor in executors:
        with known(executor.connection):
            executor.record_migration(migration)


@contextmanager
def editing(database, migration):
    with known(database), database.schema_editor(atomic=migration.atomic) as editor:
        yield editor


@contextmanager
def known(database):
    """What is asked of the database is asked of this one."""
    before, connections["default"] = connections["default"], database
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connections["default"] = before


def connected(url: str):
    settings = connections.settings["default"] | environ.Env.db_url_config(url)
    return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")


if __name__ == "__main__":
    together([connected(url) for url in sys.argv[1:]])
