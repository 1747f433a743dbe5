"""A full disk, and a transaction that is undone, leave nothing behind; what was typed is kept."""

import errno
import gc
import io
import logging
import os
import sqlite3
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from ctg_portal.hosting.space import NO_SPACE, is_full
from ctg_portal.house import job
from ctg_portal.rules import Refused
from documents.models import StoredFile, store
from tests.documents.files import PDF
from tests.factories import UserFactory

pytestmark = pytest.mark.postgresql


class FullDisk(ContentFile):
    """A file of which the second half finds no place."""

    def chunks(self, chunk_size=None):
        yield b"half of it"
        raise OSError(errno.ENOSPC, "No space left on device")


def kept_files() -> list[str]:
    root = Path(default_storage.location)
    return [path.name for path in root.rglob("*") if path.is_file()]


@pytest.mark.django_db
class TestNothingIsLeft:
    def test_nothing_is_left_of_a_file_that_found_no_place(self, monkeypatch):
        monkeypatch.setattr(ContentFile, "chunks", FullDisk.chunks)
        with pytest.raises(OSError, match="space"):
            default_storage.save("documents/a", ContentFile(b"x"))
        assert not kept_files()

    def test_nothing_is_left_of_an_upload_that_found_no_place(self, monkeypatch):
        upload = ContentFile(PDF, name="a.pdf")
        monkeypatch.setattr("documents.storage.FileSystemStorage._save", no_place)
        with pytest.raises(Refused) as refused, transaction.atomic():
            store(upload, by=UserFactory())
        assert refused.value.refusal is NO_SPACE
        assert not StoredFile.objects.exists()

    def test_nothing_is_left_of_a_transaction_that_is_undone(self):
        with transaction.atomic():
            store(ContentFile(PDF, name="a.pdf"), by=UserFactory())
            assert len(kept_files()) == 1
            transaction.set_rollback(True)
        assert not kept_files()

    def test_nothing_is_left_of_a_savepoint_that_is_undone(self):
        with transaction.atomic():
            document = store(ContentFile(PDF, name="a.pdf"), by=UserFactory())
            with transaction.atomic():
                store(ContentFile(PDF, name="b.pdf"), by=UserFactory())
                transaction.set_rollback(True)
        assert kept_files() == [Path(document.file.name).name]

    @pytest.mark.django_db(transaction=True)
    def test_a_failure_after_the_commit_deletes_no_file(self):
        def fails():
            raise KeyError

        def commit():
            with transaction.atomic():
                transaction.on_commit(fails)
                store(ContentFile(PDF, name="a.pdf"), by=UserFactory())

        with pytest.raises(KeyError):
            commit()
        assert len(kept_files()) == StoredFile.objects.count() == 1

    def test_a_committed_file_stays(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            stored = store(ContentFile(PDF, name="a.pdf"), by=UserFactory())
        callbacks.clear()
        transaction.get_connection().run_on_commit.clear()
        assert Path(stored.file.path).read_bytes() == PDF


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_file_stays_with_its_row_when_the_connection_is_lost(monkeypatch):
    """The server commits, and goes before it has said so."""
    user, commit = UserFactory(), connection._commit

    def lost():
        commit()
        connection.connection.close()
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "_commit", lost)
        with pytest.raises(OperationalError), transaction.atomic():
            store(ContentFile(PDF, name="a.pdf"), by=user)
    gc.collect()
    [stored] = StoredFile.objects.all()
    assert stored.file.storage.exists(stored.file.name)


def no_place(*args):
    raise OSError(errno.ENOSPC, "No space left on device")


class TestWhatFullIs:
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
    def test_an_error_of_a_full_disk_is_recognised(self, code):
        assert is_full(OSError(code, "x"))
        assert not is_full(OSError(errno.EACCES, "x"))

    def test_an_error_of_a_full_database_is_recognised(self):
        class DiskFull(Exception):  # noqa: N818
            pgcode = "53100"

        for cause in (sqlite3.OperationalError("database or disk is full"), DiskFull()):
            error = OperationalError("x")
            error.__cause__ = cause
            assert is_full(error)
        assert not is_full(OperationalError("database is locked"))

    @pytest.mark.parametrize(("free", "full"), [(0, True), (10**9, False)])
    def test_an_io_error_of_sqlite_is_a_full_disk_without_room(
        self, free, full, monkeypatch, settings
    ):
        monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", "/srv/db.sqlite3")
        assert is_full(OperationalError("disk I/O error")) is full

    def test_no_error_is_no_full_disk(self):
        assert not is_full(None)


