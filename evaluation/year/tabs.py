"""The pages of a year: to read it, to complete it, to publish it."""

from dataclasses import dataclass

from django.urls import reverse

from conventions.models import Convention
from evaluation.period import Period

READ, COMPLETE, PUBLISH = "year", "complete", "publication"  # names of addresses


@dataclass(frozen=True)
class Tab:
    """``count``: how many elements are missing, 0 where none is shown."""

    label: str
    url: str
    is_here: bool
    count: int = 0


def year_tabs(
    convention: Convention,
    period: Period,
    here: str,
    *,
    writes_all: bool,
    writes_some: bool = False,
    lacking: int = 0,
) -> list[Tab]:
    """Return the pages of a year for who writes all of it, without « Publier » for who is given
    some texts; none for who only reads, and of the term, which is one page."""
    if period.is_term or not (writes_all or writes_some):
        return []
    labels = {READ: "Lire", COMPLETE: "Compléter"} | ({PUBLISH: "Publier"} if writes_all else {})
    return [
        Tab(
            label,
            reverse(f"evaluation:{name}", args=[convention.slug, period]),
            name == here,
            lacking if name == COMPLETE else 0,
        )
        for name, label in labels.items()
    ]
