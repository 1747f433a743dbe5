"""A stored file that is missing or was altered is handed out to nobody, and noted once."""

import logging
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse

from ctg_portal.hosting.integrity import Fault, models_with_digest
from ctg_portal.house import job, overridden
from ctg_portal.rules import Damaged
from documents import downloads
from documents.damaged_files import check_files
from documents.downloads import serve_picture, serve_stored_file
from documents.models import DamagedFile, Drawing, StoredFile, store
from documents.uploads import PICTURES
from spreadsheets.models import Application, FileReading, Import
from tests.documents.files import PDF
from tests.documents.images import png
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    return store(SimpleUploadedFile("avis.pdf", PDF), by=UserFactory())


def append_a_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


DAMAGES = [(append_a_byte, Fault.ALTERED), (Path.unlink, Fault.MISSING)]


class TestHandedOut:
    @pytest.mark.parametrize(("damage", "fault"), DAMAGES)
    def test_a_damaged_file_is_refused_and_logged(self, stored, damage, fault, caplog):
        damage(Path(stored.file.path))
        with pytest.raises(Damaged, match="il n’est pas remis"):
            serve_stored_file(stored)
        [record] = [one for one in caplog.records if one.levelno == logging.ERROR]
        assert fault.value in record.getMessage()
        assert stored.file.name in record.getMessage()
        assert stored.name not in record.getMessage()

    def test_a_file_that_the_disk_does_not_give_is_refused(self, stored, monkeypatch, caplog):
        def fails(content):
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("ctg_portal.hosting.integrity.digest_of", fails)
        with pytest.raises(Damaged, match="ne se lit plus"):
            serve_stored_file(stored)
        check_files()
        assert DamagedFile.objects.get().fault == Fault.UNREADABLE

    def test_a_damaged_picture_is_refused(self):
        upload = SimpleUploadedFile("cour.png", png())
        picture = store(upload, by=UserFactory(), accepted=PICTURES)
        append_a_byte(Path(picture.file.path))
        with pytest.raises(Damaged):
            serve_picture(picture)

    def test_a_large_file_is_compared_and_sent_piece_by_piece(self, stored, monkeypatch):
        monkeypatch.setattr(downloads, "AT_ONCE", 10)
        response = serve_stored_file(stored)
        assert isinstance(response, FileResponse)
        assert b"".join(response) == PDF
        response.close()
        append_a_byte(Path(stored.file.path))
        with pytest.raises(Damaged):
            serve_stored_file(stored)


class TestChecked:
    def test_all_models_with_a_digest_are_checked(self):
        assert {StoredFile, Drawing, Import, Application, FileReading} < {*models_with_digest()}

    def test_files_are_checked_each_day(self):
        assert job("documents.check_files").every.days == 1

    @pytest.mark.parametrize(("damage", "fault"), DAMAGES)
    def test_a_damaged_file_is_noted_and_its_rooms_notify_once(self, stored, damage, fault):
        followed = []
        damage(Path(stored.file.path))
        with overridden(after_damage=[followed.append]):
            check_files()
            check_files()
        [[damage]] = followed
        assert (damage.file.file, damage.file.fault) == (stored.file.name, fault)
        assert DamagedFile.objects.get() == damage.file

    def test_another_fault_of_the_file_is_no_news(self, stored):
        followed = []
        with overridden(after_damage=[followed.append]):
            append_a_byte(Path(stored.file.path))
            check_files()
            Path(stored.file.path).unlink()
            check_files()
        assert len(followed) == 1
        assert DamagedFile.objects.get().fault == Fault.MISSING

    def test_a_file_that_is_whole_again_is_damaged_no_more(self, stored):
        followed = []
        with overridden(after_damage=[followed.append]):
            append_a_byte(Path(stored.file.path))
            check_files()
            Path(stored.file.path).write_bytes(PDF)
            check_files()
            assert not DamagedFile.objects.exists()
            append_a_byte(Path(stored.file.path))
            check_files()
        assert len(followed) == 2

    def test_a_row_that_goes_during_the_check_is_no_fault(self, monkeypatch):
        drawing = Drawing(
            kind="x", scope="1", audience="x", title="x", name="x.pdf", state="ready",
            digest="0" * 64, sha256="0" * 64, size=1, pages=1, requested_by=UserFactory(),
            file="drawings/2026/x.pdf",
        )  # fmt: skip
        drawing.save()

        def gone(row):
            Drawing.objects.all().delete()
            return Fault.MISSING

        monkeypatch.setattr("documents.damaged_files.fault_of", gone)
        check_files()
        assert not DamagedFile.objects.exists()

    def test_the_clock_shows_that_it_is_alive_during_a_long_check(self, stored, monkeypatch):
        beats = []
        monkeypatch.setattr("documents.damaged_files.BEAT_EVERY", -1)
        monkeypatch.setattr("documents.damaged_files.beat", beats.append)
        check_files()
        assert beats == ["clock"]
