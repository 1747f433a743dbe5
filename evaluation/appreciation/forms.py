"""The form of an appreciation; a page has one for each objective of a theme."""

from django import forms

from agreements.commitments.canonical import plain
from committee.amendments.models import LONGEST_WORDING
from committee.amendments.reading import as_read, wording_of
from conventions.legal.words import Word
from ctg_portal.form_fields import WholeTextField, prose
from ctg_portal.numbers import key_in
from evaluation.appreciation.events import WITHOUT_REASON
from evaluation.appreciation.models import Verdict
from evaluation.appreciation.words import FORMS, verdict_word
from evaluation.year.objectives import ObjectiveReading

# What a second author chooses between; her own stands over the revision that she was shown.
THEIRS, MINE = "autre", "mienne:"


class AppreciationForm(forms.Form):
    """``seen``: the revision that the form was filled from, 0 when there was none. ``wording``: how
    a signed objective should read, begun from what it says; left as it is, nothing is proposed."""

    verdict = forms.ChoiceField(label="Appréciation", required=False, widget=forms.RadioSelect)
    text = prose("Justification", required=False, rows=3)
    wording = WholeTextField(
        label="Rédaction proposée", required=False, max_length=LONGEST_WORDING, strip=False
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    choice = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    def __init__(self, *args, reading: ObjectiveReading, word: Word, may_amend: bool, **kwargs):
        kept, self.signed = reading.appreciation, ""
        initial = {"verdict": kept.verdict, "text": kept.text, "seen": kept.revision} if kept else {
            "verdict": "", "seen": 0,
        }  # fmt: skip
        super().__init__(*args, prefix=str(reading.objective.pk), initial=initial, **kwargs)
        self.fields["verdict"].choices = [(one, verdict_word(one, word)) for one in FORMS]
        if may_amend:
            self.signed = wording_of(reading.objective)
            self.fields["wording"].initial = self.signed
            lines = sum(len(line) // 70 + 1 for line in self.signed.splitlines())
            self.fields["wording"].widget = forms.Textarea({"rows": min(max(lines + 1, 3), 12)})
        else:
            del self.fields["wording"]

    def clean_text(self):
        return plain(self.cleaned_data["text"]).strip()

    def clean_wording(self):
        """Empty where it is still what was signed."""
        wording = plain(self.cleaned_data["wording"])
        return "" if as_read(wording) == as_read(self.signed) else wording.strip()

    def clean(self):
        cleaned = super().clean()
        verdict = cleaned.get("verdict", "")
        if verdict in Verdict.with_reason() and not cleaned.get("text") and "text" in cleaned:
            self.add_error("text", WITHOUT_REASON.reason)
        if cleaned.get("wording") and verdict != Verdict.TO_ADAPT:
            self.add_error(
                "verdict",
                f"Vous proposez une autre rédaction : choisissez « {self.to_adapt} », ou "
                "remettez le texte signé.",
            )
        return cleaned

    @property
    def takes_theirs(self) -> bool:
        return self.cleaned_data["choice"] == THEIRS

    @property
    def over(self) -> int:
        """The revision that is written over: the one chosen against, else the one first seen."""
        chosen = key_in(self.cleaned_data["choice"].removeprefix(MINE))
        return chosen or self.cleaned_data["seen"]

    @property
    def to_adapt(self) -> str:
        return Verdict.TO_ADAPT.label

    @property
    def is_wording_changed(self) -> bool:
        """Whether another wording has been typed, for the page to show it again."""
        return "wording" in self.fields and as_read(self["wording"].value() or "") != as_read(
            self.signed
        )
