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
from documents.models import store
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


def test_a_backup_of_sqlite_is_refused(tmp_path, monkeypatch):
    command = "ctg_portal.management.commands.backup.connection"
    monkeypatch.setattr(command, SimpleNamespace(vendor="sqlite"))
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("backup", tmp_path)


def test_a_rehearsal_without_a_backup_says_so(tmp_path):
    with pytest.raises(CommandError, match="Aucune sauvegarde"):
        rehearsed(Path(tmp_path))
