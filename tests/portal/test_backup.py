"""A backup is whole or not there, leaves out what opens an account, and is rehearsed."""

import io
import json
import os
import re
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from ctg_portal.hosting import backup
from documents.models import Drawing, StoredFile, store
from tests.documents.files import PDF
from tests.factories import UserFactory
from tests.kept import demonstration

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(tmp_path):
    store(ContentFile(PDF, name="a.pdf"), by=UserFactory())
    Session.objects.create(session_key="k" * 32, session_data="x", expire_date=timezone.now())
    Email.objects.create(from_email="a@b.fr", to=["c@d.fr"], subject="Code", message="ABCD-EFGH")
    return tmp_path / "backups"


def rehearsed(folder) -> str:
    output = io.StringIO()
    call_command("restore_drill", folder, stdout=output)
    return output.getvalue()


def test_a_backup_is_taken_and_rehearsed(folder):
    call_command("backup", folder)
    assert sorted(path.name.partition(".")[2] for path in folder.iterdir()) == [
        "dump", "json", "media.tar.gz",
    ]  # fmt: skip
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    text = rehearsed(folder)
    assert "1 fichier" in text
    noted = json.loads(next(folder.glob("*.json")).read_text())
    assert noted["counts"]["accounts_user"] == 1
    assert not {"django_session", "post_office_email"} & set(noted["counts"])
    assert b"ABCD-EFGH" not in next(folder.glob("*.dump")).read_bytes()


def test_the_whole_demonstration_is_taken_and_rehearsed(tmp_path, settings):
    demonstration().put_back(settings.MEDIA_ROOT)
    call_command("backup", tmp_path)
    text = rehearsed(tmp_path)
    assert "tels qu’ils avaient été notés" in text
    assert re.search(r"\b[1-9]\d* fichier", text)


def test_rows_that_come_during_a_backup_are_not_counted(folder, monkeypatch):
    pack = backup.pack

    def slowly(*args):
        UserFactory()
        store(ContentFile(PDF, name="b.pdf"), by=User.objects.first())
        return pack(*args)

    monkeypatch.setattr(backup, "pack", slowly)
    call_command("backup", folder)
    rehearsed(folder)


def test_a_backup_that_fails_leaves_the_others_and_no_part(folder, monkeypatch):
    call_command("backup", folder)
    old = {path.name for path in folder.iterdir()}
    for path in folder.iterdir():
        os.utime(path, (1, 1))

    def fails(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "pack", fails)
    with pytest.raises(CommandError, match="plein"):
        call_command("backup", folder)
    assert {path.name for path in folder.iterdir()} == old


def test_old_backups_go_once_the_new_one_is_there(folder):
    folder.mkdir()
    old, young, other = (
        folder / name
        for name in ("2020-01-01T000000.dump", f"{timezone.localdate()}T000000.dump", "mine.txt")
    )
    for path in (old, young, other):
        path.touch()
        os.utime(path, (1, 1))
    call_command("backup", folder)
    assert [path.exists() for path in (old, young, other)] == [False, True, True]


def test_a_rehearsal_names_what_is_lost(folder):
    call_command("backup", folder)
    note, files = next(folder.glob("*.json")), next(folder.glob("*.tar.gz"))
    noted = json.loads(note.read_text())
    noted["counts"]["accounts_user"] += 1
    noted["files"]["logos/perdu.png"] = "0" * 64
    note.write_text(json.dumps(noted))
    place = next(name for name in noted["files"] if name.startswith("documents/"))
    with tarfile.open(files, "w:gz") as packed:
        changed = tarfile.TarInfo(place)
        changed.size = 1
        packed.addfile(changed, io.BytesIO(b"x"))
    with pytest.raises(CommandError) as raised:
        rehearsed(folder)
    for fault in ("accounts_user : 1 lignes, 2", "perdu.png : absent", f"{place} : son empreinte"):
        assert fault in str(raised.value)


@pytest.mark.parametrize("command", ["backup", "restore_drill"])
def test_a_backup_of_sqlite_is_refused(tmp_path, monkeypatch, command):
    module = f"ctg_portal.management.commands.{command}.connection"
    monkeypatch.setattr(module, SimpleNamespace(vendor="sqlite"))
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command(command, tmp_path)


# What has happened to a file --------------------------------------------------------------------


def append_a_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def unreadable(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [(append_a_byte, "son empreinte"), (Path.unlink, "absent"), (unreadable, "illisible")],
)
def test_a_damaged_file_is_named_by_backup_and_rehearsal(folder, damage, fault):
    stored = StoredFile.objects.get()
    damage(Path(stored.file.path))
    folder.mkdir()
    old = folder / "2020-01-01T000000.dump"
    old.touch()
    with pytest.raises(CommandError) as raised:
        call_command("backup", folder)
    assert stored.file.name in str(raised.value)
    assert fault in str(raised.value)
    assert old.exists()  # the only copy that is whole may be there
    assert backup.newest(folder)
    with pytest.raises(CommandError, match=stored.file.name):
        rehearsed(folder)


def test_a_file_that_goes_during_a_backup_is_no_fault(folder, monkeypatch):
    pack = backup.pack

    def goes(*args):
        drawing.file.storage.delete(drawing.file.name)
        drawing.delete()
        return pack(*args)

    drawing = Drawing(
        kind="x", scope="1", audience="x", title="x", name="x.pdf", state="ready", size=3,
        digest="0" * 64, sha256="0" * 64, pages=1, requested_by=User.objects.first(),
    )  # fmt: skip
    drawing.file.save("x.pdf", ContentFile(b"%PD"), save=False)
    drawing.save()
    monkeypatch.setattr(backup, "pack", goes)
    call_command("backup", folder)
    rehearsed(folder)


# What has happened to a backup ------------------------------------------------------------------


DUMPS = [None, b"", b"SQLite format 3\0" + bytes(99), b"PGDMP"]


def test_a_damaged_dump_is_refused_in_a_sentence(taken):
    [dump], answers = taken.glob("*.dump"), []
    for content in DUMPS:
        dump.unlink() if content is None else dump.write_bytes(content)
        with pytest.raises(CommandError, match="ne se restaure pas") as raised:
            rehearsed(taken)
        answers.append(str(raised.value))
    assert "dump manque" in answers[0]
    assert all("pg_restore a échoué" in answer for answer in answers[1:])


def test_a_table_of_the_note_that_the_database_has_not_is_named(taken):
    [note] = taken.glob("*.json")
    note.write_text('{"counts": {"gone_table": 1}, "files": {}}')
    with pytest.raises(CommandError, match=r"la base a répondu .*gone_table"):
        rehearsed(taken)


@pytest.fixture
def taken(folder):
    call_command("backup", folder)
    return folder


def test_a_rehearsal_into_no_database_says_so(taken):
    with pytest.raises(CommandError, match="pg_restore a échoué"):
        call_command("restore_drill", taken, database="nulle_part")


@pytest.mark.parametrize("command", ["backup", "restore_drill"])
def test_the_programs_of_postgresql_may_be_missing(taken, monkeypatch, command):
    monkeypatch.setenv("PATH", "/nulle-part")
    with pytest.raises(CommandError, match="de PostgreSQL n’est pas installé"):
        call_command(command, taken)


def test_a_backup_into_a_file_says_why_not(tmp_path):
    (tmp_path / "note").touch()
    with pytest.raises(CommandError, match="note : c’est un fichier"):
        call_command("backup", tmp_path / "note")


def test_a_rehearsal_without_a_backup_says_so(tmp_path):
    with pytest.raises(CommandError, match="Aucune sauvegarde"):
        rehearsed(Path(tmp_path))
