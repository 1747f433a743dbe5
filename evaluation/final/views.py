"""The page of the final evaluation, which its task leads to."""

from django.views.generic import TemplateView

from evaluation.appreciation.over_years import read_over_years, verdicts_for
from evaluation.cooperation.over_years import rewritten_years as rewritten_posts
from evaluation.editions.models import Edition
from evaluation.editions.rights import may_read_drafts
from evaluation.final.page import FinalPage
from evaluation.overview.page import drawn_year
from evaluation.overview.written_since import written_since
from evaluation.report.models import Report
from evaluation.report.rights import may_build_report
from evaluation.texts.rights import may_write_narrative, written_by
from evaluation.verdicts.yearly import rewritten_years
from evaluation.year.lacks import Lacks, YearsLacks, lacking, lacking_of_term
from evaluation.year.pages import YearPageMixin


class FinalView(YearPageMixin, TemplateView):
    """The final evaluation: results of the whole term, and what is missing before it is
    published."""

    template_name = "evaluation/final/final.html"
    needs_campaign = False

    def get_context_data(self, **kwargs):
        """Add ``page``, None before anything is collected; ``over_years``, the verdicts year by
        year; for who writes ``lacks``, ``years`` with theirs, and the published years that were
        ``rewritten``, each empty for others; ``last_report``, None for who reads no drafts."""
        user, convention, page = self.request.user, self.convention, None
        may_write = may_write_narrative(user, convention) is None
        years = YearsLacks(lacking(convention, self.today) if may_write else [])
        is_written = may_write and self.campaign is not None
        lacks = lacking_of_term(convention, self.reading) if is_written else Lacks()
        reads_drafts = may_read_drafts(user, convention) is None
        published = Edition.objects.of(convention).for_year(None).last_published()
        if self.campaign is not None:
            themes = [one.theme for one in self.reading.themes]
            page = FinalPage(
                self.reading,
                shows_all=may_write,
                opened=self.request.GET.get("theme", ""),
                written=written_by(user, convention, themes, None),
                since=written_since(self.reading, published)
                if reads_drafts and published
                else None,
                drawn=drawn_year(convention, self.period),
            )
        reports = Report.objects.of(convention).for_year(None)
        return super().get_context_data(
            page=page,
            title=self._title(page, lacks),
            lacks=lacks,
            years=years,
            over_years=read_over_years(convention, verdicts_for(user, convention)),
            rewritten=rewritten_years(convention) if may_write else [],
            rewritten_posts=rewritten_posts(convention) if may_write else [],
            may_write=may_write,
            may_build=may_build_report(user, convention) is None,
            reads_drafts=reads_drafts,
            last_report=reports.ready().first() if reads_drafts else None,
            published=published,
            **kwargs,
        )

    def _title(self, page: FinalPage | None, lacks: Lacks) -> str:
        """Return what the final evaluation itself lacks; else the title of the results."""
        if lacks.count:
            return f"{self.period.name} : {lacks.words}"
        return page.title if page else self.period.name
