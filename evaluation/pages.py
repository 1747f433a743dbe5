"""What all pages of a year, or of the term, share: the collection that it is told from, and the
period as it is read; those of one of its texts, the desk at which it is written."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import cached_property

from conventions.pages import ConventionPage
from ctg_portal.rules import Refusal
from evaluation.period import Period
from evaluation.publication.published import texts_for
from evaluation.writing.desk import desk_of
from evaluation.year.reading import read_year


class YearPageMixin(ConventionPage):
    """A page below a year, or the term: 404 for a year that is not collected, and for the term
    before anything is."""

    needs_campaign = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.period = Period(kwargs.get("year"))
        self.campaign = self.period.campaign(self.convention)
        if self.campaign is None and self.needs_campaign:
            raise Http404
        if self.campaign is not None:
            self.campaign.convention = self.convention

    @cached_property
    def reading(self):
        texts = texts_for(self.request.user, self.convention, self.period.year)
        return read_year(self.convention, self.campaign, texts, self.period)

    def get_context_data(self, **kwargs):
        told = {"campaign": self.campaign, "year": self.period.year, "period": self.period}
        return super().get_context_data(**told | kwargs)


class TextPage(YearPageMixin):
    """A page of one text, by default of who may write it."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.desk = desk_of(request.user, self.convention, self.period, kwargs)
        if self.refusal():
            raise PermissionDenied

    def refusal(self) -> Refusal | None:
        return self.desk.may_write()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            desk=self.desk, kept=self.desk.kept, year_url=self.desk.year_url, **kwargs
        )
