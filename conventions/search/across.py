"""Search over all conventions that a person may read, by name alone, in a number of queries that
does not grow with them. What texts contain is searched within each convention (``reading.py``)."""

import datetime
from collections.abc import Iterator

from conventions.legal.convention import Convention
from conventions.search.hits import MOST, Hit, HitGroup, by_rank
from conventions.territory.models import Commune, Coverage
from ctg_portal.house import house, in_turn
from ctg_portal.search.query import SearchQuery


def search_across(
    conventions: list[Convention], query: SearchQuery, today: datetime.date
) -> list[HitGroup]:
    """Return the conventions, communes and what rooms add whose name answers the query: a group for
    each kind, its best hit first, empty ones too."""
    return [
        by_rank(query, "Conventions", _convention_hits(conventions, query)),
        by_rank(query, "Communes", _commune_hits(conventions, query, today)),
        *in_turn(house().search_across, conventions, query),
    ]


def _convention_hits(conventions: list[Convention], query: SearchQuery) -> Iterator[Hit]:
    """Yield the conventions whose territory or title contains the query."""
    for convention in conventions:
        if query.is_in(convention.territory, convention.title):
            yield Hit(convention.territory, convention.get_absolute_url(), within=convention.title)


def _commune_hits(
    conventions: list[Convention], query: SearchQuery, today: datetime.date
) -> Iterator[Hit]:
    """Yield communes of today's perimeters whose name or code answers, ``MOST`` of them."""
    communes = Commune.objects.filter(convention__in=conventions).matching_query(query)
    rows = Coverage.objects.perimeter(today).filter(commune__in=communes)
    for row in rows.select_related("commune__convention")[:MOST]:
        commune = row.commune
        within = f"{commune.insee_code}, {commune.convention.territory}"
        yield Hit(commune.name, commune.get_absolute_url(), within=within, code=commune.insee_code)
