"""What an archive holds, as rooms declare it (``archive=[…]`` of their contributions)."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models.fields.files import FieldFile

from documents.models import StoredFile
from documents.tables import Column, Table
from documents.tables.table import plain
from documents.uploads import clean_name


@dataclass(frozen=True)
class Text:
    """A text at a ``path`` within the archive; ``what`` it is, in a line of its notice."""

    path: str
    text: str
    what: str


@dataclass(frozen=True)
class PlainColumn:
    """What a column is called, without what reads its values."""

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
        columns = [PlainColumn(one.label, one.kind) for one in table.columns]
        rows = [[plain(value) for value in row] for row in table.rows]
        return cls(table.title, columns, rows, list(table.notes))

    @property
    def table(self) -> Table:
        columns = [Column(one.label, kind=one.kind) for one in self.columns]
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
class Kept:
    """A file that lies in the folder of files under ``stored``; ``sha256``: as it was kept, empty
    where nobody has noted it."""

    path: str
    stored: str
    size: int
    sha256: str
    what: str

    @classmethod
    def of(cls, folder: str, document: StoredFile, what: str) -> "Kept":
        """A deposited document, under a name that no other of the folder has."""
        path = f"{folder}/{document.pk}-{clean_name(document.name)}"
        return cls(path, document.file.name, document.size, document.sha256, what)

    @classmethod
    def from_field(cls, path: str, file: FieldFile, what: str) -> "Kept | None":
        """A file without a row of its own; None for one that is gone from its folder."""
        if not file or not file.storage.exists(file.name):
            return None
        return cls(path, file.name, file.size, "", what)


@dataclass(frozen=True)
class LeftOut:
    """What is not in it, and why: two parts of a sentence."""

    what: str
    why: str


Part = Text | Tables | Kept | LeftOut


@dataclass(frozen=True)
class ArchiveContent:
    """All that an archive holds, as plain data: two of the same content are the same."""

    title: str
    day: str
    asked_by: str
    parts: list[Part] = field(default_factory=list)

    def of(self, kind: type) -> Sequence:
        return [part for part in self.parts if isinstance(part, kind)]

    @property
    def weight(self) -> int:
        """How many bytes its files take."""
        return sum(part.size for part in self.of(Kept))

    def for_digest(self) -> dict:
        """Without who asked for it: the same content for the same people is the same archive."""
        return dataclasses.asdict(dataclasses.replace(self, asked_by=""))
