"""A database of any release becomes, once migrated, what an empty one becomes; its pages open."""

import gzip
import json
import os
import re
import subprocess
import sys
from contextlib import ExitStack

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import BaseConstraint, CheckConstraint

from tests.databases import is_exploring
from tests.upgrades.cases import FINDERS, Case, file_of_became, lost_among, read_cases
from tests.upgrades.databases import PostgreSQL, SQLite, a_database
from tests.upgrades.keep import file_of, hard_lives, keep, kept_databases, releases
from tests.upgrades.schema import schema_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.both]

OF_FILES = re.compile(r"/(documents/\d+|acte|deliberation)/$")  # which are not kept
LINKS_OF_LIBRARIES = {"auth_group_permissions", "post_office_attachment_emails"}
DEMONSTRATION, LIVES = releases()[-1], hard_lives()[-1]
# Older ones are upgraded by whoever looks for faults: they take as long and tell about the same.
UPGRADED = kept_databases() if is_exploring() else [*releases()[-2:], *hard_lives()]
# Who holds least opens pages first.
OF_DEMONSTRATION = [
    "lecture@demo.example", "agent-caf-2@demo.example", "copil-caf@demo.example",
    "coordination@demo.example",
]  # fmt: skip
# Of another convention; who coordinates for one and sits for another, who sits for two parties;
# whose access is given by nobody known, pending, suspended; who enters, sits, coordinates.
OF_LIVES = [
    "colette.brunel@cc-aulne.example", "aline.pasquier@caf-serre.example",
    "jean-baptiste.roux@bellefont.example", "bernard.quillet@msa-nord.example",
    "oscar.lemoine@caf-serre.example", "nina.carpentier@caf-serre.example",
    "tristan.morel@caf-serre.example", "claire.fontenay@caf-serre.example",
    "helene.vasseur@agglo-serre.example",
]  # fmt: skip


@pytest.fixture
def copy():
    with a_database(connection.vendor) as database:
        yield database


@pytest.fixture
def of_models():
    """The schema of the tests: what models say, without a migration."""
    connection.ensure_connection()
    return schema_of(connection.connection)


@pytest.fixture
def expected(of_models):
    """What migrations make of any database."""
    # Links of libraries that were founded when keys were shorter.
    short = {table: [re.sub("^id integer", "id bigint", line) for line in lines]
             for table, lines in of_models.items() if table in LINKS_OF_LIBRARIES}  # fmt: skip
    return of_models | short


def run(module: str, *options: str, **environment: str) -> str:
    """In a process of its own, as whoever installs a release; what it told."""
    return subprocess.run(
        [sys.executable, "-m", f"tests.upgrades.{module}", *options],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def restore(release: str, database) -> None:
    database.restore(gzip.decompress(file_of(release, connection.vendor).read_bytes()).decode())


def schema_in(database) -> dict:
    with database.connect() as connection:
        return schema_of(connection)


def made_in(database) -> dict:
    """The schema of what was migrated, but for what tells of its migrations."""
    return {t: lines for t, lines in schema_in(database).items() if t != "django_migrations"}


@pytest.fixture(scope="module")
def upgraded():
    """Copies of kept databases, and an empty one, all migrated: by name."""
    with ExitStack() as stack:
        copies = {name: stack.enter_context(a_database(connection.vendor))
                  for name in ["empty", *UPGRADED]}  # fmt: skip
        for name in UPGRADED:
            restore(name, copies[name])
        run("together", *(copy.url for copy in copies.values()))
        yield copies


@pytest.mark.parametrize("name", ["empty", *UPGRADED])
def test_migrations_make_what_models_say(upgraded, expected, name):
    """The other tests begin from the models, and would not find a difference."""
    assert made_in(upgraded[name]) == expected


@pytest.mark.parametrize("name", hard_lives())
def test_every_case_of_a_hard_life_is_found_and_became_as_listed(upgraded, name):
    """What became of each is read in ``kept/NAME.became.md``."""
    cases = json.loads(run("cases", name, DATABASE_URL=upgraded[name].url))
    assert cases["lost"] == []
    assert cases["became"] == file_of_became(name).read_text(encoding="utf-8").splitlines()


@pytest.mark.postgresql
def test_hard_lives_are_upgraded_as_whoever_installs_a_release_does(copy, expected):
    """The command alone upgrades them; then their pages open."""
    upgrade_and_open_pages(LIVES, copy, expected, OF_LIVES)


@pytest.mark.explorer(
    stands_for="tests/upgrades/test_upgrades.py"
    "::test_hard_lives_are_upgraded_as_whoever_installs_a_release_does"
)
@pytest.mark.postgresql
def test_the_demonstration_is_upgraded_as_whoever_installs_a_release_does(copy, expected):
    upgrade_and_open_pages(DEMONSTRATION, copy, expected, OF_DEMONSTRATION)


def upgrade_and_open_pages(name: str, copy, expected: dict, people: list[str]) -> None:
    restore(name, copy)
    answered = run("look", *people, DATABASE_URL=copy.url)
    assert made_in(copy) == expected
    pages = json.loads(answered)
    assert len(pages) > 50
    refused = [page for page, status in pages.items() if status != 200]
    assert [page for page in refused if not OF_FILES.search(page)] == []


# The list of cases -------------------------------------------------------------------------------


def test_a_case_whose_row_is_gone_is_lost():
    gone = Case("An access", "nowhere", "access", "a@b.example · Caf · reader · 2026-01-02", "–")
    assert lost_among([gone]) == ["An access"]


def test_the_list_has_cases_of_each_kind_of_row():
    assert {case.kind for case in read_cases(LIVES)} == {*FINDERS}


def test_each_case_has_a_name_of_its_own():
    cases = read_cases(LIVES)
    assert len({case.about for case in cases}) == len(cases)


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


def test_a_restored_database_has_the_schema_of_the_models(restored, of_models):
    assert schema_in(restored) == of_models


def test_a_missing_column_is_found(restored, of_models):
    with restored.connect() as connection:
        connection.cursor().execute("ALTER TABLE accounts_user DROP COLUMN first_name")
    schema = schema_in(restored)
    assert [line for line in of_models["accounts_user"] if line not in schema["accounts_user"]] == [
        line for line in of_models["accounts_user"] if "first_name" in line
    ]


def test_a_missing_constraint_is_found(restored, of_models):
    table, name = some(CheckConstraint)
    [line] = [line for line in of_models[table] if name in line]
    with restored.connect() as connection:
        cursor = connection.cursor()
        if isinstance(restored, SQLite):  # which takes none out of a table
            cursor.execute("PRAGMA writable_schema = ON")
            cursor.execute("UPDATE sqlite_master SET sql = replace(sql, ?, '')", [f", {line}"])
            connection.commit()
        else:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    without = [one for one in of_models[table] if one != line]
    assert schema_in(restored) == of_models | {table: without}


def test_a_missing_index_is_found(restored, of_models):
    indexes = [(table, line) for table, lines in of_models.items() for line in lines
               if line.startswith("CREATE INDEX")]  # fmt: skip
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, indexes[0][0])
    name = next(n for n, told in constraints.items() if told["index"] and not told["unique"])
    with restored.connect() as opened:
        opened.cursor().execute(f'DROP INDEX "{name}"')
    assert len(schema_in(restored)[indexes[0][0]]) == len(of_models[indexes[0][0]]) - 1


def test_a_kept_database_is_never_written_again(tmp_path):
    file_of("v1", "sqlite", tmp_path).touch()
    with pytest.raises(SystemExit, match="never written again"):
        keep("v1", tmp_path)
