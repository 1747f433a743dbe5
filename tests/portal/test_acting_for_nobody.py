"""What the portal does by itself is done in nobody's name: ``by`` is None, in every event.

The events are found, and what they are about is found in one scene by the types of their
parameters: a new one is called here without being named.
"""

import datetime
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model, QuerySet
from django.utils import timezone

from actions.follow_up.parts import PARTS, FollowUpPart
from actions.models import Action
from agreements.answers.events import Received, Reply
from agreements.models import Version
from conventions.journal.models import Setting
from conventions.models import Convention, Role
from ctg_portal.rules import Refused
from evaluation.cooperation.post_record import PostRecord
from evaluation.models import Edition
from evaluation.verdicts.models import Appreciated, Appreciation
from indicators.library.sharing import may_offer, offer
from indicators.models import Indicator
from indicators.statistics.source import Source, sources
from indicators.values.events import Saving
from indicators.values.figure import Figure
from tests.documents.files import PDF
from tests.golden.stage import on_stage, undone
from tests.personas import Scene, build_scene
from tests.walk import describe, report

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# What a person is given, had, or deposits, who therefore is somebody.
PERSONAL = {
    "documents.stored_files.store", "actions.follow_up.events.attach_document",
    "accounts.events.use_invitation", "conventions.access.events.accept",
    "conventions.hosting.events.accept", "committee.links.events.cut_links",
    "conventions.setting_up.events.start", "committee.meetings.agenda.add_document",
}  # fmt: skip
# Those of files of tables, which commands play whole (``tests.portal.test_commands``), and what
# events share.
ELSEWHERE = (
    "spreadsheets.", "actions.unclear.", "indicators.values.files.", "indicators.values.writing.",
    "agreements.answers.settlement.", "agreements.versions.rows.", "agreements.seats.mandates.",
    "ctg_portal.transitions.", "actions.follow_up.events.write_brought",
)  # fmt: skip
YEAR = 2023
TEXT = "Un texte."


def events() -> Iterator[tuple[str, Callable]]:
    """Each function that says by whom it is done, with its name: events, and what they share."""
    rooms = [path.parent for path in Path(settings.BASE_DIR).glob("*/apps.py")]
    for path in sorted(path for room in rooms for path in room.rglob("*.py")):
        name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        if not {"migrations", "management"} & {*path.parts} and "by:" in path.read_text():
            for event in vars(import_module(name)).values():
                is_own = inspect.isfunction(event) and event.__module__ == name
                if is_own and not event.__name__.startswith("_") and says_by_whom(event):
                    yield f"{name}.{event.__name__}", event


def says_by_whom(event: Callable) -> bool:
    return "by" in inspect.signature(event).parameters


def may_be_nobody(event: Callable) -> bool:
    return type(None) in get_args(get_type_hints(event)["by"])


def asked_of(event: Callable, scene: Scene, things: dict) -> dict[str, Any]:
    """What an event is about, by its parameters without a default. Raises LookupError for a type of
    which the scene has nothing."""
    hints, own = get_type_hints(event), things.get(event.__name__, {})
    return own | {
        one.name: something(hints.get(one.name), one.name, scene, things)
        for one in inspect.signature(event).parameters.values()
        if one.default is one.empty
        and one.kind is not one.VAR_KEYWORD
        and one.name not in {"by", *own}
    }


def things_of(scene: Scene) -> dict[Any, Any]:
    """What events are about that is no row, by the type or the name of a parameter; what one of
    them takes, by its name."""
    action, coordinator = scene.actions.action, scene.people["coordinator"]
    upload, state = SimpleUploadedFile("un.pdf", PDF), PARTS["etat"].read(action)
    offered = next(one for one in Indicator.objects.all() if not may_offer(coordinator, one))
    offer(offered, "enfance", by=coordinator)
    return {
        Model: action,
        QuerySet: Action.objects.all(),
        FollowUpPart: PARTS["etat"],
        "follow_up": {"content": state | {"state_reason": TEXT}},
        "give_back_outdated": {"editions": Edition.objects.all()},
        "restore_part": {"content": state | {"state_reason": TEXT}, "expected": state},
        "write_appreciation": {"verdict": "reached"},
        "load_release": {"content": b"A;B"},
        "save_rows": {"rows": []},
        Reply: Reply(scene.committee.version),
        Received: Received(scene.committee.version),
        Mapping[int, int]: {},
        dict[str, str]: {},
        Figure: Figure(number=Decimal(3)),
        Callable[[Saving], None]: lambda saving: None,
        PostRecord: PostRecord(text=TEXT),
        Appreciated: Appreciation.objects.first(),
        Source: sources()["insee_populations"],
        File: upload,
        "upload": upload,
        Setting: Setting.NOTICE,
        Mapping[Setting, Any]: {Setting.NOTICE: 6},
        "change_party": {"values": {Setting.ADDRESS: "2 rue Haute"}},
        "record_setting": {
            "about": scene.convention,
            "setting": Setting.NOTICE,
            "before": 3,
            "after": 6,
        },
        "content": Version.objects.about(action).in_force().get().content,
        "roles": [Role.READER],
        "organisations": [scene.organisation],
        "person": scene.people["contributor"],
    }


def something(kind: Any, name: str, scene: Scene, things: dict) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        kind = get_args(kind)[0]
    for known in (name, kind):
        if known in things:
            return things[known]
    many = get_args(kind)
    if many and isinstance(many[0], type) and (many[0] in things or issubclass(many[0], Model)):
        return [something(many[0], name, scene, things)]
    if kind is Convention:
        return scene.convention
    if isinstance(kind, type) and issubclass(kind, Model):
        row = None if kind._meta.abstract else kind._base_manager.order_by("pk").first()
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


def outcome(event: Callable, scene: Scene, things: dict, by) -> str:
    """Return what was raised that is no refusal; empty where it was done, or refused."""
    try:
        with undone():
            event(**asked_of(event, scene, things), by=by)
    except Refused:
        return ""
    except LookupError as error:
        return f"{error!r}"
    except Exception as error:  # one fault does not hide another
        return describe(error)
    return ""


def test_an_act_for_nobody_is_done_or_refused_as_for_the_coordinator():
    with on_stage():
        scene = build_scene()
        things = things_of(scene)
        called, faults, untried = 0, [], []
        for name, event in events():
            if name in PERSONAL or name.startswith(ELSEWHERE):
                continue
            if why := outcome(event, scene, things, scene.people["coordinator"]):
                # It is asked of something else than the scene has.
                untried += [f"{name}: {why}"] if may_be_nobody(event) else []
                continue
            called += 1
            if fault := outcome(event, scene, things, None):
                faults.append(f"{name}: {fault}")
    assert called > 100
    report(faults)
    report(untried)
