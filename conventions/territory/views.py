"""The territory: its map and table, and the page of one commune."""

from django.http import Http404
from django.views.generic import TemplateView

from conventions.legal.points_to_check import points_to_check
from conventions.legal.reading import article_urls, axes_in_force, coordinators_of
from conventions.models import Coverage
from conventions.pages import ConventionPage
from conventions.territory.filters import CoverageFilter
from conventions.territory.map import territory_map
from ctg_portal.house import house, in_turn


class PerimeterPage(ConventionPage):
    """A page that shows the communes within the perimeter on the day that is read."""

    def coverages(self):
        rows = Coverage.objects.of(self.convention).perimeter(self.reading_day)
        return rows.select_related("commune")


class TerritoryView(PerimeterPage, TemplateView):
    """Map and table of the communes, and the points of the text to check."""

    template_name = "conventions/territory/territory.html"

    def get_context_data(self, **kwargs):
        coverages = list(self.coverages())
        dates = sorted({coverage.cej_end for coverage in coverages if coverage.cej_end})
        listing = CoverageFilter(self.request.GET, queryset=self.coverages(), dates=dates)
        return super().get_context_data(
            coverages=coverages,
            shown=list(listing.qs) if self.request.GET else coverages,
            population=sum(coverage.commune.population or 0 for coverage in coverages),
            map=territory_map(coverages),
            cej_dates=dates,
            filter=listing,
            points=points_to_check(self.convention),
            reading_day=self.reading_day,
            cited=article_urls(self.convention, self.reading_day),
            **kwargs,
        )


class CommuneView(PerimeterPage, TemplateView):
    """ "Et ma commune ?": what the convention means for one commune, on a page to print."""

    template_name = "conventions/territory/commune.html"

    def get_context_data(self, **kwargs):
        coverages = list(self.coverages())
        coverage = next(
            (c for c in coverages if c.commune.insee_code == self.kwargs["insee"]), None
        )
        if coverage is None:
            raise Http404
        total = sum(c.commune.population or 0 for c in coverages)
        population = coverage.commune.population
        return super().get_context_data(
            coverage=coverage,
            commune=coverage.commune,
            share=round(100 * population / total, 1) if population else None,
            map=territory_map(coverages, here=coverage.commune),
            axes=axes_in_force(self.convention, self.reading_day),
            sections=in_turn(house().commune_sections, self.request.user, coverage.commune),
            coordinators=coordinators_of(self.convention),
            map_title=f"{coverage.commune.name} parmi les communes de la convention",
            **kwargs,
        )
