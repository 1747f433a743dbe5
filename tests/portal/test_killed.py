"""A worker is killed in the middle, or what draws for it, or both: nothing is half-kept, what was
to be done is done by the next one, and nothing is told twice or said to go on for ever."""

import os
import socketserver
import threading
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.models import STATUS, Email

from conventions.archive.document import ArchiveDocument
from conventions.models import Convention, Organisation, Party
from ctg_portal.house import job
from documents.drawing.events import request_drawing
from documents.drawing.models import CompositionState, Drawing, Stage, compositions
from documents.drawing.press import has_ended
from spreadsheets.importing import events
from spreadsheets.importing.reading import preview_of
from spreadsheets.importing.undoing import UndoingDocument
from spreadsheets.models import Import
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, somebody_waits_for_a_lock
from tests.databases import few_of
from tests.documents.images import png
from tests.spreadsheets.files import xlsx
from tests.workers import PATIENCE, aside_of, children_of, kill, processes, until

pytestmark = ON_POSTGRESQL


@pytest.fixture
def start(tmp_path):
    with processes(tmp_path / "log") as start:
        yield start
        # What is drawn is there before what was written for it is gone.
        until(lambda: not list(aside_of(tmp_path / "log").glob("**/ctg-*")))


@pytest.fixture(name="committee")
def a_committee(transactional_db):
    return committee_of()


class Archive:
    """The archive, at the first file that is put into it: reading it takes as long as one likes."""

    def __init__(self, committee):
        party = Party.objects.of(committee.convention).first()
        party.logo.save("logo.png", ContentFile(png()))
        self.path = Path(party.logo.path)
        kind = ArchiveDocument()
        asked = kind.ask(str(committee.convention.pk), {}, committee.coordinator)
        scope = str(committee.convention.pk)
        self.row, _ = request_drawing(kind, scope, {}, asked, by=committee.coordinator)

    @contextmanager
    def held_up(self):
        content = self.path.read_bytes()
        self.path.unlink()
        os.mkfifo(self.path)
        yield
        self.path.unlink()
        self.path.write_bytes(content)

    def is_in_the_middle(self) -> bool:
        return Drawing.objects.filter(stage=Stage.DRAWING).exists()

    def check_nothing_is_done(self):
        pass  # but files, which all are asked about

    def check_all_is_done(self):
        self.row.refresh_from_db()
        with zipfile.ZipFile(self.row.file.path) as archive:
            assert archive.testzip() is None
            assert any(name.startswith("convention/logos/") for name in archive.namelist())


class Imported:
    """Forty organisations of a file."""

    names = tuple(f"Structure {n * 7919}" for n in range(40))

    def __init__(self, committee):
        self.committee, by = committee, committee.coordinator
        rows = [[name, "Association", "Thuré"] for name in self.names]
        upload = SimpleUploadedFile("a.xlsx", xlsx(["Nom", "Nature", "Commune"], *rows))
        slug = committee.convention.slug
        self.file = events.bring("conventions.organisations", slug, upload, by=by)
        self.preview = preview_of(self.file, by)

    @contextmanager
    def held_up(self):
        """Another writes one of its rows, and takes his time."""
        with transaction.atomic():
            self.locked().select_for_update().get()
            yield

    def is_in_the_middle(self) -> bool:
        return somebody_waits_for_a_lock()

    def added(self) -> int:
        return Organisation.objects.added().count()


class Keeping(Imported):
    def __init__(self, committee):
        super().__init__(committee)
        digest = self.preview.digest
        self.row = events.ask_to_apply(
            self.file, digest=digest, is_partial=False, by=committee.coordinator
        )

    def locked(self):
        return Convention.objects.filter(pk=self.committee.convention.pk)

    def check_nothing_is_done(self):
        assert self.added() == 0
        assert Import.objects.get().is_received

    def check_all_is_done(self):
        assert self.added() == len(self.names)
        assert Import.objects.get().is_applied


class Undoing(Imported):
    """It has put back all of it but the line that it began with."""

    def __init__(self, committee):
        super().__init__(committee)
        events.apply(self.file, self.preview, by=committee.coordinator)
        kind, scope = UndoingDocument(), str(self.file.pk)
        asked = kind.ask(scope, {}, committee.coordinator)
        self.row, _ = request_drawing(kind, scope, {}, asked, by=committee.coordinator)

    def locked(self):
        return Organisation.objects.added().filter(name=self.names[0])

    def check_nothing_is_done(self):
        assert self.added() == len(self.names)
        assert Import.objects.get().is_applied

    def check_all_is_done(self):
        assert self.added() == 0
        assert Import.objects.get().is_undone


