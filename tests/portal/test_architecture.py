"""The documents that tell where things are name files, and names in them, that are there."""

import ast
import re
from pkgutil import resolve_name

import pytest
from django.conf import settings

HOUSE = settings.BASE_DIR
DOCS = ["docs/architecture.md", "docs/where.md", "docs/recipes-field.md", "docs/glossaire.md",
        "README.md", "CONTRIBUTING.md"]  # fmt: skip
ROOMS = {"accounts", "actions", "agreements", "committee", "conventions", "ctg_portal", "documents",
         "evaluation", "indicators", "notifications", "spreadsheets", "templates", "static",
         "tests", "scripts", "docs"}  # fmt: skip
CODE = re.compile(r"`([a-z_]+/[\w./-]*)(?::(\w+))?`")


# As it stands in records: ``agreements.seats.voices.Bench``.
DOTTED = re.compile(rf"`((?:{'|'.join(sorted(ROOMS))})(?:\.\w+)+)`")


def names_in(path) -> set[str]:
    """What a module defines, and its classes."""
    tree = ast.parse(path.read_text())
    nodes = [*tree.body, *(one for node in tree.body for one in getattr(node, "body", []))]
    names = {getattr(node, "name", "") for node in nodes}
    targets = (target for node in tree.body for target in getattr(node, "targets", []))
    return names | {getattr(target, "id", "") for target in targets}


def strays(text: str) -> list[str]:
    """The places that are named, and are not there."""
    result = []
    for place, name in CODE.findall(text):
        path = HOUSE / place
        if place.partition("/")[0] not in ROOMS:
            continue
        if not path.exists() or (name and name not in names_in(path)):
            result.append(f"{place}:{name}" if name else place)
    return result + [name for name in DOTTED.findall(text) if not is_importable(name)]


def is_importable(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("name", DOCS)
def test_every_name_in_the_docs_exists(name):
    assert strays((HOUSE / name).read_text()) == []


SAID = re.compile(rf"``({'|'.join(sorted(ROOMS - {'docs', 'static', 'scripts'}))})((?:\.\w+)+)``")


@pytest.mark.parametrize("room", sorted(ROOMS - {"docs", "static", "scripts"}))
def test_every_place_named_in_code_exists(room):
    """The names stand in docstrings, comments and contracts of templates."""
    sources = [path for path in (HOUSE / room).rglob("*.*") if path.suffix in {".py", ".html"}]
    places = {
        f"{found[1]}{found[2]}": path
        for path in sources
        if "migrations" not in path.parts
        for found in SAID.finditer(path.read_text())
    }
    assert {name: path for name, path in places.items() if not is_importable(name)} == {}


def test_a_missing_place_is_reported():
    text = (
        "`actions/gone.py`, `actions/plan/models.py:Gone`, `actions/plan/models.py:Action`, "
        "`actions.plan.models.Action`, `actions.gone`"
    )
    assert strays(text) == ["actions/gone.py", "actions/plan/models.py:Gone", "actions.gone"]


def test_the_map_has_every_room():
    rooms = {row for row in ROOMS if (HOUSE / row / "apps.py").exists()}
    [table] = re.findall(r"\| room \|.*?\n\n", (HOUSE / "docs/architecture.md").read_text(), re.S)
    assert {room.rstrip("/") for room in re.findall(r"`(\w+/)`", table)} >= rooms
