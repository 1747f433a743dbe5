"""The pages of a year: where it is read, and where it is completed."""

from django.core.exceptions import PermissionDenied
from django.views.generic import TemplateView

from evaluation.comments.reading import open_counts
from evaluation.editions.models import Edition
from evaluation.editions.rights import may_read_drafts
from evaluation.overview.completing import CompletePage
from evaluation.overview.page import YearPage, drawn_communes, drawn_year
from evaluation.overview.written_since import written_since
from evaluation.report.corrected import actions_since, corrected_since
from evaluation.report.models import Report
from evaluation.texts.rights import may_write_narrative, written_by
from evaluation.year.lacks import Lacks, lacking_of
from evaluation.year.pages import YearPageMixin
from evaluation.year.tabs import COMPLETE, READ, year_tabs
from indicators.collection.rights import contributor_of


class WrittenYear(YearPageMixin, TemplateView):
    """Base of the pages of a year, with what the reader may write of it."""

    @property
    def writes_all(self) -> bool:
        return may_write_narrative(self.request.user, self.convention) is None

    def written(self) -> set[int]:
        """Return the primary keys of the themes whose text the reader may write."""
        themes = [theme.theme for theme in self.reading.themes]
        return written_by(self.request.user, self.convention, themes, self.period.year)

    def lacks(self) -> Lacks:
        """Return what the year lacks; nothing to who does not write all of it."""
        if not self.writes_all:
            return Lacks()
        return lacking_of(self.convention, self.reading.campaign, self.period, self.reading)


class YearView(WrittenYear):
    """« Lire »: counts, figures and texts, by theme."""

    template_name = "evaluation/year/year.html"

    def get_context_data(self, **kwargs):
        """Add ``tabs``; ``page``; ``communes``, the figures by commune as HTML; ``last_report``,
        for who reads drafts and prepares none, or None; ``published``, the last published edition
        or None; ``corrected``, what changed since, empty without; and what the reader may do."""
        user, convention, year = self.request.user, self.convention, self.period.year
        reading, campaign = self.reading, self.reading.campaign
        reads_drafts = may_read_drafts(user, convention) is None
        editions = Edition.objects.of(convention).for_year(year)
        published = editions.last_published()
        reports = Report.objects.of(convention).for_year(year)
        page = YearPage(
            reading,
            opened=self.request.GET.get("theme", ""),
            commented=open_counts(convention, year) if reads_drafts else None,
            since=written_since(reading, published) if reads_drafts and published else None,
            drawn=drawn_year(convention, self.period),
        )
        counts_lacks = self.writes_all and not published and not editions.in_hand().exists()
        tabs = year_tabs(
            convention, self.period, READ,
            writes_all=self.writes_all,
            writes_some=bool(self.written()),
            lacking=self.lacks().count if counts_lacks else 0,
        )  # fmt: skip
        asked = self.request.GET.get("carte", "")
        corrected = [corrected_since, actions_since] if published else []
        return super().get_context_data(
            page=page,
            tabs=tabs,
            communes=drawn_communes(convention, reading, asked),
            may_contribute=campaign.is_open and contributor_of(user, convention).may_contribute,
            last_report=reports.ready().first() if reads_drafts and not self.writes_all else None,
            published=published,
            corrected=" ".join(filter(None, (of(reading, published) for of in corrected))),
            **kwargs,
        )


class CompleteView(WrittenYear):
    """« Compléter »: what the year lacks, and the texts that the reader writes."""

    template_name = "evaluation/year/complete.html"

    def get_context_data(self, **kwargs):
        """Add ``tabs`` and ``page``. Raises PermissionDenied for who writes nothing of the year."""
        convention, year, written = self.convention, self.period.year, self.written()
        if not (self.writes_all or written):
            raise PermissionDenied
        editions = Edition.objects.of(convention).for_year(year)
        page = CompletePage(
            self.reading,
            self.lacks(),
            writes_all=self.writes_all,
            written=written,
            commented=open_counts(convention, year),
            edition=editions.in_hand().first() or editions.last_published(),
        )
        tabs = year_tabs(
            convention, self.period, COMPLETE,
            writes_all=self.writes_all,
            writes_some=bool(written),
            lacking=0 if page.edition else page.lacks.count,
        )  # fmt: skip
        return super().get_context_data(page=page, tabs=tabs, **kwargs)
