"""What a room tells so that its tables come in: one class, one object in its contributions."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import User
from ctg_portal.house import house
from ctg_portal.rules import Refusal, Refused
from spreadsheets.columns.questions import Asking
from spreadsheets.importing.preview import Line, Preview
from spreadsheets.models import Import
from spreadsheets.reading.cells import Book
from spreadsheets.reading.open import LARGE_CELLS

GONE = Refusal(
    "Cet import n’existe plus pour vous : vos accès ont changé depuis l’envoi du fichier."
)


class Onward(NamedTuple):
    """The button with which one goes on with what an import kept."""

    address: str
    label: str


class Undoing(NamedTuple):
    """What it takes to undo a line: what was there ``before``, and which ``writing`` it made."""

    before: dict
    writing: str = ""


@dataclass(frozen=True)
class ImportWords:
    """What the pages of an import say of what it keeps: what it is (``things``: « valeur,valeurs »,
    a feminine noun), where one goes on once it is kept (``onward``), what undoing does
    (``undoing``), which layouts are read (``layouts``), and what becomes of a yellow cell
    (``waiting``)."""

    things: str
    onward: str
    undoing: str
    layouts: str
    waiting: str = "Ce qui reste jaune attend ici, sans bloquer le reste."


class Adapter(ABC):
    """How the tables of a kind come in; ``name`` is stored.

    ``scope`` is what the room knows the place by where they go, as text: opaque to all others.
    """

    name: str
    words: ImportWords

    @abstractmethod
    def refusal(self, scope: str, user: User | None) -> Refusal | None:
        """Return why ``user`` brings no file there. Raises Refused where the place does not
        exist."""

    def access(self, scope: str, user: User | None) -> Refusal | None:
        """Return why ``user`` no longer sees what they brought there. Raises Refused as
        ``refusal``; which a room tells apart where bringing is over, while what was brought is
        still to be read."""
        return self.refusal(scope, user)

    def cells_at_once(self, scope: str) -> int:
        """Return of how many cells a file is read while a page waits; of more by the worker."""
        return LARGE_CELLS

    @abstractmethod
    def office(self, scope: str, user: User | None) -> str:
        """Return whose files are alike: what was answered for one is answered for the next."""

    @abstractmethod
    def preview(self, scope: str, book: Book, asking: Asking, user: User | None) -> Preview:
        """Return what the file would change; writes nothing. ``user`` None: the system, who may
        all."""

    @abstractmethod
    def keep(self, scope: str, line: Line, *, by: User | None) -> Undoing:
        """Keep a line through the room's own events; what undoes it. Raises Refused."""

    @abstractmethod
    def undo(self, scope: str, key: str, before: dict, writing: str, *, by: User | None) -> None:
        """Put back what was there, unless something was built on ``writing``. Raises Refused."""

    def keeper(
        self, scope: str, lines: Sequence[Line], *, by: User | None
    ) -> Callable[[Line], Undoing]:
        """Return what keeps one of these lines as ``keep`` does, called within one transaction: a
        room may lock and read at once what all of them need."""
        return lambda line: self.keep(scope, line, by=by)

    def undoer(self, scope: str, keys: Sequence[str], *, by: User | None) -> Callable:
        """Return what puts back one of these lines as ``undo`` does, called within one
        transaction."""
        return lambda key, before, writing: self.undo(scope, key, before, writing, by=by)

    @abstractmethod
    def readable(self, scope: str, keys: Iterable[str], user: User | None) -> set[str]:
        """Return those of these rows of which what stands, and stood, is ``user``'s to read as
        typed."""

    def may_read(self, scope: str, keys: Iterable[str], user: User) -> bool:
        """Return whether all of these rows still are ``user``’s to read."""
        keys = set(keys)
        return keys <= self.readable(scope, keys, user)

    def reach(self, scope: str, user: User | None) -> set[str]:
        """Return the rows of all that ``user`` reads there as typed: a line that is found to be of
        no row may be meant for any of them. A room where what is read so is nobody's own names
        none."""
        return set()

    @abstractmethod
    def origin(self, scope: str) -> str:
        """Return the address of the page that the file was brought on."""

    def onward(self, row: Import, user: User) -> Onward:
        """Return where ``user`` goes on with what an import kept."""
        return Onward(self.origin(row.scope), self.words.onward)

    def frame(self, scope: str, request) -> dict:
        """Return what the page of an import is drawn in: the template (``frame``), and what it
        shows."""
        return {"frame": "base.html"}

    @abstractmethod
    def title(self, scope: str) -> str:
        """Return what is imported: « Données de 2023 »."""


def adapter_of(name: str) -> Adapter:
    """Return the adapter that is stored so. Raises Refused for one that no longer exists."""
    for adapter in house().imports:
        if adapter.name == name:
            return adapter
    raise Refused(GONE)
