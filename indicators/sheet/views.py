"""The indicators of a convention: the list, and one of them."""

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from conventions.lists import ListFile
from conventions.pages import ConventionPage
from indicators.by_commune.page import ByCommune
from indicators.collection.rights import contributor_of
from indicators.definitions.reading import readable_indicators
from indicators.series.files import figures_tables
from indicators.sheet.page import IndicatorPage
from indicators.sheet.reading import IndicatorList


class IndicatorsView(ConventionPage, TemplateView):
    """What is measured, by axis and theme, with the last figures."""

    template_name = "indicators/sheet/indicators.html"

    def get_context_data(self, **kwargs):
        listing = IndicatorList(self.convention, self.request.user, self.request.GET)
        if listing.everything:
            listing.filter.offer_all(listing.listed.themes, listing.listed.providers)
        return super().get_context_data(listing=listing, **kwargs)


class FiguresFile(ConventionPage, ListFile):
    """The figures of the indicators that the same address of the list shows, of all years."""

    name = "chiffres"

    def tables(self):
        listing = IndicatorList(self.convention, self.request.user, self.request.GET)
        return figures_tables(self.convention, listing.series)


class IndicatorView(ConventionPage, TemplateView):
    """One indicator: its definition, who agreed to it, its figures year by year."""

    template_name = "indicators/sheet/indicator.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        rows = readable_indicators(self.convention, user).with_definition()
        indicator = get_object_or_404(rows, pk=self.kwargs["pk"])
        indicator.convention = indicator.theme.axis.convention = self.convention
        contributor = contributor_of(user, self.convention)
        page = IndicatorPage(indicator, user)
        by_commune = ByCommune.of(page.series, self.request.GET, contributor)
        return super().get_context_data(page=page, by_commune=by_commune, **kwargs)