RHYTHM = {"mail_rhythm": "at_once"}


@pytest.mark.django_db
class TestPage:
    def test_the_page_of_a_full_disk_shows_what_was_typed(self, client, monkeypatch):
        client.force_login(UserFactory())
        client.raise_request_exception = False
        monkeypatch.setattr("accounts.models.User.save", no_place)
        typed = {"first_name": "Anaïs <b>", "last_name": "Ô", "password": "secret", "next": "/x"}
        response = client.post("/compte/", typed | RHYTHM)
        page = response.content.decode()
        assert response.status_code == 507
        assert "Le serveur n’a plus de place" in page
        assert "Anaïs &lt;b&gt;" in page
        assert 'action="/compte/"' in page
        assert "secret" not in page
        assert "csrfmiddlewaretoken" in page

    def test_the_page_of_a_silent_database_shows_what_was_typed(self, client, monkeypatch):
        client.force_login(UserFactory())
        client.raise_request_exception = False

        def lost(*args):
            raise OperationalError("connection refused")

        monkeypatch.setattr("accounts.models.User.save", lost)
        response = client.post("/compte/", {"first_name": "Anaïs", "last_name": "Ô"} | RHYTHM)
        assert response.status_code == 503
        assert "La base de données ne répond pas" in response.content.decode()
        assert "Anaïs" in response.content.decode()

    def test_the_page_of_a_full_disk_is_valid_html(self, client, monkeypatch):
        client.raise_request_exception = False
        monkeypatch.setattr("allauth.account.forms.LoginForm.clean", no_place)
        sent = {"login": "a@b.fr", "password": "x", "next": "<&"}
        page = client.post("/connexion/", sent).content.decode()
        html5lib.HTMLParser(strict=True).parse(page)
        assert "a@b.fr" in page

    def test_the_page_of_a_full_disk_without_input_has_no_form(self, client, monkeypatch):
        client.raise_request_exception = False
        monkeypatch.setattr("ctg_portal.views.render", no_place)
        response = client.get("/accessibilite/")
        assert (response.status_code, b"<form" in response.content) == (507, False)

    def test_a_log_without_room_breaks_no_page(self, client, monkeypatch):
        class Full(io.StringIO):
            write = no_place

        handler = logging.StreamHandler(Full())
        monkeypatch.setattr("sys.stderr", Full())
        logging.getLogger().addHandler(handler)
        try:
            assert client.get("/accessibilite/").status_code == 200
        finally:
            logging.getLogger().removeHandler(handler)


def put(name: str, age: timedelta) -> Path:
    path = Path(default_storage.location, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = (timezone.now() - age).timestamp()
    os.utime(path, (then, then))
    return path


@pytest.mark.django_db
class TestSweep:
    def test_a_file_without_row_is_deleted_after_a_day(self, caplog):
        stored = store(ContentFile(PDF, name="a.pdf"), by=UserFactory())
        os.utime(stored.file.path, (1, 1))
        old = put("documents/2024/old", timedelta(days=2))
        young = put("documents/2024/young", timedelta(hours=2))
        hidden = put(".keep", timedelta(days=9))
        shown = StringIO()
        call_command("sweep_files", dry_run=True, stdout=shown)
        assert "documents/2024/old" in shown.getvalue()
        assert old.exists()
        with caplog.at_level(logging.INFO):
            job("documents.sweep").run()
        assert not old.exists()
        assert young.exists()
        assert hidden.exists()
        assert Path(stored.file.path).exists()

    def test_no_file_is_deleted_when_almost_all_lack_a_row(self, caplog):
        files = [put(f"documents/2024/{i}", timedelta(days=2)) for i in range(30)]
        job("documents.sweep").run()
        assert all(path.exists() for path in files)
        assert "30" in caplog.text
