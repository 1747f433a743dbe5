"""Search over all conventions that a person may read, in a number of queries that does not grow
with them: for what is called so. The rest is found within each (``reading.py``)."""

import datetime

from conventions.models import Commune, Convention, Coverage
from conventions.search.hits import MOST, Hit, HitGroup, by_rank
from ctg_portal.house import house, in_turn
from ctg_portal.sought import SearchQuery


def across(
    conventions: list[Convention], sought: SearchQuery, today: datetime.date
) -> list[HitGroup]:
    """Conventions, communes, actions, indicators that hold what is sought; empty kinds too."""
    return [
        by_rank(sought, "Conventions", _convention_hits(conventions, sought)),
        by_rank(sought, "Communes", _commune_hits(conventions, sought, today)),
        *in_turn(house().search_across, conventions, sought),
    ]


def _convention_hits(conventions: list[Convention], sought: SearchQuery):
    for convention in conventions:
        if sought.is_in(convention.territory, convention.title):
            yield Hit(convention.territory, convention.get_absolute_url(), within=convention.title)


def _commune_hits(conventions: list[Convention], sought: SearchQuery, today: datetime.date):
    communes = Commune.objects.filter(convention__in=conventions).matching_query(sought)
    rows = Coverage.objects.perimeter(today).filter(commune__in=communes)
    for row in rows.select_related("commune__convention")[:MOST]:
        commune = row.commune
        within = f"{commune.insee_code}, {commune.convention.territory}"
        yield Hit(commune.name, commune.get_absolute_url(), within=within, code=commune.insee_code)
