"""The territory: its map and table, and the page of one commune."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.http import Http404
from django.shortcuts import redirect
from django.views.generic import TemplateView
from django_htmx.http import HttpResponseClientRedirect

from conventions.access.pages import ConventionPage
from conventions.access.reading import coordinators_of
from conventions.legal.reading import article_urls, axes_in_force
from conventions.lists import ListFile
from conventions.territory.files import columns_of_communes
from conventions.territory.filters import CoverageFilter
from conventions.territory.models import Coverage, Sector
from conventions.territory.points_to_check import points_to_check
from conventions.territory.reading import (
    coverages_on,
    last_coverages_of_gone,
    perimeter_of,
    render_map,
)
from ctg_portal.house import commune_sections
from documents.tables import Table

# What the button of the filter says beside what is typed; the year that is read where one asks.
OPENS, YEAR = "ouvrir", "annee"
POSTAL = re.compile(r"\d{5}")


class PerimeterPage(ConventionPage):
    """A page that shows the communes within the perimeter on the day that is read."""

    def coverages(self):
        return coverages_on(self.convention, self.reading_day)


def by_sector(coverages: Iterable[Coverage]) -> list[tuple[Sector | None, list[Coverage]]]:
    """Group the coverages by sector, in the rank of sectors; those without one last, under None."""
    groups = defaultdict(list)
    for coverage in coverages:
        groups[coverage.sector].append(coverage)
    named = sorted((sector for sector in groups if sector), key=attrgetter("rank"))
    return [(sector, groups[sector]) for sector in [*named, *({None} & groups.keys())]]


@dataclass(frozen=True)
class Inhabitants:
    """The number of people in ``known`` communes of ``communes``: those with a population."""

    total: int
    known: int
    communes: int

    @classmethod
    def of(cls, coverages: list[Coverage]) -> "Inhabitants":
        """Return the sum of the known populations of these communes, and how many are known."""
        populations = [
            row.commune.population for row in coverages if row.commune.population is not None
        ]
        return cls(sum(populations), len(populations), len(coverages))

    @property
    def is_incomplete(self) -> bool:
        return self.known < self.communes


class TerritoryView(PerimeterPage, TemplateView):
    """Map and table of the communes, and the points of the text to check."""

    template_name = "conventions/territory/territory.html"

    def get(self, request, *args, **kwargs):
        """Show the page; where the name is the only filter, finds a single commune, and was
        submitted rather than being typed, redirect to that commune's page, with the year."""
        asked = {name for name, value in request.GET.items() if value}
        if asked - {OPENS, YEAR} == {"nom"} and (OPENS in asked or not request.htmx):
            rows = CoverageFilter(request.GET, queryset=self.coverages(), dates=[]).qs[:2]
            if len(rows) == 1:
                page = rows[0].commune.get_absolute_url()
                if year := _year_in_address(request):
                    page = f"{page}?{YEAR}={year}"
                return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Return the perimeter on the reading day, what the filter keeps of it by sector, the
        communes that have left, the map and the points to check."""
        convention, day = self.convention, self.reading_day
        coverages = perimeter_of(convention, day)
        dates = sorted({coverage.cej_end for coverage in coverages if coverage.cej_end})
        listing = CoverageFilter(self.request.GET, queryset=self.coverages(), dates=dates)
        shown = list(listing.qs) if self.request.GET else coverages
        return super().get_context_data(
            coverages=coverages,
            gone=last_coverages_of_gone(convention, day),
            shown=shown,
            sectors=by_sector(shown),
            inhabitants=Inhabitants.of(coverages),
            map=render_map(convention, day, title="Communes de la convention, par population"),
            cej_dates=dates,
            filter=listing,
            asked_postal=bool(POSTAL.fullmatch(self.request.GET.get("nom", "").strip())),
            opens=OPENS,
            points=points_to_check(convention),
            reading_day=day,
            cited=article_urls(convention, day),
            **kwargs,
        )


def _year_in_address(request) -> int | None:
    """Return the year in the address, four digits, or None."""
    text = request.GET.get(YEAR, "")
    return int(text) if re.fullmatch(r"\d{4}", text, re.ASCII) else None


class CommunesFile(PerimeterPage, ListFile):
    """The communes that the page at the same address shows, as a table."""

    name = "communes"

    def tables(self):
        """Return one table: the communes that the filter of the page keeps."""
        dates = {coverage.cej_end for coverage in self.coverages() if coverage.cej_end}
        listing = CoverageFilter(self.request.GET, queryset=self.coverages(), dates=sorted(dates))
        return [Table.of("Communes", columns_of_communes(self.convention.words), listing.qs)]


class CommuneView(PerimeterPage, TemplateView):
    """ "Et ma commune ?": what the convention means for one commune, on a page to print."""

    template_name = "conventions/territory/commune.html"

    def get_context_data(self, **kwargs):
        """Return a commune's coverage, its share of the inhabitants and what the rooms have about
        it; without share or map once it has left. 404 for one that never belonged."""
        convention, day = self.convention, self.reading_day
        coverages = perimeter_of(convention, day)
        insee = self.kwargs["insee"]
        coverage = next((c for c in coverages if c.commune.insee_code == insee), None)
        has_left = coverage is None
        if has_left:
            gone = last_coverages_of_gone(convention, day)
            coverage = next((c for c in gone if c.commune.insee_code == insee), None)
        if coverage is None:
            raise Http404
        commune, known = coverage.commune, Inhabitants.of(coverages)
        title = f"{commune.name} parmi les communes de la convention"
        is_shared = commune.population and not has_left
        return super().get_context_data(
            coverage=coverage,
            commune=commune,
            has_left=has_left,
            share=round(100 * commune.population / known.total, 1) if is_shared else None,
            inhabitants=known,
            map=None
            if has_left
            else render_map(convention, day, title=title, base="../", here=commune.pk),
            axes=axes_in_force(convention, day),
            sections=commune_sections(self.request.user, commune, _year_in_address(self.request)),
            coordinators=coordinators_of(convention),
            **kwargs,
        )
