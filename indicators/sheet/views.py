"""The indicators of a convention: the list, and one of them."""

from django.http import Http404
from django.views.generic import TemplateView

from conventions.access.pages import ConventionPage
from conventions.lists import ListFile
from documents.tables import Table
from indicators.definitions.reading import can_know
from indicators.series.files import figures_tables
from indicators.sheet.page import IndicatorPage, draw_page
from indicators.sheet.reading import IndicatorList


class IndicatorsView(ConventionPage, TemplateView):
    """Page of the list of indicators, by axis and theme, with the last figures."""

    template_name = "indicators/sheet/indicators.html"

    def get_context_data(self, **kwargs):
        listing = IndicatorList(self.convention, self.request.user, self.request.GET)
        if listing.everything:
            listing.filter.offer_all(listing.listed.themes, listing.listed.providers)
        return super().get_context_data(listing=listing, **kwargs)


class FiguresFile(ConventionPage, ListFile):
    """File of all years' figures of the indicators listed at the same address."""

    name = "chiffres"

    def tables(self) -> list[Table]:
        listing = IndicatorList(self.convention, self.request.user, self.request.GET)
        return figures_tables(self.convention, listing.series)


class IndicatorView(ConventionPage, TemplateView):
    """Page of one indicator; 404 if the user may not know it, as a draft."""

    template_name = "indicators/sheet/indicator.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        drawn = draw_page(self.convention, self.kwargs["pk"])
        if drawn is None or not can_know(user, drawn.series.indicator):
            raise Http404
        page = IndicatorPage.of(drawn, user)
        by_commune = page.by_commune(self.request.GET)
        return super().get_context_data(page=page, by_commune=by_commune, **kwargs)
