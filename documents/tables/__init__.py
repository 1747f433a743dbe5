"""Tables as files: CSV for machines, XLSX for spreadsheets, PDF for everybody to read."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from documents.downloads import attachment
from documents.tables.document import to_pdf
from documents.tables.table import Cell, Column, Table, cells_of, totals_of
from documents.tables.text_file import to_csv
from documents.tables.workbook import to_xlsx
from documents.uploads import clean_name

__all__ = [
    "FORMATS", "Cell", "Column", "Table", "cells_of", "table_response", "to_csv", "to_pdf",
    "to_xlsx", "totals_of",
]  # fmt: skip

FORMATS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (to_pdf, "application/pdf"),
}


def table_response(
    table: Table, extension: str, filename: str, others: Sequence[Table] = ()
) -> HttpResponse:
    """Return ``table`` as a file to be saved, ``filename`` with its extension: csv, xlsx or pdf.

    ``others``: further tables, which only a workbook has. Raises Http404 for another extension.
    The caller checks rights.
    """
    if extension not in FORMATS:
        raise Http404
    write, content_type = FORMATS[extension]
    content = to_xlsx(table, *others) if write is to_xlsx else write(table)
    return attachment(content, clean_name(f"{filename}.{extension}"), content_type)
