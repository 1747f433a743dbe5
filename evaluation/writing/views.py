"""The texts of a year: of a theme, and of the whole."""

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
from evaluation.models import Narrative, Part, YearText
from evaluation.pages import YearPageMixin
from evaluation.publication.following import notes_on_change
from evaluation.writing.events import write_narrative, write_year_text
from evaluation.writing.forms import NarrativeForm, YearTextForm
from evaluation.writing.models import Written
from evaluation.writing.rights import may_write_narrative


class WritingView(YearPageMixin, FormView):
    """Write a text of the year; who comes second is shown both texts, and chooses."""

    differences = None
    place: str  # of the text, on the page of the year

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if may_write_narrative(request.user, self.convention):
            raise PermissionDenied
        self.find(**kwargs)

    def find(self, **kwargs) -> None:
        """Find what the text is about, and note its ``place``; raises Http404."""
        raise NotImplementedError

    @property
    def kept(self) -> Written | None:
        raise NotImplementedError

    def write(self, text: str, seen: int) -> None:
        """Raises Refused."""
        raise NotImplementedError

    def get_initial(self):
        kept = self.kept
        return {"text": kept.text, "seen": kept.revision} if kept else {"seen": 0}

    @property
    def year_url(self) -> str:
        return f"{self.campaign.get_absolute_url()}#{self.place}"

    def form_valid(self, form):
        try:
            self.write(**form.cleaned_data)
        except Refused as refused:
            return self.refused(form, refused)
        messages.success(self.request, "Le texte est enregistré.")
        return redirect(self.year_url)

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
            kept=self.kept,
            year_url=self.year_url,
            notes=notes_on_change(self.campaign),
            differences=self.differences,
            meanwhile=_meanwhile(self.kept) if self.differences is not None else None,
            **kwargs,
        )


class NarrativeView(WritingView):
    """What the year has changed in a theme."""

    template_name = "evaluation/writing/narrative.html"
    form_class = NarrativeForm

    def find(self, *, pk, **kwargs):
        found = [one.theme for one in self.reading.themes if one.theme.pk == pk]
        if not found:
            raise Http404
        self.theme = found[0]
        self.place = self.theme.anchor

    @property
    def kept(self) -> Narrative | None:
        return Narrative.objects.of_theme(self.theme, self.campaign.year).first()

    def write(self, text, seen):
        write_narrative(self.theme, self.campaign.year, text, seen=seen, by=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(theme=self.theme, **kwargs)


class YearTextView(WritingView):
    """A part of the evaluation that is about the whole year."""

    template_name = "evaluation/writing/year_text.html"
    form_class = YearTextForm

    def find(self, *, part, **kwargs):
        if part not in Part.values:
            raise Http404
        self.part = Part(part)
        self.place = part

    @property
    def kept(self) -> YearText | None:
        texts = YearText.objects.of(self.convention).of_year(self.campaign.year)
        return texts.of_part(self.part).first()

    def write(self, text, seen):
        year, user = self.campaign.year, self.request.user
        write_year_text(self.convention, year, self.part, text, seen=seen, by=user)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"part": self.part}

    def get_context_data(self, **kwargs):
        return super().get_context_data(part=self.part, **kwargs)


def _meanwhile(kept: Written | None) -> Meanwhile:
    """Who wrote another text meanwhile, and when."""
    if kept is None:
        return Meanwhile("Ce texte n’est plus là")
    saved = timezone.localtime(kept.updated_at)
    who = kept.updated_by_name or "Quelqu’un"
    moment = f"{long_date(saved)} à {saved:%-Hh%M}"
    return Meanwhile(f"{who} a enregistré un autre texte le {moment}")
