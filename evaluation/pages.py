"""What all pages of a year share: its campaign, and the year as it is read; those of one of its
texts, the desk at which it is written."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from conventions.pages import ConventionPage
from ctg_portal.rules import Refusal
from evaluation.publication.published import texts_for
from evaluation.writing.desk import desk_of
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


class TextPage(YearPageMixin):
    """A page of one text, by default of who may write it."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.desk = desk_of(request.user, self.campaign, kwargs)
        if self.refusal():
            raise PermissionDenied

    def refusal(self) -> Refusal | None:
        return self.desk.may_write()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            desk=self.desk, kept=self.desk.kept, year_url=self.desk.year_url, **kwargs
        )
