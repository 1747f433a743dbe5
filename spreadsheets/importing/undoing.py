"""How the worker puts back what an import of many lines has changed: each asks the room anew."""

from accounts.models import User
from ctg_portal.rules import Refused, enforce
from documents.drawing.kinds import Asked, AskedKind, Drawn
from documents.tables.table import Column, Table
from documents.tables.workbook import to_xlsx
from documents.uploads import clean_name
from spreadsheets.importing.adapter import adapter_of
from spreadsheets.importing.events import undo
from spreadsheets.importing.rights import may_undo
from spreadsheets.models import UNDOING, Import, KeptLine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = [
    Column("Cellule", lambda line: line.place),
    Column("Intitulé", lambda line: line.label),
]


class UndoingDocument(AskedKind):
    """The lines of an import that are put back, for who brought it; putting them back goes with
    keeping it. ``scope``: the key of the import."""

    name = UNDOING

    def ask(self, scope, parameters, user: User):
        row = _import_of(scope, user)
        if row is None:
            return None
        enforce(may_undo(user, row))
        return Asked(
            title="Annulation d’un import",
            name=clean_name(f"{row.stem}-annulation.xlsx"),
            audience=_audience(row),
            origin=row.get_absolute_url(),
            content=list(_lines(row).values_list("pk", flat=True)),
        )

    def audience(self, scope, parameters, user: User):
        row = _import_of(scope, user)
        return row and _audience(row)

    def content_type(self, parameters):
        return XLSX

    def write(self, asked, row):
        lines = KeptLine.objects.filter(pk__in=asked.content)
        return Table.of("Lignes à remettre comme avant", COLUMNS, lines)

    def draw(self, written, asked, row):
        return Drawn(to_xlsx(written))

    def on_stored(self, row):
        undo(Import.objects.get(pk=row.scope), by=row.requested_by)


def _lines(row: Import):
    return row.kept_lines.filter(undone_at__isnull=True)


def _audience(row: Import) -> str:
    return f"import:{row.pk}:{row.brought_by_id}"


def _import_of(scope: str, user: User) -> Import | None:
    """Return the import, for who brought it and may still bring one there."""
    row = Import.objects.brought_by(user).filter(pk=scope).first()
    try:
        enforce(adapter_of(row.adapter).access(row.scope, user) if row else None)
    except Refused:
        return None
    return row
