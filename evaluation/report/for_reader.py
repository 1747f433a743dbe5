"""Read the content of a report for a reader: from what is published alone, or with drafts."""

from django.utils.functional import cached_property

from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import STATISTICS
from evaluation.period import Period
from evaluation.report.content import ReportContent
from evaluation.report.reading import content_of
from evaluation.year.for_reader import OF_YEARS, year_for_reader
from evaluation.year.pages import YearPageMixin


@cached(*OF_YEARS, shared=(STATISTICS,))
def content_for_reader(convention: Convention, period: Period, *, is_public: bool) -> ReportContent:
    """Return the content that the document of this reading would have."""
    return content_of(year_for_reader(convention, period, is_public=is_public))


@cached(*OF_YEARS, shared=(STATISTICS,))
def digest_for_reader(convention: Convention, period: Period, *, is_public: bool) -> str:
    """Return the digest of the content of this reading."""
    return content_for_reader(convention, period, is_public=is_public).digest


class ContentPageMixin(YearPageMixin):
    """A page below a year, or the term, that shows its content."""

    @cached_property
    def content(self) -> ReportContent:
        """The content that its document would have now."""
        return content_for_reader(self.convention, self.period, is_public=self.reads_what_is_public)

    @cached_property
    def digest(self) -> str:
        return digest_for_reader(self.convention, self.period, is_public=self.reads_what_is_public)
