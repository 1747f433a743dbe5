"""A database from before the rooms were founded anew is refused, whole and untouched."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState
from django.test.utils import CaptureQueriesContext

from ctg_portal.hosting.migrating import Models

pytestmark = pytest.mark.both

OF_BEFORE = [("accounts", "0001_initial_of_before"), ("evaluation", "0001_initial_of_before")]


@pytest.fixture
def recorded(db, settings, monkeypatch):
    """``recorded((app, name), …)``: this database went through all migrations, and these too."""
    settings.MIGRATION_MODULES = {}  # tests know of none, nor has their database a table of them

    def record(*names):
        applied = dict.fromkeys([*MigrationLoader(None).disk_migrations, *names])
        monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: applied)

    return record


def test_a_database_of_former_migrations_is_refused_before_the_first_statement(recorded):
    recorded(*OF_BEFORE)
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        pytest.raises(CommandError) as refused,
    ):
        call_command("migrate", verbosity=0)
    text = str(refused.value)
    assert "(accounts.0001_initial_of_before, evaluation.0001_initial_of_before)" in text
    assert "Rien n’y a été changé." in text
    for what_to_do in ("une copie", "DATABASE_URL", "manage.py migrate", "load_convention"):
        assert what_to_do in text
    assert not [q["sql"] for q in queries if not q["sql"].lstrip().startswith("SELECT")]


def test_the_demonstration_is_refused_on_a_database_of_former_migrations(recorded, settings):
    settings.DEBUG = True
    recorded(*OF_BEFORE)
    with pytest.raises(CommandError, match="avant la refondation"):
        call_command("demo")


@pytest.mark.parametrize(
    "name",
    [("sessions", "0001_initial_of_before"), ("accounts", "9999_of_a_later_portal")],
    ids=["of a library", "of a later portal"],
)
def test_migrations_of_libraries_and_newer_ones_are_not_refused(recorded, name):
    recorded(name)
    call_command("migrate", verbosity=0)


def test_the_operator_reads_a_plain_refusal_and_the_database_is_unchanged(tmp_path):
    file = tmp_path / "before.sqlite3"
    with closing(sqlite3.connect(file)) as before, before:
        before.execute("CREATE TABLE django_migrations (id integer, app, name, applied)")
        before.executemany(
            "INSERT INTO django_migrations VALUES (1, ?, ?, '2026-01-01 00:00:00')", OF_BEFORE
        )
    process = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{file}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stdout) == (1, "")
    assert "Cette base de données date d’avant la refondation du portail" in process.stderr
    assert "Traceback" not in process.stderr
    with closing(sqlite3.connect(file)) as after:
        assert after.execute("SELECT name FROM sqlite_master").fetchall() == [
            ("django_migrations",)
        ]
        assert after.execute("SELECT app, name FROM django_migrations").fetchall() == OF_BEFORE


# How long it takes --------------------------------------------------------------------------------


@pytest.fixture
def rendered():
    """The models of a room between two operations: notes of two kinds, which users write."""
    state = Models()
    key = ("id", models.BigAutoField(primary_key=True))
    by = ("by", models.ForeignKey("room.User", models.CASCADE))
    state.add_model(ModelState("room", "User", [key]))
    for name in ("Note", "Remark"):
        state.add_model(ModelState("room", name, [key, by]))
    about = ("about", models.ForeignKey("room.Note", models.CASCADE))
    state.add_model(ModelState("room", "Answer", [key, by, about]))
    return lambda name: state.apps.get_model("room", name), state


def test_what_has_changed_is_rendered_again_and_what_refers_to_it(rendered):
    model, state = rendered
    before = {name: model(name) for name in ("User", "Note", "Remark", "Answer")}
    state.clone().add_field("room", "note", "text", models.TextField(), preserve_default=True)
    assert {name: model(name) for name in before} == before
    state.add_field("room", "note", "text", models.TextField(), preserve_default=True)
    assert {name for name in before if model(name) is not before[name]} == {"Note", "Answer"}
    assert model("Answer")._meta.get_field("about").related_model is model("Note")


def test_a_function_of_ours_is_handed_models_that_know_each_other(rendered):
    _, state = rendered
    state.add_field("room", "user", "name", models.TextField(), preserve_default=True)
    copy = state.clone()  # as before each operation
    copy.clear_delayed_apps_cache()
    for name in ("Note", "Remark", "Answer"):
        field = copy.apps.get_model("room", name)._meta.get_field("by")
        assert field.related_model is copy.apps.get_model("room", "User")
