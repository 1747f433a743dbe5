"""Lists of a convention as files: the rows that a page lists, as it is filtered."""

from abc import abstractmethod
from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone
from django.views.generic import View

from documents.tables import Table, table_response

# A list is for spreadsheets; what is to be printed is a document of its own.
EXTENSIONS = ("xlsx", "csv")


class ListFile(View):
    """The rows of a page, by the same queryset and filter, in columns that are declared once.

    A room derives it, after the mixins that guard its page and know its ``convention``, and gives
    it an address that ends with ``<str:extension>``; the page shows it with the tag ``list_files``.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The name of the file, without the convention and its extension."""

    @abstractmethod
    def tables(self) -> Sequence[Table]:
        """Return the list, and the other tables that a workbook has."""

    def get(self, request, *args, **kwargs):
        """Return the tables as a file named after list, convention and day; 404 for other
        formats."""
        extension = kwargs["extension"]
        if extension not in EXTENSIONS:
            raise Http404
        table, *others = self.tables()
        name = f"{self.name}-{self.convention.slug}-{timezone.localdate():%Y-%m-%d}"
        return table_response(table, extension, name, others)