KILLED = [
    (Archive, "what draws"),
    (Keeping, "both"),
    (Archive, "worker"),
    (Undoing, "worker"),
    (Undoing, "what draws"),
]


@pytest.mark.parametrize(("work", "killed"), few_of(KILLED, 3))
@pytest.mark.long
def test_what_is_killed_in_the_middle_leaves_nothing_and_is_done_again(
    committee, start, client, work, killed
):
    going_on = work(committee)
    files = set(_files())
    worker = start()
    with going_on.held_up():
        until(going_on.is_in_the_middle)
        [drawing] = children_of(worker)
        if killed != "worker":
            kill(drawing)
        if killed != "what draws":
            kill(worker.pid)
            until(lambda: has_ended(drawing))
    if killed != "what draws":
        going_on.check_nothing_is_done()
        worker.wait()
        _let_leases_end()
        worker = start("--batch")
        assert worker.wait(PATIENCE) == 0
    until(lambda: not _unfinished())
    going_on.row.refresh_from_db()
    assert (going_on.row.is_ready, going_on.row.attempts) == (True, 2)
    going_on.check_all_is_done()
    _sweep()
    assert set(_files()) - files == {going_on.row.file.name}
    client.force_login(committee.coordinator)
    page = client.get(going_on.row.get_absolute_url() if work is Archive else _page(going_on))
    assert "en cours" not in page.content.decode()


def _page(going_on) -> str:
    return reverse("spreadsheets:import", args=[going_on.file.pk])


def _files() -> list[str]:
    root = Path(default_storage.location)
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


def _sweep() -> None:
    """A day later."""
    for name in _files():
        os.utime(default_storage.path(name), (1, 1))
    call_command("sweep_files", verbosity=0)


def _unfinished() -> bool:
    return any(model.objects.unfinished().exists() for model in compositions())


def _let_leases_end() -> None:
    for model in compositions():
        model.objects.filter(state=CompositionState.COMPOSING).update(lease_until=timezone.now())


@pytest.fixture
def queue(settings):
    """Tasks wait for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def _later(rows, **ages: timedelta) -> None:
    rows.update(**{name: timezone.now() - 2 * age for name, age in ages.items()})


def _check_no_task_goes_on() -> None:
    _later(DBTaskResult.objects.running(), started_at=timedelta(minutes=2))
    job("portal.end_lost_tasks").run()
    assert not DBTaskResult.objects.running().exists()


HELD = 3  # the message that the server of mail has, and does not say that it has


class _Post(socketserver.StreamRequestHandler):
    """A server of mail: what it was given, in the order that it came."""

    def handle(self):
        self.wfile.write(b"220 ctg.example\r\n")
        for line in self.rfile:
            command = line.split()[0].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                message = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.given.append(message_from_bytes(message))
                if len(self.server.given) == HELD:
                    self.server.may_answer.wait(PATIENCE)
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
            if command == b"QUIT":
                return


class _PostServer(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Post)
        self.given, self.may_answer = [], threading.Event()

    def handle_error(self, request, client_address):
        """Who is killed says no good-bye."""

    @property
    def subjects(self) -> list[str]:
        return [message["Subject"] for message in self.given]


@pytest.fixture
def post():
    with _PostServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.may_answer.set()
        server.shutdown()


@pytest.mark.usefixtures("queue", "transactional_db")
def test_mail_is_sent_once_but_for_what_nobody_knows_to_have_arrived(tmp_path, post):
    """The third message, taken without a word, is sent again with the same number."""
    outbox = get_connection("ctg_portal.mail.OutboxBackend")
    outbox.send_messages(
        EmailMessage(f"Courrier {number}", "Bonjour", to=["awa@caf.example"]) for number in range(6)
    )
    with processes(tmp_path / "log", SMTP_PORT=str(post.server_address[1])) as start:
        worker = start()
        until(lambda: len(post.given) == HELD)
        worker.kill()
        worker.wait()
        assert Email.objects.filter(status=STATUS.sent).count() == HELD - 1
        post.may_answer.set()
        assert start("--once", command="clock").wait(PATIENCE) == 0
    assert post.subjects == [f"Courrier {n}" for n in [0, 1, 2, 2, 3, 4, 5]]
    assert post.given[HELD - 1]["Message-ID"] == post.given[HELD]["Message-ID"]
    assert not Email.objects.exclude(status=STATUS.sent).exists()
    _check_no_task_goes_on()
