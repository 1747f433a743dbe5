"""What the portal does by itself is done in nobody's name: ``by`` is None, in every event.

The events are found, and what they are about is found in one scene by the types of their
parameters: a new one is called here without being named.
"""

import datetime
import inspect
import types
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from conventions.models import Convention
from ctg_portal.rules import Refused
from tests.golden.stage import on_stage, undone
from tests.personas import Scene, build_scene
from tests.walk import describe, report

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# What a person is given, or had, who therefore is somebody.
PERSONAL = {
    "accounts.events.use_invitation", "conventions.access.events.accept",
    "conventions.hosting.events.accept", "committee.links.events.cut_links",
}  # fmt: skip
YEAR = 2023
TEXT = "Un texte."


def events() -> Iterator[tuple[str, Callable]]:
    """Each event that says by whom it is done, with its name."""
    rooms = [path.parent for path in Path(settings.BASE_DIR).glob("*/apps.py")]
    for path in sorted(path for room in rooms for path in room.rglob("events.py")):
        name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for event in vars(import_module(name)).values():
            is_own = inspect.isfunction(event) and event.__module__ == name
            if is_own and not event.__name__.startswith("_") and says_by_whom(event):
                yield f"{name}.{event.__name__}", event


def says_by_whom(event: Callable) -> bool:
    return "by" in inspect.signature(event).parameters


def asked_of(event: Callable, scene: Scene) -> dict[str, Any]:
    """What an event is about, by its parameters without a default. Raises LookupError for a type of
    which the scene has nothing."""
    hints = get_type_hints(event)
    return {
        one.name: something(hints.get(one.name), one.name, scene)
        for one in inspect.signature(event).parameters.values()
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD and one.name != "by"
    }


def something(kind: Any, name: str, scene: Scene) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        kind = get_args(kind)[0]
    many = get_args(kind)
    if many and isinstance(many[0], type) and issubclass(many[0], Model):
        return [something(many[0], name, scene)]
    if kind is Convention:
        return scene.convention
    if isinstance(kind, type) and issubclass(kind, Model):
        row = kind._base_manager.order_by("pk").first()
        if row is None:
            raise LookupError(kind)
        return row
    plain = {
        str: TEXT, bool: True, int: YEAR if name == "year" else 0, dict: {},
        datetime.date: timezone.localdate() + datetime.timedelta(days=30),
    }  # fmt: skip
    if kind not in plain:
        raise LookupError(kind)
    return plain[kind]


def outcome(event: Callable, scene: Scene, by) -> str:
    """Return what was raised that is no refusal; empty where it was done, or refused."""
    try:
        with undone():
            event(**asked_of(event, scene), by=by)
    except Refused:
        return ""
    except LookupError as error:
        return f"{error!r}"
    except Exception as error:  # one fault does not hide another
        return describe(error)
    return ""


def test_what_the_coordinator_does_or_is_refused_nobody_does_or_is_refused():
    with on_stage():
        scene = build_scene()
        called, faults = 0, []
        for name, event in events():
            if name in PERSONAL or outcome(event, scene, scene.people["coordinator"]):
                continue  # it is asked of something else than the scene has
            called += 1
            if fault := outcome(event, scene, None):
                faults.append(f"{name}: {fault}")
    assert called > 60
    report(faults)
