"""Lists of a convention as files: what a page lists, as it is filtered, to be saved."""

from abc import abstractmethod
from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone
from django.views.generic import View

from documents.tables import Table, table_response

# A list is for spreadsheets; what is to be printed is a document of its own.
EXTENSIONS = ("xlsx", "csv")


class ListFile(View):
    """The rows of a page, by the same queryset and filter, told by columns that are declared once.

    A room derives it, after the mixins that guard its page and know its ``convention``, and gives
    it an address that ends with ``<str:extension>``; the page shows it with the tag ``list_files``.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """What the file is called, without the convention and its ending."""

    @abstractmethod
    def tables(self) -> Sequence[Table]:
        """The list, and what a workbook holds beside it."""

    def get(self, request, *args, **kwargs):
        extension = kwargs["extension"]
        if extension not in EXTENSIONS:
            raise Http404
        table, *beside = self.tables()
        name = f"{self.name}-{self.convention.slug}-{timezone.localdate():%Y-%m-%d}"
        return table_response(table, extension, name, beside)
