"""Parts of an archive, as rooms declare them (``archive=[…]`` of their contributions)."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models.fields.files import FieldFile

from documents.stored_files import StoredFile
from documents.tables import Column, Table
from documents.tables.table import plain
from documents.uploads import clean_name


@dataclass(frozen=True)
class Text:
    """A text at a ``path`` within the archive. ``what``: its description in the notice."""

    path: str
    text: str
    what: str


@dataclass(frozen=True)
class PlainColumn:
    """Label and kind of a column, without the function that reads its values."""

    label: str
    kind: str


@dataclass(frozen=True)
class Rows:
    """A table whose rows were read: columns, values as files write them."""

    title: str
    columns: list[PlainColumn]
    rows: list[list]
    notes: list[str]

    @classmethod
    def of(cls, table: Table) -> "Rows":
        """Read all rows of a table."""
        columns = [PlainColumn(column.label, column.kind) for column in table.columns]
        rows = [[plain(value) for value in row] for row in table.rows]
        return cls(table.title, columns, rows, list(table.notes))

    @property
    def table(self) -> Table:
        """The rows as a table, to be written."""
        columns = [Column(column.label, kind=column.kind) for column in self.columns]
        return Table(self.title, columns, [tuple(row) for row in self.rows], self.notes)


@dataclass(frozen=True)
class Tables:
    """Tables that belong together, each as CSV and JSON, all of them as one workbook ``name``."""

    name: str
    tables: list[Rows]
    what: str

    @classmethod
    def of(cls, name: str, what: str, tables: Iterable[Table]) -> "Tables":
        return cls(name, [Rows.of(table) for table in tables], what)


@dataclass(frozen=True)
class ArchivedFile:
    """A file that is stored under the name ``stored``. ``sha256``: its digest when it was stored,
    empty where that was not noted."""

    path: str
    stored: str
    size: int
    sha256: str
    what: str

    @classmethod
    def of(cls, folder: str, document: StoredFile, what: str) -> "ArchivedFile":
        """Return the part for an uploaded document, in ``folder`` under its key and name."""
        path = f"{folder}/{document.pk}-{clean_name(document.name)}"
        return cls(path, document.file.name, document.size, document.sha256, what)

    @classmethod
    def from_field(cls, path: str, file: FieldFile, what: str) -> "ArchivedFile | None":
        """Return the part for the file of a field; None if it is no longer stored."""
        if not file or not file.storage.exists(file.name):
            return None
        return cls(path, file.name, file.size, "", what)


@dataclass(frozen=True)
class LeftOut:
    """Something that is left out of the archive, and why: two parts of a sentence."""

    what: str
    why: str


Part = Text | Tables | ArchivedFile | LeftOut


@dataclass(frozen=True)
class ArchiveContent:
    """The content of an archive as plain data: two of equal content are equal."""

    title: str
    day: str
    asked_by: str
    parts: list[Part] = field(default_factory=list)

    def of(self, kind: type) -> Sequence:
        """Return the parts of one type."""
        return [part for part in self.parts if isinstance(part, kind)]

    @property
    def weight(self) -> int:
        """The size of its stored files, in bytes."""
        return sum(part.size for part in self.of(ArchivedFile))

    def for_digest(self) -> dict:
        """Return the content as a dictionary, without who asked for it: one archive serves all who
        may read the same."""
        return dataclasses.asdict(dataclasses.replace(self, asked_by=""))
