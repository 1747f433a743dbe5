"""The form that objectives and stakes share: a verdict and its justification."""

from django import forms

from agreements.commitments.canonical import plain
from ctg_portal.forms.fields import prose
from ctg_portal.forms.revisions import revision_of
from evaluation.appreciation.events import WITHOUT_REASON
from evaluation.appreciation.models import Appreciated
from evaluation.writing.sheets import SheetForm


class VerdictForm(SheetForm):
    """A verdict and its justification, from a stored ``row`` of ``model``, or None. ``choices``:
    (key, word) pairs, the first for no verdict yet."""

    verdict = forms.ChoiceField(label="Appréciation", required=False, widget=forms.RadioSelect)
    text = prose("Justification", required=False, rows=3)

    def __init__(self, *args, model: type[Appreciated], row: Appreciated | None, choices, **kwargs):
        self.model = model
        initial = {"verdict": row.verdict, "text": row.text} if row else {"verdict": ""}
        initial["revision"] = revision_of(row)
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
