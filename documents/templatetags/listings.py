"""Columns that are told once (``documents.tables.Column``), as the rows of a page's or a document's
table."""

from collections.abc import Iterable, Sequence

from django import template
from django.urls import reverse

from documents.tables.table import Column
from documents.tables.table import cells_of as told_of
from documents.tables.table import totals_of as summed

register = template.Library()


@register.inclusion_tag("documents/listing/heads.html")
def heads(columns: Iterable[Column], notes: bool = False) -> dict:
    """The header cells; with the ``notes`` under their labels, in a document."""
    return {"columns": columns, "notes": notes}


@register.inclusion_tag("documents/listing/cells.html")
def cells(columns: Iterable[Column], row, cards: bool = True) -> dict:
    """The cells of a row, the first its header. ``cards``: a telephone shows rows as cards, where
    each cell says its label."""
    first, *others = told_of(columns, row)
    return {"first": first, "others": others, "cards": cards}


@register.inclusion_tag("documents/listing/totals.html")
def totals(columns: Iterable[Column], rows: Sequence, cards: bool = True) -> dict:
    """The cells under the columns that have a total."""
    return {"others": summed(columns, rows), "cards": cards}


@register.inclusion_tag("documents/listing/files.html")
def list_files(url_name: str, *args, asked="", told: str = "Enregistrer cette liste") -> dict:
    """The same list as files, of an address that takes ``args`` and an extension.

    ``asked``: what the page's own address asks for, as its query.
    """
    query = f"?{asked.strip('?&')}" if asked else ""
    files = [
        (label, reverse(url_name, args=[*args, extension]) + query)
        for extension, label in [("xlsx", "classeur (XLSX)"), ("csv", "CSV")]
    ]
    return {"files": files, "told": told}
