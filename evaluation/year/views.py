"""The page of a year."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from committee.drafts.reading import Meanwhile
from conventions.pages import ConventionPage
from ctg_portal.templatetags.french import long_date
from evaluation.models import Narrative, Report
from evaluation.report.rights import may_build_report
from evaluation.writing.rights import may_write_narrative
from evaluation.year.page import YearPage
from evaluation.year.reading import read_year
from indicators.collection.rights import contributor_of
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
        return read_year(self.convention, self.campaign)

    def get_context_data(self, **kwargs):
        kwargs |= {"campaign": self.campaign, "year": self.campaign.year}
        return super().get_context_data(**kwargs)


class YearView(YearPageMixin, TemplateView):
    """What the year comes to: counts, figures and texts, by axis and theme."""

    template_name = "evaluation/year/year.html"

    def get_context_data(self, **kwargs):
        user, convention, year = self.request.user, self.convention, self.campaign.year
        may_write = may_write_narrative(user, convention) is None
        return super().get_context_data(
            page=YearPage(self.reading, shows_all=may_write and not self.campaign.is_prepared),
            may_write=may_write,
            may_build=may_build_report(user, convention) is None,
            may_contribute=contributor_of(user, convention).may_contribute,
            last_report=Report.objects.of(convention).of_year(year).ready().first(),
            **kwargs,
        )


def _meanwhile(kept: Narrative | None) -> Meanwhile:
    """Who wrote another text meanwhile, and when."""
    if kept is None:
        return Meanwhile("Ce texte n’est plus là")
    saved = timezone.localtime(kept.updated_at)
    who = kept.updated_by_name or "Quelqu’un"
    moment = f"{long_date(saved)} à {saved:%-Hh%M}"
    return Meanwhile(f"{who} a enregistré un autre texte le {moment}")
