"""Each command of the portal is played in the scene, and with each of its arguments replaced: it
does what it is told, or says why not."""

import datetime
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands

from actions.models import Action
from ctg_portal.house import house
from documents.models import StoredFile
from indicators.library.sharing import may_offer, offer
from indicators.models import Indicator
from spreadsheets.models import Import
from tests import factories as f
from tests.conventions.loading.samples import FULL
from tests.databases import few_of
from tests.golden.stage import WEDNESDAY, on_stage, undone
from tests.personas import Scene, build_scene
from tests.spreadsheets.files import xlsx
from tests.walk import describe, report

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# They ask for a database or processes of their own, and have their tests there.
APART = {"backup", "clock", "demo", "db_worker", "migrate", "restore_drill", "worker"}
# Nothing is published in the scene; of the publishers' large files there is none.
REFUSED = {"fetch_statistics", "verify_report"}
ODD = ("", "ailleurs", "0", "9999", "9" * 20, "é", "1.5")
# Empty, of bytes that are no text, cut short, of another shape.
ODD_CONTENTS = {
    "vide.xlsx": b"", "octets.csv": bytes(range(256)) * 4, "coupé.xlsx": b"PK\x03\x04" + b"x" * 40,
    "coupé.pdf": b"%PDF-1.7\n", "liste.yaml": b"- 1\n- {a: b}\n", "ouvert.yaml": b"a: [b\n",
    "nul.yaml": b"\0\0\0", "image.png": b"\x89PNG\r\n\x1a\n",
}  # fmt: skip
# They are not there, are not what is asked, or cannot be.
ODD_FILES = ("", ".", "..", "autre.csv", "nulle-part/un.pdf", "autre.csv/un.csv",
             "x" * 300 + ".xlsx", *ODD_CONTENTS)  # fmt: skip


def own_commands() -> set[str]:
    rooms = {path.parent.name for path in Path(settings.BASE_DIR).glob("*/apps.py")}
    return {name for name, room in get_commands().items() if str(room).partition(".")[0] in rooms}


def plausible(scene: Scene, folder: Path) -> Iterator[list[str]]:
    """Return at least one way to call each command, with the files of ``folder``."""
    slug, year = scene.convention.slug, str(scene.evaluation.year)
    sigle, person = scene.organisation.acronym, scene.people["reader"].email
    coordinator = scene.people["coordinator"]
    offered = next(one for one in Indicator.objects.all() if not may_offer(coordinator, one))
    number = str(offer(offered, "enfance", by=coordinator).pk)
    (folder / "convention.yaml").write_text(FULL)
    planned = [Action.objects.first().title, "2024"]
    (folder / "plan.xlsx").write_bytes(xlsx(["Titre", "Calendrier"], planned))
    (folder / "autre.csv").write_text("A;B\n1;2\n")
    (folder / "table.csv").write_text("Sigle;Nom\nAS;Association\n")
    for name, content in ODD_CONTENTS.items():
        (folder / name).write_bytes(content)
    title = scene.evaluation.indicator.title
    (folder / "suivi.xlsx").write_bytes(xlsx(["Indicateur", year], [title, 412]))
    pending = f.MembershipFactory(organisation=scene.organisation, pending=True).user.email
    yield ["anonymise", person]
    yield ["build_report", slug, year, "-o", "un.pdf"]
    yield ["build_report", slug, "finale"]
    yield ["erase_file", StoredFile.objects.first().sha256, "--asked-by", "Qui", "--reason", "Pr"]
    yield ["dump_convention", slug]
    yield ["dump_convention", slug, "-o", "copie.yaml"]
    for ending in ("pdf", "zip", "xlsx", "csv"):
        yield ["export_actions", slug, "-o", f"plan-écrit.{ending}"]
    yield ["export_template", slug, year, sigle, "-o", "modele.xlsx"]
    yield ["export_values", slug, "chiffres.xlsx", "--year", year, "--audience", "coordination"]
    yield ["export_values", slug, "-o", "chiffres.csv"]
    yield ["fetch_statistics", "cnaf_allocataires", year, "--file", "autre.csv"]
    for options in (["--dry-run"], ["--valid-rows"], []):
        yield ["import_actions", slug, "plan.xlsx", *options]
        yield ["import_organisations", slug, "table.csv", *options]
        yield ["import_values", slug, year, "suivi.xlsx", *options]
        yield ["import_values", slug, "toutes", "suivi.xlsx", *options]
    yield ["import_actions", slug, "plan.xlsx", "--by", coordinator.email]
    yield ["invite", "quelqu.un@example.org", slug, "reader", "--organisation", sigle]
    yield ["load_convention", "convention.yaml"]
    yield ["people", slug]
    yield ["people", slug, "--referent", person, sigle]
    yield ["people", slug, "--confirm", pending, sigle]
    yield ["review_library"]
    yield ["review_library", "--accept", number]
    yield ["review_library", "--refuse", number, "--reason", "Pr"]
    yield ["send_due_mail"]
    yield ["sweep_files", "--dry-run"]
    yield ["sweep_files"]
    call_command("import_values", slug, year, "suivi.xlsx", stdout=StringIO())
    yield ["import_values", slug, year, "--undo", str(Import.objects.get().pk)]
    yield ["verify_report", scene.evaluation.printing.file.path]


def odd(call: list[str]) -> Iterator[list[str]]:
    """Return a call with each of its values replaced in turn, files by others."""
    for at, argument in enumerate(call[1:], start=1):
        if not argument.startswith("-"):
            is_file = "." in argument and "@" not in argument
            for value in ODD_FILES if is_file else ODD:
                yield [*call[:at], value, *call[at + 1 :]]


def fault_of(call: list[str], *, may_refuse: bool) -> str:
    """Return what was raised that is no answer to who has called; empty without."""
    try:
        with undone():
            call_command(*call, stdout=StringIO(), stderr=StringIO())
    except (CommandError, SystemExit) as refused:
        return "" if may_refuse else f"{call}: {refused!r}"
    except Exception as error:  # one fault does not hide another
        return f"{call}: {describe(error)}"
    return ""


def test_each_command_does_what_it_is_asked_or_says_why_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    faults, played = [], set()
    with on_stage():
        for call in plausible(build_scene(), tmp_path):
            played.add(call[0])
            faults.append(fault_of(call, may_refuse=call[0] in REFUSED))
            faults += [fault_of(other, may_refuse=True) for other in few_of([*odd(call)], 8)]
    report(filter(None, faults))
    assert played == own_commands() - APART


def test_each_job_of_the_clock_is_done(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    faults = []
    with on_stage() as clock:
        build_scene()
        for days in (0, 1, 400):
            clock.move_to(WEDNESDAY + datetime.timedelta(days=days))
            for job in house().jobs:
                try:
                    job.run()
                except Exception as error:  # one fault does not hide another
                    faults.append(f"{job.name}: {describe(error)}")
    report(faults)
