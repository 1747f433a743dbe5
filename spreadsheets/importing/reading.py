"""What a file that was brought would change, read again each time: nothing of it is kept aside."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from ctg_portal.rules import Refusal, Refused
from spreadsheets.columns.corrections import AT
from spreadsheets.columns.questions import Asking
from spreadsheets.importing.adapter import adapter_of
from spreadsheets.importing.preview import Preview
from spreadsheets.models import Answer, Import, KeptColumns
from spreadsheets.reading.cells import Book
from spreadsheets.reading.open import open_book
from spreadsheets.reading.refusals import Unreadable

FORGOTTEN = Refusal(
    "Ce fichier n’est plus sur le portail, qui le garde sept jours : déposez-le de nouveau."
)
# Questions about one cell, one sheet of one file, and why it is brought: their answers are not for
# the next one.
OF_ONE_FILE = ("zero:", "feuille:", "motif:")


def book_of(row: Import) -> Book:
    """Return the cells of its file. Raises Refused where it is gone, or is no longer read."""
    if not row.file:
        raise Refused(FORGOTTEN)
    try:
        with row.file.open("rb") as file:
            return open_book(row.name, file.read())
    except FileNotFoundError:
        raise Refused(FORGOTTEN) from None
    except Unreadable as refusal:
        raise Refused(Refusal(str(refusal))) from refusal


def preview_of(row: Import, user: User | None) -> Preview:
    """Return what it would change now. Raises Refused where it may no longer be brought there."""
    adapter = adapter_of(row.adapter)
    office = adapter.office(row.scope, user) if user else ""
    asking = Asking(
        remembered(row.adapter, office) | row.answers,
        row.columns,
        remembered_columns(row.adapter, office),
    )
    return adapter.preview(row.scope, book_of(row), asking, user)


def keys_shown(row: Import, preview: Preview, user: User | None) -> set[str]:
    """Return the rows of which a preview tells what is ``user``'s alone to read: who may read one
    of them no more does not read it."""
    room = adapter_of(row.adapter)
    mistaken = [mistake.key for mistake in preview.mistakes]
    keys = {line.key for line in preview.lines} | {*mistaken} - {""}
    if not all(mistaken):
        keys |= room.reach(row.scope, user)
    return room.readable(row.scope, keys, user)


def remembered(adapter: str, office: str) -> dict[str, str]:
    """Return what was answered about the files of an office."""
    rows = Answer.objects.filter(adapter=adapter, office=office)
    return dict(rows.values_list("key", "value"))


def remembered_columns(adapter: str, office: str) -> dict[str, Any]:
    """Return what the columns of an office's files contain, by shape."""
    rows = KeptColumns.objects.filter(adapter=adapter, office=office) if office else ()
    return {row.shape: row.columns for row in rows}


def remember_columns(adapter: str, office: str, columns: Mapping[str, Any]) -> None:
    """Keep what columns contain, by shape, for the next file of an office."""
    for shape, sheet_columns in columns.items():
        KeptColumns.objects.update_or_create(
            adapter=adapter, office=office, shape=shape, defaults={"columns": sheet_columns}
        )


def remember(adapter: str, office: str, answers: dict[str, str]) -> None:
    """Keep answers for the next file of that office; an empty one is taken back."""
    taken_back = [key for key, value in answers.items() if not value]
    Answer.objects.filter(adapter=adapter, office=office, key__in=taken_back).delete()
    for key, value in answers.items():
        if value and AT not in key and not key.startswith(OF_ONE_FILE):
            Answer.objects.update_or_create(
                adapter=adapter, office=office, key=key, defaults={"value": value}
            )
