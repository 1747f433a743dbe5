"""The page that the task of the final evaluation leads to."""

from django.views.generic import TemplateView

from conventions.pages import ConventionPage
from evaluation.appreciation.over_years import given_for, read_over_years
from evaluation.final.reading import lacking


class FinalView(ConventionPage, TemplateView):
    """What is missing of each year of the term; what became of the objectives."""

    template_name = "evaluation/final/final.html"

    def get_context_data(self, **kwargs):
        years = lacking(self.convention, self.today)
        return super().get_context_data(
            years=years,
            count=sum(len(one.lacks) for one in years),
            over_years=read_over_years(
                self.convention, given_for(self.request.user, self.convention)
            ),
            **kwargs,
        )
