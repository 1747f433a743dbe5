"""A disk that is full in earnest while the worker draws, writes the archive, marks a file or keeps
an import: told in French, nothing half-kept, and done once there is room again."""

import gc
import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conventions.archive.document import ArchiveDocument
from conventions.models import Organisation
from documents.drawing.composition import compose
from documents.drawing.events import request_drawing
from documents.drawing.models import CompositionState
from evaluation.report.events import request_report
from spreadsheets.importing import events
from spreadsheets.importing.reading import preview_of
from spreadsheets.marking.document import MarkedDocument
from spreadsheets.models import Import
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.indicators.factories import figures, indicator_in_force
from tests.spreadsheets.files import csv_text, xlsx

pytestmark = [
    pytest.mark.django_db,
    # What XlsxWriter had open when it found no room.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

TOLD = "Le serveur n’a plus de place"
SIZE, LEFT = 2 * 1024**2, 12 * 1024
HEAD = ["Nom", "Nature", "Commune", "Courriel"]
# Each in a commune of its own: within one, names are compared with each other.
ROWS = [[f"Structure {n * 7919}", "Association", f"Lieu {n}", f"a{n}@b.example"]
        for n in range(400)]  # fmt: skip
WRONG = ["Ludothèque", "Association", "Thuré", "pas une adresse"]


class Disk:
    def __init__(self, folder: Path):
        self.folder, self.filler = folder, folder / ".filler"

    def fill(self) -> None:
        room = os.statvfs(self.folder)
        self.filler.write_bytes(b"x" * (room.f_bavail * room.f_frsize - LEFT))

    def make_room(self) -> None:
        self.filler.unlink()

    def files(self) -> set[Path]:
        gc.collect()  # the fonts of a PDF go with what drew it
        return {one for one in self.folder.rglob("*") if one.is_file()} - {self.filler}


@pytest.fixture(name="disk")
def a_small_disk(tmp_path, settings, monkeypatch):
    """Files are kept, and written for a while, on a disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Only root mounts a disk")
    try:
        gc.freeze()  # only what the test makes is looked through for garbage
        settings.MEDIA_ROOT = folder
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        yield Disk(folder)
    finally:
        gc.collect()  # what XlsxWriter had open is closed here, in no test of others
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(name="committee")
def a_committee():
    return committee_of()


def report(committee):
    figures(committee, indicator_in_force(committee), {2022: 410, 2023: 430})
    return lambda: request_report(
        committee.convention, 2023, digest="1" * 64, by=committee.coordinator
    )


def archive(committee):
    Organisation.objects.bulk_create(
        Organisation(convention=committee.convention, name=name, acronym=name, is_added=True)
        for name, *_ in ROWS
    )
    return lambda: _drawn(ArchiveDocument(), committee.convention.pk, committee)


def marked(committee, name: str = "a.xlsx"):
    content = xlsx if name.endswith("xlsx") else lambda *rows: csv_text(*rows).encode()
    row = _brought(committee, name, content(HEAD, WRONG, *ROWS))
    return lambda: _drawn(MarkedDocument(), row.pk, committee)


def marked_anew(committee):
    return marked(committee, "a.csv")


def applied_import(committee):
    row = _brought(committee, "a.xlsx", xlsx(HEAD, *ROWS[:150]))
    digest = preview_of(row, committee.coordinator).digest
    return lambda: events.ask_to_apply(
        row, digest=digest, is_partial=True, by=committee.coordinator
    )


def read(committee):
    row = _brought(committee, "a.xlsx", xlsx(HEAD, *ROWS))
    assert row.is_large

    def ask():
        events.read_again(row, by=committee.coordinator)
        return row.readings.first()

    return ask


def _brought(committee, name: str, content: bytes) -> Import:
    upload = SimpleUploadedFile(name, content)
    slug = committee.convention.slug
    row = events.bring("conventions.organisations", slug, upload, by=committee.coordinator)
    for reading in row.readings.all():
        assert compose(reading)
    return row


def _drawn(kind, scope, committee):
    asked = kind.ask(str(scope), {}, committee.coordinator)
    return request_drawing(kind, str(scope), {}, asked, by=committee.coordinator)[0]


@pytest.mark.parametrize("what", [report, archive, read, marked, marked_anew, applied_import])
@pytest.mark.long
def test_an_act_on_a_full_disk_says_so_and_leaves_nothing(committee, disk, what):
    ask = what(committee)
    before, added = disk.files(), Organisation.objects.added().count()
    disk.fill()
    row = ask()
    assert not compose(row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (CompositionState.FAILED, 1)
    assert row.transitions.last().reason.startswith(TOLD)
    assert disk.files() == before
    assert Organisation.objects.added().count() == added

    disk.make_room()
    again = ask()
    assert again.pk != row.pk
    assert compose(again)
    again.refresh_from_db()
    assert len(disk.files() - before) == 1
    assert (disk.folder / again.file.name).stat().st_size == again.size


def test_a_marked_file_on_a_full_disk_is_refused_by_its_page(committee, disk, client):
    row = _brought(committee, "a.csv", csv_text(HEAD, WRONG, *ROWS[:99]).encode())
    assert not row.is_large
    client.force_login(committee.coordinator)
    client.raise_request_exception = False
    before = disk.files()
    disk.fill()
    address = reverse("spreadsheets:marked", args=[row.pk])
    response = client.get(address)
    assert TOLD in page_of(response, 507)
    assert disk.files() == before
    disk.make_room()
    assert client.get(address).status_code == 200
