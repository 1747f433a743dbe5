"""A backup whose note or files are damaged is refused in a sentence, before a database is asked."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from ctg_portal.hosting import backup

STAMP = "2026-11-26T030000"


def packed_with(name: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as packed:
        packed.addfile(tarfile.TarInfo(name), io.BytesIO())
    return content.getvalue()


WHOLE = packed_with("documents/a")
NOTE = json.dumps({"counts": {"a": 1}, "files": {"documents/a": "0"}, "gone": []}).encode()
DAMAGED = [
    ("dump", None, "dump manque"),
    ("media.tar.gz", None, "media.tar.gz manque"),
    ("media.tar.gz", b"", "media.tar.gz est vide"),
    ("media.tar.gz", WHOLE[: len(WHOLE) // 2], "abîmé ou incomplet"),
    ("media.tar.gz", WHOLE[:-4], "abîmé ou incomplet"),
    ("media.tar.gz", b"no archive", "abîmé ou incomplet"),
    ("media.tar.gz", gzip.compress(b"no tar"), "abîmé ou incomplet"),
    ("media.tar.gz", gzip.compress(b""), "abîmé ou incomplet"),
    ("media.tar.gz", packed_with("../ailleurs"), "sort du dossier : ../ailleurs"),
    ("json", b"", "ne se lit pas"),
    ("json", NOTE[:-2], "ne se lit pas"),
    ("json", b"\xff\xfe", "ne se lit pas"),
    ("json", b"[]", "il y manque les tables"),
    ("json", b'{"counts": {}}', "il y manque"),
    ("json", b'{"counts": {"a": "b"}, "files": {}}', "il y manque"),
    ("json", b'{"counts": {"a; b": 1}, "files": {}}', "il y manque"),
    ("json", b'{"counts": {}, "files": {}, "gone": [[]]}', "il y manque"),
]


@pytest.fixture
def taken(tmp_path):
    for part, content in (("dump", b"x"), ("media.tar.gz", WHOLE), ("json", NOTE)):
        (tmp_path / f"{STAMP}.{part}").write_bytes(content)
    return backup.Backup(tmp_path, STAMP)


# Numbered, as an archive has its hour in its bytes: processes would not agree on the names.
@pytest.mark.parametrize(("part", "content", "reason"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_part_is_named(taken, part, content, reason):
    path = taken.folder / f"{STAMP}.{part}"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(backup.Failed) as raised:
        backup.rehearse(taken)
    assert reason in str(raised.value)
    assert str(raised.value).startswith((path.name, f"la note {path.name}"))


def test_a_full_disk_is_named(taken, monkeypatch):
    def fails(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extractall", fails)
    with pytest.raises(backup.Failed, match="le disque est plein"):
        backup.rehearse(taken)


@pytest.mark.parametrize("name", ["2026-13-45T999999.json", "note.json"])
def test_a_note_of_no_moment_is_no_backup(tmp_path, name):
    (tmp_path / name).touch()
    assert backup.newest(Path(tmp_path)) is None
