"""A database of any release becomes, once migrated, what an empty one becomes; its pages open."""

import gzip
import json
import os
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import BaseConstraint, CheckConstraint

from tests.upgrades.databases import PostgreSQL, SQLite, a_database
from tests.upgrades.keep import file_of, keep, kept
from tests.upgrades.schema import schema_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]

OF_FILES = re.compile(r"/documents/\d+/$")  # which are not kept


@pytest.fixture
def copy():
    with a_database(connection.vendor) as database:
        yield database


@pytest.fixture
def empty():
    """The schema of an empty database, migrated: that of the tests."""
    connection.ensure_connection()
    return schema_of(connection.connection)


def schema_in(database) -> dict:
    with database.connect() as held:
        return schema_of(held)


@pytest.mark.parametrize("release", kept())
def test_a_release_is_upgraded(copy, empty, release):
    copy.restore(gzip.decompress(file_of(release, connection.vendor).read_bytes()).decode())
    # The oldest goes through all that the others do; what is installed runs on PostgreSQL.
    has_pages = release == kept()[0] and connection.vendor == "postgresql"
    told = subprocess.run(
        [sys.executable, "-m", "tests.upgrades.look", *(["pages"] if has_pages else [])],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": copy.url},
        check=True,
        capture_output=True,
        text=True,
    )
    assert schema_in(copy) == empty
    if not has_pages:
        return
    pages = json.loads(told.stdout)
    assert len(pages) > 50
    refused = [page for page, status in pages.items() if status != 200]
    assert [page for page in refused if not OF_FILES.search(page)] == []


# That the comparison would find what is missing --------------------------------------------------


@pytest.fixture
def restored(copy):
    """What is dumped of the tests' own database, and put back."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy.restore("\n".join(connection.connection.iterdump()))
    else:
        name = connection.settings_dict["NAME"]
        copy.restore(PostgreSQL(copy.url.rpartition("/")[0] + f"/{name}").dump())
    return copy


def some(kind: type[BaseConstraint]) -> tuple[str, str]:
    """A table of ours with a constraint of this kind, and its name."""
    return next(
        (model._meta.db_table, constraint.name)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if type(constraint) is kind
    )


def test_a_copy_is_the_same(restored, empty):
    assert schema_in(restored) == empty


def test_a_missing_column_is_found(restored, empty):
    with restored.connect() as held:
        held.cursor().execute("ALTER TABLE accounts_user DROP COLUMN first_name")
    found = schema_in(restored)
    assert [line for line in empty["accounts_user"] if line not in found["accounts_user"]] == [
        line for line in empty["accounts_user"] if "first_name" in line
    ]


def test_a_missing_constraint_is_found(restored, empty):
    table, name = some(CheckConstraint)
    [line] = [line for line in empty[table] if name in line]
    with restored.connect() as held:
        cursor = held.cursor()
        if isinstance(restored, SQLite):  # which takes none out of a table
            cursor.execute("PRAGMA writable_schema = ON")
            cursor.execute("UPDATE sqlite_master SET sql = replace(sql, ?, '')", [f", {line}"])
            held.commit()
        else:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    assert schema_in(restored) == empty | {table: [one for one in empty[table] if one != line]}


def test_a_missing_index_is_found(restored, empty):
    indexes = [(table, line) for table, lines in empty.items() for line in lines
               if line.startswith("CREATE INDEX")]  # fmt: skip
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, indexes[0][0])
    name = next(n for n, told in constraints.items() if told["index"] and not told["unique"])
    with restored.connect() as held:
        held.cursor().execute(f'DROP INDEX "{name}"')
    assert len(schema_in(restored)[indexes[0][0]]) == len(empty[indexes[0][0]]) - 1


def test_what_is_kept_is_not_written_again(tmp_path):
    file_of("v1", "sqlite", tmp_path).touch()
    with pytest.raises(SystemExit, match="never written again"):
        keep("v1", tmp_path)
