"""Tags for the rows of a table in a page or a document, by its columns
(``documents.tables.Column``)."""

from collections.abc import Iterable, Sequence

from django import template
from django.urls import reverse

from documents.tables.table import Column, cells_of, totals_of

register = template.Library()


@register.inclusion_tag("documents/listing/heads.html")
def heads(columns: Iterable[Column], notes: bool = False) -> dict:
    """Draw the header cells; with ``notes``, in a document, those under their labels."""
    return {"columns": columns, "notes": notes}


@register.inclusion_tag("documents/listing/cells.html")
def cells(columns: Iterable[Column], row, cards: bool = True) -> dict:
    """Draw the cells of a row, the first as its header. ``cards``: a telephone shows rows as cards,
    where each cell has its label."""
    first, *others = cells_of(columns, row)
    return {"first": first, "others": others, "cards": cards}


@register.inclusion_tag("documents/listing/totals.html")
def totals(columns: Iterable[Column], rows: Sequence, cards: bool = True) -> dict:
    """Draw the cells of the totals."""
    return {"others": totals_of(columns, rows), "cards": cards}


@register.inclusion_tag("documents/listing/files.html")
def list_files(url_name: str, *args, asked="", label: str = "Enregistrer cette liste") -> dict:
    """Draw the links to a list as files; their address takes ``args`` and an extension.

    ``asked``: the query of the page's own address.
    """
    query = f"?{asked.strip('?&')}" if asked else ""
    files = [
        (name, reverse(url_name, args=[*args, extension]) + query)
        for extension, name in [("xlsx", "classeur (XLSX)"), ("csv", "CSV")]
    ]
    return {"files": files, "label": label}
