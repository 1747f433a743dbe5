"""How the worker reads a large file for its page, within limits of time and memory."""

from accounts.models import User
from ctg_portal.rules import Refusal, Refused
from documents.drawing.kinds import DocumentKind, Drawn
from spreadsheets.importing.adapter import adapter_of
from spreadsheets.importing.plain import as_plain, from_plain
from spreadsheets.importing.preview import Preview
from spreadsheets.importing.reading import keys_shown, preview_of
from spreadsheets.models import FileReading, Import

TOO_HEAVY = Refusal(
    "Ce fichier demande trop de temps ou de mémoire pour être lu : gardez les seules lignes et "
    "colonnes utiles, ou coupez-le en plusieurs fichiers."
)
READ_FOR_OTHERS = Refusal("Vos accès ont changé depuis que ce fichier a été lu : faites-le relire.")


class ReadingKind(DocumentKind):
    """A ``FileReading``: its file is the preview, for the page."""

    name = "spreadsheets.reading"
    seconds, memory = 240, 3 * 1024**3

    def read(self, row):
        try:
            preview = preview_of(row.import_row, row.requested_by)
        except (MemoryError, TimeoutError):
            raise Refused(TOO_HEAVY) from None
        return preview, preview.digest

    def write(self, content: Preview, row):
        return as_plain(content, keys_shown(row.import_row, content, row.requested_by))

    def draw(self, written, content, row):
        return Drawn(written)


def preview_read(row: Import, user: User) -> Preview | None:
    """Return what the worker has read of a large file last; None while it has not. Where it could
    not, or it tells of what is not ``user``'s to read any more, the preview says so alone."""
    reading = FileReading.objects.for_import(row).first()
    if reading is None or reading.is_unfinished:
        return None
    if not reading.is_ready:
        reason = reading.transitions.last().reason
        return Preview(refusal=Refusal(reason) if reason else TOO_HEAVY)
    with reading.file.open("rb") as file:
        preview = from_plain(file.read())
    is_theirs = adapter_of(row.adapter).may_read(row.scope, preview.keys, user)
    return preview if is_theirs else Preview(refusal=READ_FOR_OTHERS)
