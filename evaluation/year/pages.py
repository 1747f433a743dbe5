"""The base view of a page that shows what a year, or the term, comes to."""

from django.utils.functional import cached_property

from evaluation.editions.rights import may_read_drafts
from evaluation.pages import PeriodPage
from evaluation.year.for_reader import year_for_reader
from evaluation.year.reading import YearReading


class YearPageMixin(PeriodPage):
    """A page below a year, or the term, with its reading."""

    @property
    def reads_what_is_public(self) -> bool:
        return may_read_drafts(self.request.user, self.convention) is not None

    @cached_property
    def reading(self) -> YearReading:
        return year_for_reader(self.convention, self.period, is_public=self.reads_what_is_public)
