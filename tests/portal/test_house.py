"""The house: rooms stand one above the other, subjects keep to themselves, one place declares."""

import ast
from dataclasses import fields
from importlib import import_module
from inspect import isabstract
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from accounts.models import User
from agreements.commitments.commitment import Commitment
from ctg_portal.demo import run_steps
from ctg_portal.house import (
    Contributions,
    DemoStep,
    Entry,
    Job,
    by_key,
    house,
    in_turn,
    overridden,
)
from ctg_portal.people.personal import KeptName, Personal
from documents.drawing.kinds import DocumentKind
from spreadsheets.importing.adapter import Adapter
from tests.factories import UserFactory

# From the ground up; rooms on one line know nothing of each other.
ORDER = [
    ["ctg_portal"],
    ["accounts", "documents"],
    ["notifications"],
    ["spreadsheets"],
    ["conventions"],
    ["agreements"],
    ["committee"],
    ["actions"],
    ["indicators"],
    ["evaluation"],
]
HEIGHT = {room: height for height, rooms in enumerate(ORDER) for room in rooms}
# What is brought as objects: the class tells what they are asked.
OBJECTS = ("versions", "documents", "imports", "help", "gestures")
# What a subject shows to its neighbours is its models, events, rights and reading.
OWN = ("forms", "form_", "views", "urls")


def test_every_room_has_its_place():
    ours = [name for name in settings.INSTALLED_APPS if Path(settings.BASE_DIR, name).is_dir()]
    assert sorted(ours) == sorted(HEIGHT)
    assert [HEIGHT[room] for room in ours] == sorted(HEIGHT[room] for room in ours)


def test_foreign_keys_point_down():
    keys = [
        (HEIGHT[model._meta.app_label], field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in HEIGHT
        for field in model._meta.get_fields(include_hidden=True)
        if field.concrete and field.is_relation and field.related_model
    ]
    assert len(keys) > 200
    below = ((height, HEIGHT.get(key.related_model._meta.app_label, -1)) for height, key in keys)
    points_up = [target > height for height, target in below]
    assert [str(key) for (_, key), is_up in zip(keys, points_up, strict=True) if is_up] == []


# Lists of people, which are shown as they are read: by their organisation's name.
ORDERED_THROUGH = {"conventions.Membership", "agreements.Seat"}


def test_rows_are_ordered_by_their_own_columns():
    """``ordering = ["action"]`` is the whole order of actions, with its joins, in every query;
    what hangs on one action is read for it, or beside its fellows."""
    orderings = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in HEIGHT
        for name in model._meta.ordering
        if isinstance(name, str)
        and "__" not in name
        and (column := name.removeprefix("-")) != "pk"
        and (field := model._meta.get_field(column)).is_relation
        and field.related_model._meta.ordering
        and field.attname != column
    }
    assert orderings == ORDERED_THROUGH


def imports_of(path: Path):
    """(module, name) of all that a module imports of ours."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if node.module.split(".")[0] in HEIGHT:
                    yield node.module, alias.name


def subject_of(module: str) -> tuple[str, ...]:
    """``committee.dossiers.forms`` belongs to ``("committee", "dossiers")``."""
    return tuple(module.split(".")[:2])


@pytest.mark.parametrize("room", sorted(HEIGHT))
def test_subjects_use_of_their_neighbours_no_form_view_or_private_name(room):
    result = []
    for path in Path(settings.BASE_DIR, room).rglob("*.py"):
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        if "migrations" in path.parts or path.name in {"urls.py", "conftest.py"}:
            continue
        for imported, name in imports_of(path):
            if subject_of(imported) == subject_of(module) or imported.count(".") < 2:
                continue
            last = imported.split(".")[2]
            if last.startswith(OWN) or name.startswith("_"):
                result.append(f"{module} uses {imported}.{name}")
    assert result == []


def test_what_rooms_bring_is_declared_and_nothing_else():
    for room in HEIGHT:
        try:
            module = import_module(f"{room}.contributions")
        except ModuleNotFoundError:
            continue
        brought = [name for name, thing in vars(module).items() if isinstance(thing, Contributions)]
        assert brought == ["contributions"]
        tree = ast.parse(Path(module.__file__).read_text())
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]


def test_all_that_rooms_bring_can_be_called_or_is_plain():
    for field in fields(Contributions):
        for contribution in getattr(house(), field.name):
            is_plain = isinstance(contribution, DemoStep | Entry | Job | Personal | KeptName | str)
            assert callable(contribution) or is_plain or field.name in OBJECTS, field


def test_every_object_that_rooms_bring_has_all_its_methods():
    """A letter and its news are classes, whose missing methods would fail only when sent."""
    objects = [one for letter in house().letters for one in (letter, *letter.kinds)]
    assert [one for one in objects if isabstract(one)] == []
    kinds = {"versions": Commitment, "documents": DocumentKind, "imports": Adapter}
    brought = [(one, kind) for name, kind in kinds.items() for one in getattr(house(), name)]
    assert [one for one, kind in brought if not isinstance(one, kind)] == []


def test_a_wrong_name_is_an_error_at_once():
    with pytest.raises(TypeError):
        Contributions(taks=[])


def test_the_menu_is_in_order_of_rank_and_no_rank_is_taken_twice():
    ranks = [entry.rank for entry in house().menu]
    assert ranks == sorted(set(ranks))


def test_kinds_models_and_jobs_are_declared_once():
    brought = house()
    news = [kind.kind for letter in brought.letters for kind in letter.kinds]
    for names in ([one.kind for one in brought.versions], [one.model for one in brought.versions],
                  [one.name for one in brought.jobs], news):  # fmt: skip
        assert len(names) == len(set(names))


def test_an_overridden_contribution_is_back_afterwards():
    before = house()
    with overridden(tasks=[]):
        assert house().tasks == []
        assert house().state == before.state
    assert house() is before


def test_what_several_rooms_return_is_merged():
    assert by_key([lambda: {1: ["a"]}, lambda: {1: ["b"], 2: ["c"]}]) == {1: ["a", "b"], 2: ["c"]}
    assert in_turn([lambda: "ab", lambda: iter("c")]) == ["a", "b", "c"]


def test_a_step_of_the_demonstration_that_is_interrupted_leaves_nothing(db):
    def interrupted() -> list[str]:
        UserFactory()
        raise KeyboardInterrupt

    with overridden(demo=[DemoStep("Comptes", interrupted)]), pytest.raises(KeyboardInterrupt):
        run_steps()
    assert not User.objects.exists()


def test_what_rooms_play_of_the_demonstration_is_told_in_turn(db):
    texts = DemoStep("Textes", lambda: ["conventions", "accès"])
    with overridden(demo=[texts, DemoStep("Comité", lambda: ["comité"])]):
        assert run_steps() == ["conventions", "accès", "comité"]
