"""The page of a year."""

from django.views.generic import TemplateView

from evaluation.comments.reading import open_counts
from evaluation.editions.models import Edition
from evaluation.editions.rights import may_read_drafts
from evaluation.overview.page import YearPage, drawn_communes, drawn_year
from evaluation.overview.written_since import written_since
from evaluation.report.corrected import actions_since, corrected_since
from evaluation.report.models import Report
from evaluation.report.rights import may_build_report
from evaluation.texts.rights import may_write_narrative, written_by
from evaluation.year.lacks import Lacks, lacking_of
from evaluation.year.pages import YearPageMixin
from indicators.collection.rights import contributor_of


class YearView(YearPageMixin, TemplateView):
    """The page of a year or of the term: counts, figures and texts, by axis and theme."""

    template_name = "evaluation/year/year.html"

    def get_context_data(self, **kwargs):
        """Add ``page``; ``communes``, the figures by commune as HTML; ``lacks``, none for who may
        not write; ``last_report``, None for who reads no drafts; ``published``, the last published
        edition or None; ``corrected``, what changed since, empty without; and what the reader may
        do."""
        user, convention, year = self.request.user, self.convention, self.period.year
        reading, campaign = self.reading, self.reading.campaign
        reads_drafts = may_read_drafts(user, convention) is None
        reports = Report.objects.of(convention).for_year(year)
        published = Edition.objects.of(convention).for_year(year).last_published()
        may_write = may_write_narrative(user, convention) is None
        themes = [theme.theme for theme in reading.themes]
        page = YearPage(
            reading,
            shows_all=may_write and not campaign.is_prepared,
            opened=self.request.GET.get("theme", ""),
            written=written_by(user, convention, themes, year),
            commented=open_counts(convention, year) if reads_drafts else None,
            since=written_since(reading, published) if reads_drafts and published else None,
            drawn=drawn_year(convention, self.period),
        )
        asked = self.request.GET.get("carte", "")
        corrected = [corrected_since, actions_since] if published else []
        return super().get_context_data(
            page=page,
            communes=drawn_communes(convention, reading, asked),
            may_write=may_write,
            lacks=lacking_of(convention, campaign, self.period, reading) if may_write else Lacks(),
            may_build=may_build_report(user, convention) is None,
            may_contribute=campaign.is_open and contributor_of(user, convention).may_contribute,
            reads_drafts=reads_drafts,
            last_report=reports.ready().first() if reads_drafts else None,
            published=published,
            corrected=" ".join(filter(None, (of(reading, published) for of in corrected))),
            **kwargs,
        )
