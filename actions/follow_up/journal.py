"""Read the history of an action's follow-up: who changed what, when, word by word."""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.follow_up.events import DOCUMENT
from actions.follow_up.models import JournalEntry
from actions.follow_up.parts import part_by_key
from actions.plan.models import Action
from agreements.commitments import canonical
from ctg_portal.text.differences import Change, Changes, words_changed


@dataclass(frozen=True)
class EntryReading:
    """An entry of the journal as a page shows it."""

    entry: JournalEntry
    title: str
    changes: Changes

    @property
    def who(self) -> str:
        return self.entry.user_name or "Le portail"


def journal_of(action: Action) -> Iterable[JournalEntry]:
    """Return all entries of the journal of an action, the latest first."""
    return action.journal.order_by("-created_at", "-pk")


def read_entry(entry: JournalEntry) -> EntryReading:
    """Return what an entry changed, field by field; nothing for a part that is no more."""
    if entry.part == DOCUMENT:
        title = "Document ajouté" if entry.after else "Document retiré de la fiche"
        pieces = words_changed(_label_document(entry.before), _label_document(entry.after))
        return EntryReading(entry, title, Changes([Change("Document", pieces)]))
    part = part_by_key(entry.part)
    if part is None:
        return EntryReading(entry, entry.part, Changes())
    changes = part.changes(part.decode(entry.before), part.decode(entry.after))
    return EntryReading(entry, part.title, changes)


def _label_document(text: str) -> str:
    """Return « Convention signée (convention.pdf) »; empty for no document."""
    content = canonical.read(text) if text else {}
    return f"{content['title']} ({content['name']})" if content else ""
