"""The page of a year, and the text of a theme in it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from committee.differences import Change, Changes, words_changed
from conventions.views.base import ConventionPage
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import long_date
from evaluation.events.narratives import write_narrative
from evaluation.forms.narratives import NarrativeForm
from evaluation.models import Campaign, Narrative, Report
from evaluation.pages.year import YearPage
from evaluation.report.reading import read_year
from evaluation.rights import contributor_of, may_build_report, may_write_narrative


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

    template_name = "evaluation/year.html"

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


class NarrativeView(YearPageMixin, FormView):
    """Write the text of a theme; who comes second is shown both texts, and chooses."""

    template_name = "evaluation/narrative.html"
    form_class = NarrativeForm
    differences = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if may_write_narrative(request.user, self.convention):
            raise PermissionDenied
        self.theme = self._theme(kwargs["pk"])

    def _theme(self, pk: int):
        found = [reading.theme for reading in self.reading.themes if reading.theme.pk == pk]
        if not found:
            raise Http404
        return found[0]

    @property
    def kept(self) -> Narrative | None:
        return Narrative.objects.of_theme(self.theme, self.campaign.year).first()

    def get_initial(self):
        kept = self.kept
        return {"text": kept.text, "seen": kept.revision} if kept else {"seen": 0}

    def form_valid(self, form):
        year = self.campaign.year
        try:
            write_narrative(self.theme, year, **form.cleaned_data, by=self.request.user)
        except Refused as refused:
            return self.refused(form, refused)
        messages.success(self.request, "Le texte est enregistré.")
        return redirect(f"{self.campaign.get_absolute_url()}#{self.theme.anchor}")

    def refused(self, form, refused: Refused):
        """Nothing typed is lost: both texts are shown, and saving again keeps one's own."""
        form.add_error(None, refused.refusal.reason)
        kept = self.kept
        pieces = words_changed(kept.text if kept else "", form.cleaned_data["text"])
        self.differences = Changes([Change("Texte", pieces)])
        form.send_again_with(kept.revision if kept else 0)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            theme=self.theme,
            kept=self.kept,
            differences=self.differences,
            meanwhile=_meanwhile(self.kept) if self.differences is not None else "",
            **kwargs,
        )


def _meanwhile(kept: Narrative | None) -> str:
    """Who wrote another text meanwhile, and when."""
    if kept is None:
        return "Ce texte n’est plus là"
    saved = timezone.localtime(kept.updated_at)
    who = kept.updated_by_name or "Quelqu’un"
    return f"{who} a enregistré un autre texte le {long_date(saved)} à {saved:%-Hh%M}"
