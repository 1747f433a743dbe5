"""The text of a theme in a year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import FormView

from agreements.versions.differences import Change, Changes, words_changed
from committee.drafts.reading import Meanwhile
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import long_date
from evaluation.models import Narrative
from evaluation.pages import YearPageMixin
from evaluation.writing.events import write_narrative
from evaluation.writing.forms import NarrativeForm
from evaluation.writing.rights import may_write_narrative


class NarrativeView(YearPageMixin, FormView):
    """Write the text of a theme; who comes second is shown both texts, and chooses."""

    template_name = "evaluation/writing/narrative.html"
    form_class = NarrativeForm
    differences = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if may_write_narrative(request.user, self.convention):
            raise PermissionDenied
        found = [one.theme for one in self.reading.themes if one.theme.pk == kwargs["pk"]]
        if not found:
            raise Http404
        self.theme = found[0]

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
            meanwhile=_meanwhile(self.kept) if self.differences is not None else None,
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
