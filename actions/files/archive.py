"""Put the action plan into the archive of a convention: its tables, its journal, the documents of
its sheets."""

import datetime
from collections.abc import Iterator

from django.db.models import QuerySet

from accounts.models import User
from actions.files.reading import read_sheets
from actions.files.tables import plan_tables
from actions.follow_up.models import ActionDocument, JournalEntry
from actions.follow_up.parts import part_by_key
from actions.plan.reading import readable_actions
from conventions.models import Convention
from documents.archives.parts import ArchivedFile, LeftOut, Part, Tables
from documents.tables import Column, Table


def _label_part(entry: JournalEntry) -> str:
    """Return the title of the part that an entry is about; the key of one that is no more."""
    part = part_by_key(entry.part)
    return part.title if part else entry.part


JOURNAL = (
    Column("Numéro", lambda entry: entry.action.number),
    Column("Action", lambda entry: entry.action.title),
    Column("Le", lambda entry: entry.created_at, "datetime"),
    Column("Par", lambda entry: entry.user_name),
    Column("Partie", _label_part),
    Column("Vaut depuis le", lambda entry: entry.day, "date"),
    Column("Avant", lambda entry: entry.before),
    Column("Après", lambda entry: entry.after),
)


def plan_parts(convention: Convention, user: User, today: datetime.date) -> Iterator[Part]:
    """Yield what ``user`` may read of the plan: the tables, the journal, each document; a withdrawn
    or erased document is only named, with the reason."""
    actions = list(readable_actions(convention, user).in_reading_order())
    yield Tables.of(
        "plan-d-actions", "les fiches action, avec leurs financements, jalons et bilans",
        plan_tables(convention, read_sheets(convention, actions, today)),
    )  # fmt: skip
    journal = JournalEntry.objects.filter(action__in=actions).select_related("action")
    yield Tables.of(
        "journal-du-suivi", "qui a changé quoi dans le suivi des actions, et quand",
        [Table.of("Journal", JOURNAL, journal.order_by("created_at", "pk"))],
    )  # fmt: skip
    documents = ActionDocument.objects.filter(action__in=actions).select_related("document")
    for row in documents.select_related("action").order_by("pk"):
        if row.withdrawn_at:
            yield LeftOut(f"« {row.title} »", "ce document a été retiré de la fiche")
        elif row.document.erased_at:
            yield LeftOut(
                f"« {row.title} »", "il a été effacé à la demande d’une personne concernée"
            )
        else:
            what = f"{row.title} (action {row.action.number})"
            yield ArchivedFile.of("documents/actions", row.document, what)


def deposited_files(convention: Convention) -> list[QuerySet]:
    """Return querysets of the keys of the files on sheets, those of withdrawn documents too."""
    return [ActionDocument.objects.filter(action__convention=convention).values("document")]
