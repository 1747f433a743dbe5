"""An archive is written to disk, file after file; what is wrong with one is said."""

import hashlib
import io
import tempfile
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.archives.parts import ArchiveContent, ArchivedFile, Tables, Text
from documents.archives.writing import ArchiveWriter
from documents.tables import Column, Table

pytestmark = pytest.mark.django_db

LARGE = 40 * 1024**2


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def archived_file(
    content: bytes, name: str = "documents/1-a.pdf", sha256: str | None = None
) -> ArchivedFile:
    stored = default_storage.save("a", ContentFile(content))
    digest = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
    return ArchivedFile(name, stored, len(content), digest, "un document")


def written(*parts, target=None) -> tuple[ArchiveWriter, bytes]:
    target = target or io.BytesIO()
    writer = ArchiveWriter(target)
    content = ArchiveContent("Essai", "2026-01-01", "Camille", list(parts))
    writer.write(content, lambda writer: "\n".join(entry.path for entry in writer.entries))
    target.seek(0)
    return writer, target.read() if isinstance(target, io.BytesIO) else b""


def test_a_large_file_does_not_pass_through_the_memory():
    part = archived_file(b"x" * LARGE)
    with tempfile.TemporaryFile() as target:
        tracemalloc.start()
        writer, _ = written(part, target=target)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 4 * 1024**2
    assert (writer.entries[0].size, writer.entries[0].sha256) == (LARGE, part.sha256)


def test_an_archive_says_which_file_is_gone_and_has_the_others():
    gone = archived_file(b"x")
    default_storage.delete(gone.stored)
    writer, content = written(gone, Text("a.md", "Bonjour", "un texte"))
    assert [first.what for first in writer.missing] == ["documents/1-a.pdf"]
    assert "a.md" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_an_archive_says_which_file_has_changed():
    writer, _ = written(archived_file(b"x", sha256="0" * 64))
    assert "il a changé depuis" in writer.entries[0].note


def test_tables_of_an_archive_are_three_files_without_formulas():
    columns = [Column("Titre"), Column("Prévu", kind="euros")]
    rows = [("=cmd|' /C calc'!A0", 12)]
    table = Tables.of("plan", "le plan", [Table("Plan", columns, rows)])
    writer, content = written(table)
    assert [entry.path for entry in writer.entries] == [
        "tableaux/plan.xlsx", "tableaux/plan.csv", "donnees/plan.json",
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("tableaux/plan.csv").decode("utf-8-sig")
        assert text.splitlines()[0] == "Titre;Prévu (€)"
        assert text.splitlines()[1].startswith("'=cmd|")


def test_the_digest_of_an_archive_leaves_out_who_asked_for_it():
    first, second = (ArchiveContent("Essai", "2026-01-01", who) for who in ("Camille", "Dominique"))
    assert first.for_digest() == second.for_digest()
