"""How the worker keeps an import: the preview read again, kept with the account of it."""

from documents.drawing.kinds import DocumentKind, Drawn
from documents.tables.table import Column, Table
from documents.tables.workbook import to_xlsx
from spreadsheets.importing.events import apply, checked
from spreadsheets.importing.preview import Preview
from spreadsheets.importing.progress import progress_shown

TITLES = {"new": "nouvelle", "changed": "changée", "unchanged": "inchangée"}
COLUMNS = [
    Column("Cellule", lambda line: line.place),
    Column("Intitulé", lambda line: line.label),
    Column("Ce qui a été fait", lambda line: TITLES[line.outcome]),
    Column("Avant", lambda line: line.before),
    Column("Après", lambda line: line.after),
]
REFUSED = [
    Column("Cellule", lambda mistake: mistake.place),
    Column("Intitulé", lambda mistake: mistake.about),
    Column("Pourquoi", lambda mistake: mistake.text),
]


class ApplicationKind(DocumentKind):
    """An ``Application``: its file is the account of what was kept."""

    name = "spreadsheets.application"

    def __init__(self):
        self.read_for: dict[tuple[int, int], Preview] = {}

    def read(self, row):
        preview = checked(row)
        self.read_for = {(row.pk, row.attempts): preview}
        return preview, preview.digest

    def write(self, content: Preview, row):
        return account_of(content)

    def draw(self, written, content, row):
        return Drawn(written)

    def on_stored(self, row):
        # What was written since it was read is told by each line: it knows which writing it saw.
        preview = self.read_for.pop((row.pk, row.attempts), None) or checked(row)
        with progress_shown(row, len(preview.to_keep)) as report:
            apply(row.import_row, preview, by=row.requested_by, report=report)


def account_of(preview: Preview) -> bytes:
    """Return a workbook of the lines of an import, and what became of each; what was refused, on a
    sheet of its own."""
    lines = Table.of("Compte rendu d’import", COLUMNS, preview.lines)
    refused = Table.of("Lignes à corriger", REFUSED, preview.mistakes)
    return to_xlsx(lines, refused) if preview.mistakes else to_xlsx(lines)
