"""The communes of a convention as read on a day, and their map as it is drawn."""

import datetime
from dataclasses import dataclass

from django.template.loader import render_to_string

from conventions.models import Convention, Coverage
from conventions.territory.areas import AreaMap, draw_map
from ctg_portal.marks.keeping import kept
from ctg_portal.marks.models import Subject


def coverages_on(convention: Convention, day: datetime.date | None):
    """The communes within the perimeter on ``day``, by name: for a filter."""
    rows = Coverage.objects.of(convention).perimeter(day)
    return rows.select_related("commune", "sector")


@kept(Subject.TEXT)
def perimeter_of(convention: Convention, day: datetime.date | None) -> list[Coverage]:
    """The same, read."""
    return _known(coverages_on(convention, day), convention)


@kept(Subject.TEXT)
def perimeters_of(convention: Convention, years: tuple[int, ...]) -> dict[int, list[Coverage]]:
    """Return the communes that the figures of each of ``years`` are of."""
    return Coverage.objects.select_related("commune", "sector").of_years(convention, years)


@kept(Subject.TEXT)
def gone_by(convention: Convention, day: datetime.date | None) -> list[Coverage]:
    """The communes that have left by ``day``, each as last said, by name."""
    rows = Coverage.objects.of(convention).gone(day)
    rows = rows.select_related("commune", "until").order_by("since__number", "pk")
    last_said = {coverage.commune_id: coverage for coverage in rows}
    in_order = sorted(last_said.values(), key=lambda coverage: coverage.commune.search_text)
    return _known(in_order, convention)


def _known(coverages, convention: Convention) -> list[Coverage]:
    found = list(coverages)
    for coverage in found:
        coverage.commune.convention = convention
    return found


@dataclass(frozen=True)
class DrawnMap:
    """A map of communes and its legend, as a page shows them."""

    drawing: str
    legend: str
    has_outlines: bool


@kept(Subject.TEXT)
def drawn_map(
    convention: Convention, day: datetime.date | None, *, title: str, base: str = "", here: int = 0
) -> DrawnMap | None:
    """The perimeter on ``day``; None where nothing of it can be drawn. ``here``: a commune to point
    out, by its primary key; ``base``: where the page of a commune lies, before its code."""
    coverages = perimeter_of(convention, day)
    commune = next((one.commune for one in coverages if one.commune_id == here), None)
    found = draw_map(coverages, here=commune)
    if found is None:
        return None
    asked = {"map": found, "title": title, "base": base, "here": commune}
    return DrawnMap(
        render_to_string("conventions/territory/parts/map.html", asked),
        render_to_string("conventions/territory/parts/map_legend.html", asked),
        isinstance(found, AreaMap),
    )
