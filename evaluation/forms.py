"""What forms of several subjects share: a word and why, of an objective or of a stake."""

from django import forms

from agreements.commitments.canonical import plain
from ctg_portal.form_fields import prose
from ctg_portal.revisions import revision_of
from evaluation.appreciation.events import WITHOUT_REASON
from evaluation.appreciation.models import Appreciated
from evaluation.writing.sheets import SheetForm


class VerdictForm(SheetForm):
    """A word and a justification, from what is ``kept`` (or None) of ``model``. ``choices``: (key,
    word) pairs, the first of them that nothing is said yet."""

    verdict = forms.ChoiceField(label="Appréciation", required=False, widget=forms.RadioSelect)
    text = prose("Justification", required=False, rows=3)

    def __init__(
        self, *args, model: type[Appreciated], kept: Appreciated | None, choices, **kwargs
    ):
        self.model = model
        initial = {"verdict": kept.verdict, "text": kept.text} if kept else {"verdict": ""}
        initial["revision"] = revision_of(kept)
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["verdict"].choices = choices

    def clean_text(self):
        return plain(self.cleaned_data["text"]).strip()

    def clean(self):
        cleaned = super().clean()
        refuse_after_term = cleaned.get("verdict", "") in self.model.verdicts.with_reason()
        if refuse_after_term and not cleaned.get("text") and "text" in cleaned:
            self.add_error("text", WITHOUT_REASON.reason)
        return cleaned
