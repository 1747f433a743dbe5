"""Functions say who may act by them, or may be asked for: a person, an outsider, the system."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

PEOPLE = {"by", "user"}


def unannotated() -> Iterator[str]:
    """The parameters of functions that name somebody, and do not say of which kind."""
    rooms = [path.parent for path in Path(settings.BASE_DIR).glob("*/apps.py")]
    for path in sorted(path for room in rooms for path in room.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                taken = function.args
                for argument in [*taken.posonlyargs, *taken.args, *taken.kwonlyargs]:
                    if argument.arg in PEOPLE and argument.annotation is None:
                        yield f"{path}:{function.lineno} {function.name}({argument.arg})"


def test_who_acts_is_annotated():
    assert [*unannotated()] == []
