"""The history of an action's follow-up: who changed what, when, word by word."""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.follow_up.events import DOCUMENT
from actions.follow_up.parts import part_of
from actions.models import Action, JournalEntry
from agreements.commitments import canonical
from agreements.versions.differences import Change, Changes, words_changed


@dataclass(frozen=True)
class Told:
    """An entry of the journal as a page tells it."""

    entry: JournalEntry
    title: str
    changes: Changes

    @property
    def who(self) -> str:
        return self.entry.user_name or "Le portail"


def journal_of(action: Action) -> Iterable[JournalEntry]:
    """All that was changed, the latest first."""
    return action.journal.order_by("-created_at", "-pk")


def told(entry: JournalEntry) -> Told:
    """What an entry changed, as fields with their differences."""
    if entry.part == DOCUMENT:
        return _document(entry)
    part = part_of(entry.part)
    if part is None:
        return Told(entry, entry.part, Changes())
    return Told(entry, part.title, part.changes(part.told(entry.before), part.told(entry.after)))


def _document(entry: JournalEntry) -> Told:
    def words(text: str) -> str:
        content = canonical.read(text) if text else {}
        return f"{content['title']} ({content['name']})" if content else ""

    title = "Document ajouté" if entry.after else "Document retiré de la fiche"
    pieces = words_changed(words(entry.before), words(entry.after))
    return Told(entry, title, Changes([Change("Document", pieces)]))
