"""The files of the register that the worker draws: every PDF, and the larger tables."""

from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from agreements.models import Agreement
from committee.register import files, reading
from committee.register.filters import EntryFilter
from conventions.documents import ConventionDocument
from conventions.models import Convention
from ctg_portal.rules import Refusal, Refused, enforce
from documents.drawing.kinds import Asked, Drawn
from documents.tables import FORMATS, Table
from documents.uploads import clean_name

SENSELESS = Refusal("La recherche est à corriger : rien n’a été composé.")


class RegisterDocument(ConventionDocument):
    """The result of a search in the register (``query``), as a file of one ``extension``.

    A table with more entries than a PDF may have takes long to read: it is drawn again, not looked
    for among those that were drawn.
    """

    name = "committee.register"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str:
        return "members"

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return the document asked for; with its rows, by which it is drawn anew when they change,
        if they are few enough for a PDF. Raises Refused for a senseless search, or one with too
        many entries."""
        extension, listing = parameters["extension"], _filter_of(convention, parameters)
        if not listing.form.is_valid():
            raise Refused(SENSELESS)
        count = reading.keys_of(listing).count()
        enforce(files.may_export(count, extension))
        page = reverse("committee:register", args=[convention.slug])
        content = None
        if count <= files.MOST["pdf"]:
            columns = files.columns_of(extension)
            rows = Table.of("", columns, reading.read(listing)).rows
            content = [
                [column.label for column in columns],
                list(rows),
                str(reading.signed_in(convention) or ""),
            ]
        return Asked(
            title=reading.title_of(count, listing.asked, convention, listing.qs),
            name=clean_name(f"{files.file_name(convention)}.{extension}"),
            audience=audience,
            origin=f"{page}?{listing.query}" if listing.query else page,
            content=content,
        )

    def write(self, asked: Asked, row) -> Table:
        """Return the table of the whole search, read again: answers and acts of now."""
        convention, extension = Convention.objects.get(pk=row.scope), row.parameters["extension"]
        rows = reading.read(_filter_of(convention, row.parameters))
        return files.register_table(asked.title, rows, extension, convention)

    def draw(self, written: Table, asked: Asked, row) -> Drawn:
        """Write the table in the format of its ``extension``."""
        write, _content_type = FORMATS[row.parameters["extension"]]
        return Drawn(write(written))


def _filter_of(convention: Convention, parameters: dict) -> EntryFilter:
    """Return the filter of the register for ``parameters["query"]``, an encoded query string."""
    entries = Agreement.objects.of(convention)
    asked = QueryDict(parameters["query"])
    return EntryFilter(asked, queryset=entries, convention=convention)
