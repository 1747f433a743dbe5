"""One table, three files: CSV for machines, XLSX for spreadsheets, PDF to be read by everybody."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from documents.downloads import attachment
from documents.tables.document import to_pdf
from documents.tables.table import Cell, Column, Table, cells_of, totals_of
from documents.tables.text_file import to_csv
from documents.tables.workbook import to_xlsx
from documents.uploads import clean_name

__all__ = [
    "FORMATS",
    "Cell",
    "Column",
    "Table",
    "cells_of",
    "table_response",
    "to_csv",
    "to_pdf",
    "to_xlsx",
    "totals_of",
]

FORMATS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (to_pdf, "application/pdf"),
}


def table_response(
    table: Table, extension: str, filename: str, beside: Sequence[Table] = ()
) -> HttpResponse:
    """``table`` as a file to be saved, named ``filename`` and its extension: csv, xlsx or pdf.

    ``beside``: further tables, which only a workbook holds. Raises Http404 for another extension.
    The caller checks rights.
    """
    if extension not in FORMATS:
        raise Http404
    write, content_type = FORMATS[extension]
    content = to_xlsx(table, *beside) if write is to_xlsx else write(table)
    return attachment(content, clean_name(f"{filename}.{extension}"), content_type)
