"""The page on which the parties are asked for a yes or a no about the convention as a whole: to
open what is published, or to be compared with others."""

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from agreements.commitments.commitment import Commitment
from agreements.models import Version
from conventions.access.pages import ConventionPage
from ctg_portal.forms.fields import prose
from ctg_portal.rules import Refusal, Refused

MEANWHILE = Refusal(
    "Cela a changé depuis que cette page est ouverte. Relisez ce qui tient aujourd’hui avant de "
    "demander le contraire."
)


class AskingForm(forms.Form):
    """The reason for what is asked. ``standing`` is what held when the form was shown, of which it
    proposes the contrary."""

    note = prose("Pourquoi (les parties le liront)", required=False, rows=3)
    standing = forms.ChoiceField(choices=[("oui", "oui"), ("non", "non")], widget=forms.HiddenInput)

    def send_again_with(self, standing: str) -> None:
        """Set what holds by now, where the form is shown again."""
        self.data = self.data.copy()
        self.data["standing"] = standing


class Asking(ConventionPage, FormView):
    """A page with what holds today, what is proposed, and the form that proposes the contrary.

    ``commitment`` is one of which a convention has a single row; ``flag`` names the field in
    question.
    """

    form_class = AskingForm
    commitment: Commitment
    flag: str

    def propose(self, *, is_yes: bool, note: str) -> Version:
        """Propose a version to the parties and return it. Raises Refused."""
        raise NotImplementedError

    @cached_property
    def row(self) -> Model | None:
        return self.commitment.subjects().filter(convention=self.convention).first()

    @property
    def is_yes(self) -> bool:
        """Whether all parties agree to it today."""
        return self.row is not None and self.row.is_agreed and getattr(self.row, self.flag)

    @property
    def standing(self) -> str:
        return "oui" if self.is_yes else "non"

    def get_initial(self):
        return {"standing": self.standing}

    def form_valid(self, form):
        """Propose the other answer; ask again if it was changed while the form was open."""
        if form.cleaned_data["standing"] != self.standing:
            form.add_error(None, MEANWHILE.reason)
            form.send_again_with(self.standing)
            return self.form_invalid(form)
        try:
            version = self.propose(is_yes=not self.is_yes, note=form.cleaned_data["note"])
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, "Les parties sont appelées à donner leur accord.")
        return redirect("committee:point", self.convention.slug, version.pk)

    def get_context_data(self, **kwargs):
        """Add what is agreed (``is_yes``) and ``proposed``, None for nothing. One may ask
        (``is_askable``) while nothing is proposed, or where the agreement to a proposed end was
        taken back."""
        versions = Version.objects.about(self.row) if self.row else Version.objects.none()
        proposed = versions.proposed().first()
        is_ending = proposed is not None and not proposed.content[self.flag]
        # An agreement to the end was taken back: the parties may as well be asked to begin.
        is_taken_back = is_ending and not self.is_yes
        return super().get_context_data(
            is_yes=self.is_yes,
            proposed=proposed,
            is_ending=is_ending,
            is_taken_back=is_taken_back,
            is_askable=proposed is None or is_taken_back,
            refusal=self.commitment.may_draft(self.request.user, self.convention),
            **kwargs,
        )
