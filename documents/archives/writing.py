"""Writer of archives: file after file to disk, each with its SHA-256, the notice last."""

import datetime
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import IO

from django.core.files.storage import default_storage

from documents.archives.parts import ArchiveContent, ArchivedFile, LeftOut, Rows, Tables, Text
from documents.tables import to_csv, to_xlsx
from documents.uploads import clean_name

NOTICE, SUMS = "LISEZMOI.txt", "SHA256SUMS"
CHUNK = 256 * 1024
# Files that are compressed already: compressing them again takes time and saves nothing.
COMPRESSED = (".pdf", ".png", ".jpg", ".jpeg", ".docx", ".xlsx", ".odt", ".ods", ".odp", ".pptx",
              ".zip")  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A file of the archive. ``note``: what is wrong with it, empty where nothing is."""

    path: str
    sha256: str
    size: int
    what: str
    note: str = ""


@dataclass
class ArchiveWriter:
    """A writer into a seekable ``target``. ``entries``: the files written so far; ``missing``:
    those that are no longer stored."""

    target: IO[bytes]
    entries: list[Entry] = field(default_factory=list)
    missing: list[LeftOut] = field(default_factory=list)

    def write(self, content: ArchiveContent, notice: Callable[["ArchiveWriter"], str]) -> None:
        """Write all parts of ``content``, their digests, and the text that ``notice`` returns."""
        with zipfile.ZipFile(self.target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as self.zip:
            for text in content.of(Text):
                self._add(text.path, [text.text.encode()], text.what)
            for tables in content.of(Tables):
                self._tables(tables)
            for archived in content.of(ArchivedFile):
                self._stored_file(archived)
            sums = "".join(f"{entry.sha256}  {entry.path}\n" for entry in self.entries)
            self.zip.writestr(SUMS, sums)
            self.zip.writestr(NOTICE, notice(self).replace("\n", "\r\n"))

    def _tables(self, tables: Tables) -> None:
        """Write a workbook of all these tables, and each one as CSV and as JSON."""
        workbook = to_xlsx(*(rows.table for rows in tables.tables))
        self._add(f"tableaux/{tables.name}.xlsx", [workbook], tables.what)
        for rows in tables.tables:
            name = f"{tables.name}-{clean_name(rows.title).lower().replace(' ', '-')}"
            if len(tables.tables) == 1:
                name = tables.name
            self._add(f"tableaux/{name}.csv", [to_csv(rows.table)], "les mêmes lignes")
            self._add(f"donnees/{name}.json", [_json(rows)], "les mêmes lignes")

    def _stored_file(self, archived: ArchivedFile) -> None:
        """Write a stored file, with a note where its digest has changed; one that is no longer
        stored is listed as missing."""
        try:
            file = default_storage.open(archived.stored)
        except FileNotFoundError:
            self.missing.append(LeftOut(archived.path, "le fichier n’est plus sur le serveur"))
            return
        with file:
            chunks = iter(lambda: file.read(CHUNK), b"")
            digest = self._add(archived.path, chunks, archived.what)
        if archived.sha256 not in ("", digest):
            note = f"son empreinte au dépôt était {archived.sha256} : il a changé depuis"
            self.entries[-1] = replace(self.entries[-1], note=note)

    def _add(self, path: str, chunks: Iterable[bytes], what: str) -> str:
        """Write a file of these chunks, add it to ``entries``, and return its SHA-256."""
        info = zipfile.ZipInfo(path)
        is_compressed = path.lower().endswith(COMPRESSED)
        info.compress_type = zipfile.ZIP_STORED if is_compressed else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.entries.append(Entry(path, digest.hexdigest(), size, what))
        return digest.hexdigest()


def _json(rows: Rows) -> bytes:
    """Encode rows as a list of objects by label of the column; days as 2024-07-01."""
    names = [column.label for column in rows.columns]
    objects = [dict(zip(names, row, strict=True)) for row in rows.rows]
    return json.dumps(objects, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: datetime.date | Decimal) -> str | int | float:
    """Return a day or a number as JSON writes it."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return int(value) if value == int(value) else float(value)
