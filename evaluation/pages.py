"""What all pages of a year share: its campaign, and the year as it is read."""

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from conventions.pages import ConventionPage
from evaluation.publication.published import texts_for
from evaluation.year.reading import read_year
from indicators.models import Campaign


class YearPageMixin(ConventionPage):
    """A page below a year: 404 for a year that is not collected."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        campaigns = Campaign.objects.of(self.convention)
        self.campaign = get_object_or_404(campaigns.of_year(kwargs["year"]))
        self.campaign.convention = self.convention

    @cached_property
    def reading(self):
        texts = texts_for(self.request.user, self.convention, self.campaign.year)
        return read_year(self.convention, self.campaign, texts)

    def get_context_data(self, **kwargs):
        kwargs |= {"campaign": self.campaign, "year": self.campaign.year}
        return super().get_context_data(**kwargs)
