"""The objectives and the shared stakes of a year, or the term, appreciated."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import TemplateView

from evaluation.appreciation.page import ThemePage
from evaluation.appreciation.reading import Appreciating
from evaluation.appreciation.stakes import StakesPage
from evaluation.editions.following import notes_on_change
from evaluation.pages import SheetsView, WritersPage
from evaluation.year.pages import YearPageMixin


class AppreciatingPage(YearPageMixin, WritersPage):
    """A page for who appreciates the year, with how far one is."""

    def setup(self, request, *args, **kwargs):
        """Set ``appreciating``, how far objectives and stakes are appreciated."""
        super().setup(request, *args, **kwargs)
        self.appreciating = Appreciating(self.reading)

    def get_context_data(self, **kwargs):
        return super().get_context_data(appreciating=self.appreciating, **kwargs)


class AppreciationsView(AppreciatingPage, TemplateView):
    """The page that leads to each theme, and lists objectives that nothing serves or measures."""

    template_name = "evaluation/appreciation/appreciations.html"


class AppreciateView(AppreciatingPage, SheetsView):
    """Appreciate each objective of a theme for the year; 404 for a theme without objectives."""

    template_name = "evaluation/appreciation/appreciate.html"
    saved_forms = "appréciation est enregistrée,appréciations sont enregistrées"

    def setup(self, request, *args, **kwargs):
        """Set ``line``, the theme that the address names; 404 for one without objectives to
        appreciate."""
        super().setup(request, *args, **kwargs)
        lines = {line.theme.pk: line for line in self.appreciating.lines}
        if kwargs["pk"] not in lines:
            raise Http404
        self.line = lines[kwargs["pk"]]

    def page_of(self, data=None) -> ThemePage:
        return ThemePage(self.line.reading, self.request.user, data)

    @property
    def url(self) -> str:
        return self.line.url

    def after(self, page: ThemePage) -> str:
        """Return the address of the next theme that awaits a verdict, if its button was used."""
        following = self.appreciating.after(self.line.theme)
        goes_on = self.request.POST.get("suite") and following
        return following.url if goes_on else super().after(page)

    def show_message(self, page: ThemePage) -> None:
        """Say how many appreciations were saved, and that wordings were proposed, if any was."""
        super().show_message(page)
        if page.wishes:
            url = reverse("committee:amendments", args=[self.convention.slug])
            subject = (
                "La rédaction proposée est gardée"
                if len(page.wishes) == 1
                else "Les rédactions proposées sont gardées"
            )
            link = '{} pour un prochain avenant. <a href="{}">Voir les propositions</a>'
            messages.success(self.request, format_html(link, subject, url))

    def get_context_data(self, **kwargs):
        """Add the theme, the next one that awaits a verdict, and what a change would return."""
        theme = self.line.theme
        return super().get_context_data(
            line=self.line,
            notes=notes_on_change(self.convention, self.period),
            theme=theme,
            following=self.appreciating.after(theme),
            year_url=self.period.writing_url(self.convention),
            **kwargs,
        )


class AppreciateStakesView(AppreciatingPage, SheetsView):
    """Appreciate each shared stake for the year."""

    template_name = "evaluation/stakes/appreciate.html"
    saved_forms = "appréciation est enregistrée,appréciations sont enregistrées"

    def page_of(self, data=None) -> StakesPage:
        return StakesPage(self.reading.stakes, self.period.year, self.request.user, data)

    @property
    def url(self) -> str:
        """The address of the page itself."""
        where = [self.convention.slug, self.period]
        return reverse("evaluation:appreciate_stakes", args=where)

    def get_context_data(self, **kwargs):
        """Add ``notes``, the warnings that a change returns a submitted evaluation to its writers,
        and ``year_url``, the page that lists what is to be written."""
        return super().get_context_data(
            notes=notes_on_change(self.convention, self.period),
            year_url=self.period.writing_url(self.convention),
            **kwargs,
        )
