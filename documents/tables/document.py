"""Tables as accessible PDF. A few hundred rows take a second; more are work for the worker."""

import datetime
from collections.abc import Sequence

from ctg_portal.templatetags.french import number
from documents.pdf import render_pdf
from documents.tables.table import Column, Table, clean, day_and_hour, plain

NARROWEST, WIDEST = 6, 40  # characters


def to_pdf(table: Table) -> bytes:
    """Draw a table as a PDF/UA-1 in landscape A4: title, number of rows, the table, its notes."""
    kinds = ["number" if column.is_number else column.kind for column in table.columns]

    def shown(value) -> str:
        value = plain(value)
        if isinstance(value, str):
            return value
        return day_and_hour(value) if isinstance(value, datetime.date) else number(value)

    texts = [[shown(value) for value in row] for row in table.rows]
    context = {
        "columns": list(zip(kinds, [column.heading for column in table.columns], strict=True)),
        "widths": _widths(table.columns, texts),
        "rows": [list(zip(kinds, row, strict=True)) for row in texts],
        "notes": table.notes,
    }
    return render_pdf("documents/table.html", context, title=clean(table.title))


def _widths(columns: Sequence[Column], texts: list[list[str]]) -> list[int]:
    """Return the widths of the columns in percent, by their longest text within limits."""
    longest = [
        min(max(NARROWEST, *map(len, column)), WIDEST)
        for column in zip([column.heading for column in columns], *texts, strict=True)
    ]
    return [100 * length // sum(longest) for length in longest]
