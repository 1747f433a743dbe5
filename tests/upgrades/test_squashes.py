"""A new database begins from squashes, others go on with what these replace (decision 0080)."""

import gzip
import re

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.writer import MigrationWriter

from ctg_portal.hosting.migrating import Executor
from tests.upgrades.keep import file_of, kept_databases
from tests.upgrades.originals import load_originals

RECORD = re.compile(r"""INSERT INTO "django_migrations" VALUES\(\d+,'(\w+)','(\w+)',""")


@pytest.fixture(autouse=True)
def migrations_of_the_portal(settings):
    settings.MIGRATION_MODULES = {}  # tests know of none


@pytest.fixture
def plan_after(monkeypatch):
    """``plan_after(applied)``: the migrations that await a database with these applied, once the
    command has made its checks."""

    def plan(applied):
        records = dict.fromkeys(applied)
        monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: dict(records))
        executor = Executor(connection)
        executor.loader.check_consistent_history(connection)
        assert executor.loader.detect_conflicts() == {}
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return [migration for migration, _ in steps]

    return plan


def test_squashes_and_the_migrations_they_replace_leave_the_same_models():
    before, after = load_originals(), MigrationLoader(None)
    assert after.replacements
    states = before.project_state(), after.project_state()
    for old, new in [states, states[::-1]]:
        changes = MigrationAutodetector(old, new).changes(after.graph)
        operations = [MigrationWriter(m).as_string() for app in changes.values() for m in app]
        assert operations == []


def test_a_new_database_goes_through_nothing_that_is_older_than_a_squash(plan_after):
    squashes = dict(MigrationLoader(None).replacements.keys())
    older = [step for step in plan_after([]) if step.name < squashes.get(step.app_label, "")]
    assert older == []


def test_a_database_that_went_through_every_migration_has_none_left(plan_after):
    originals = load_originals()
    assert plan_after(originals.graph.nodes) == []


@pytest.mark.parametrize("release", kept_databases())
def test_a_release_goes_once_through_each_migration_that_it_lacks(release, plan_after):
    text = gzip.decompress(file_of(release, "sqlite").read_bytes()).decode()
    applied = set(RECORD.findall(text))
    assert applied
    through = []
    for step in plan_after(applied):
        through += step.replaces or [(step.app_label, step.name)]
    lacking = load_originals().graph.nodes.keys() - applied
    assert sorted(through) == sorted(lacking)
