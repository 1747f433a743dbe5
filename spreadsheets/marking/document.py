"""The marked copy of a large file, which the worker makes: no page loads such a workbook."""

from accounts.models import User
from ctg_portal.rules import Refused, enforce
from documents.drawing.kinds import Asked, AskedKind, Drawn
from documents.uploads import clean_name
from spreadsheets.importing.page import ImportPage
from spreadsheets.importing.reading import book_of
from spreadsheets.marking.marked import marked, marks_of
from spreadsheets.models import MARKED, Import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class MarkedDocument(AskedKind):
    """A file that somebody has brought, its mistakes in their cells, for that person alone;
    ``scope``: the key of the import."""

    name = MARKED
    seconds, memory = 240, 3 * 1024**3

    def ask(self, scope, parameters, user: User):
        page = _page_of(scope, user)
        if page is None or page.is_being_read:
            return None
        return Asked(
            title="Fichier déposé, erreurs signalées",
            name=marked_name(page.row),
            audience=_audience(page.row),
            origin=page.row.get_absolute_url(),
            content=[page.row.sha256, marks_of(page.preview.mistakes)],
        )

    def audience(self, scope, parameters, user: User):
        page = _page_of(scope, user)
        return page and _audience(page.row)

    def content_type(self, parameters):
        return XLSX

    def write(self, asked, row):
        return Import.objects.get(pk=row.scope)

    def draw(self, written, asked, row):
        return Drawn(marked_copy(written, asked.content[1]))


def marked_copy(row: Import, marks: dict[str, dict[str, str]]) -> bytes:
    """Return the workbook of an import, with what is wrong in its cells. Raises Refused where its
    file is gone."""
    book = book_of(row)
    with row.file.open("rb") as file:
        return marked(book, file.read(), marks)


def marked_name(row: Import) -> str:
    return clean_name(f"{row.stem}-erreurs.xlsx")


def _audience(row: Import) -> str:
    return f"import:{row.pk}:{row.brought_by_id}"


def _page_of(scope: str, user: User) -> ImportPage | None:
    """Return the page of the import, for who brought it and may still bring one there, while its
    file is there."""
    row = Import.objects.brought_by(user).exclude(file="").filter(pk=scope).first()
    if row is None:
        return None
    try:
        page = ImportPage(row, user)
        enforce(page.adapter.access(row.scope, user))
    except Refused:
        return None
    return page
