"""The communes of a convention as read on a day, and their map as HTML."""

import datetime
from dataclasses import dataclass

from django.template.loader import render_to_string

from conventions.legal.convention import Convention
from conventions.territory.areas import AreaMap, draw_map
from conventions.territory.models import Coverage
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


def coverages_on(convention: Convention, day: datetime.date | None):
    """Return the queryset of coverages of the communes within the perimeter on ``day``, by name."""
    rows = Coverage.objects.of(convention).perimeter(day)
    return rows.select_related("commune", "sector")


@cached(Subject.TEXT)
def perimeter_of(convention: Convention, day: datetime.date | None) -> list[Coverage]:
    """Return the communes within the perimeter on ``day`` (None: on any), sorted by name."""
    return _with_convention(coverages_on(convention, day), convention)


@cached(Subject.TEXT)
def perimeters_of(convention: Convention, years: tuple[int, ...]) -> dict[int, list[Coverage]]:
    """Return the coverages of the communes that the figures of each of ``years`` are of."""
    return Coverage.objects.select_related("commune", "sector").by_year(convention, years)


@cached(Subject.TEXT)
def last_coverages_of_gone(convention: Convention, day: datetime.date | None) -> list[Coverage]:
    """Return the last coverage of each commune that has left the perimeter by ``day``, by name."""
    rows = Coverage.objects.of(convention).gone(day)
    rows = rows.select_related("commune", "until").order_by("since__number", "pk")
    last_rows = {coverage.commune_id: coverage for coverage in rows}
    in_order = sorted(last_rows.values(), key=lambda coverage: coverage.commune.search_text)
    return _with_convention(in_order, convention)


def _with_convention(coverages, convention: Convention) -> list[Coverage]:
    """Return the rows as a list, with ``convention`` set on their communes."""
    rows = list(coverages)
    for coverage in rows:
        coverage.commune.convention = convention
    return rows


@dataclass(frozen=True)
class RenderedMap:
    """A map of communes and its legend, as HTML."""

    drawing: str
    legend: str
    has_outlines: bool


@cached(Subject.TEXT)
def render_map(
    convention: Convention, day: datetime.date | None, *, title: str, base: str = "", here: int = 0
) -> RenderedMap | None:
    """Return the HTML of a map of the perimeter on ``day`` and of its legend; None where no commune
    can be drawn. ``here``: the primary key of the commune to point out; ``base``: what comes before
    a commune's code in the address of its page."""
    coverages = perimeter_of(convention, day)
    commune = next((row.commune for row in coverages if row.commune_id == here), None)
    drawing = draw_map(coverages, here=commune)
    if drawing is None:
        return None
    context = {"map": drawing, "title": title, "base": base, "here": commune}
    return RenderedMap(
        render_to_string("conventions/territory/parts/map.html", context),
        render_to_string("conventions/territory/parts/map_legend.html", context),
        isinstance(drawing, AreaMap),
    )
