"""The objectives of a year, or the term, appreciated theme by theme."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import TemplateView

from ctg_portal.templatetags.french import plural
from evaluation.appreciation.page import ThemePage
from evaluation.appreciation.reading import Appreciating
from evaluation.pages import YearPageMixin
from evaluation.publication.following import notes_on_change
from evaluation.writing.rights import may_write_narrative


class AppreciatingPage(YearPageMixin):
    """A page for who writes of the year."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if may_write_narrative(request.user, self.convention):
            raise PermissionDenied
        self.appreciating = Appreciating(self.reading)

    def get_context_data(self, **kwargs):
        return super().get_context_data(appreciating=self.appreciating, **kwargs)


class AppreciationsView(AppreciatingPage, TemplateView):
    """Where one stands, theme by theme; what nothing serves or measures."""

    template_name = "evaluation/appreciation/appreciations.html"


class AppreciateView(AppreciatingPage, TemplateView):
    """Say what the year made of each objective of a theme."""

    template_name = "evaluation/appreciation/appreciate.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        found = [one for one in self.appreciating.lines if one.theme.pk == kwargs["pk"]]
        if not found:
            raise Http404
        [self.line] = found

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(page=self._page()))

    def post(self, request, *args, **kwargs):
        page = self._page(request.POST)
        is_whole = page.save()
        self._tell(page)
        if not is_whole:
            return self.render_to_response(self.get_context_data(page=page))
        following = self.appreciating.after(self.line.theme)
        if request.POST.get("suite") and following:
            return redirect(following.url)
        place = request.POST.get("objectif", "")
        known = {sheet.anchor for sheet in page.sheets}
        return redirect(f"{self.line.url}{f'#{place}' if place in known else ''}")

    def _page(self, data=None) -> ThemePage:
        return ThemePage(self.line.reading, self.request.user, data)

    def _tell(self, page: ThemePage) -> None:
        if page.saved:
            forms = "appréciation est enregistrée,appréciations sont enregistrées"
            messages.success(self.request, f"{plural(page.saved, forms)}.")
        elif not page.wrong:
            messages.info(self.request, "Rien n’avait changé.")
        if page.wishes:
            url = reverse("committee:amendments", args=[self.convention.slug])
            told = (
                "La rédaction proposée est gardée"
                if len(page.wishes) == 1
                else "Les rédactions proposées sont gardées"
            )
            link = '{} pour un prochain avenant. <a href="{}">Voir les propositions</a>'
            messages.success(self.request, format_html(link, told, url))

    def get_context_data(self, **kwargs):
        theme = self.line.theme
        page = reverse("evaluation:year", args=[self.convention.slug, self.period])
        return super().get_context_data(
            line=self.line,
            notes=notes_on_change(self.convention, self.period),
            theme=theme,
            following=self.appreciating.after(theme),
            year_url=f"{page}?theme={theme.pk}#{theme.anchor}",
            **kwargs,
        )
