"""The shared stakes of a year, or the term, appreciated by who coordinates."""

from django.urls import reverse

from evaluation.pages import AppreciatingPage, SheetsView
from evaluation.publication.following import notes_on_change
from evaluation.stakes.page import StakesPage


class AppreciateStakesView(AppreciatingPage, SheetsView):
    """Say what became of each stake."""

    template_name = "evaluation/stakes/appreciate.html"
    saved_forms = "appréciation est enregistrée,appréciations sont enregistrées"

    def page_of(self, data=None) -> StakesPage:
        return StakesPage(self.reading.stakes, self.period.year, self.request.user, data)

    @property
    def url(self) -> str:
        where = [self.convention.slug, self.period]
        return reverse("evaluation:appreciate_stakes", args=where)

    def get_context_data(self, **kwargs):
        page = reverse("evaluation:year", args=[self.convention.slug, self.period])
        return super().get_context_data(
            notes=notes_on_change(self.convention, self.period),
            year_url=f"{page}#enjeux-partages",
            **kwargs,
        )
