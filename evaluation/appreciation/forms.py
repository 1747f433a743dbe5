"""The forms of an appreciation: of an objective, or of a stake."""

from django import forms

from agreements.commitments.canonical import plain
from committee.amendments.models import LONGEST_WORDING
from committee.amendments.reading import normalized, signed_wording
from conventions.legal.words import Word
from ctg_portal.forms.fields import WholeTextField, prose
from ctg_portal.forms.revisions import revision_of
from evaluation.texts.sheets import SheetForm
from evaluation.verdicts.events import WITHOUT_REASON
from evaluation.verdicts.models import Appreciated, Appreciation, Verdict
from evaluation.verdicts.words import FORMS, verdict_word
from evaluation.year.objectives import ObjectiveReading


class VerdictForm(SheetForm):
    """A verdict and its justification, which some verdicts need. ``row``: the stored one of
    ``model``, or None; ``choices``: the verdicts and « not yet », each with its word."""

    verdict = forms.ChoiceField(label="Appréciation", required=False, widget=forms.RadioSelect)
    text = prose("Justification", required=False, rows=3)

    def __init__(
        self, *args, model: type[Appreciated], row: Appreciated | None,
        choices: list[tuple[str, str]], **kwargs,
    ):  # fmt: skip
        self.model = model
        initial = {"verdict": row.verdict, "text": row.text} if row else {"verdict": ""}
        initial["revision"] = revision_of(row)
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["verdict"].choices = choices

    def clean_text(self):
        return plain(self.cleaned_data["text"]).strip()

    def clean(self):
        """Refuse a verdict that needs a reason without one."""
        cleaned = super().clean()
        needs_reason = cleaned.get("verdict", "") in self.model.verdicts.with_reason()
        if needs_reason and not cleaned.get("text") and "text" in cleaned:
            self.add_error("text", WITHOUT_REASON.reason)
        return cleaned


class AppreciationForm(VerdictForm):
    """The form of an objective. ``wording``: how a signed objective should read instead, filled
    with its present wording; only if ``can_amend``."""

    wording = WholeTextField(
        label="Rédaction proposée", required=False, max_length=LONGEST_WORDING, strip=False
    )

    def __init__(self, *args, reading: ObjectiveReading, word: Word, can_amend: bool, **kwargs):
        self.signed = ""
        super().__init__(
            *args,
            prefix=str(reading.objective.pk),
            model=Appreciation,
            row=reading.appreciation,
            choices=[(verdict, verdict_word(verdict, word)) for verdict in FORMS],
            **kwargs,
        )
        if can_amend:
            self.signed = signed_wording(reading.objective)
            self.fields["wording"].initial = self.signed
            lines = sum(len(line) // 70 + 1 for line in self.signed.splitlines())
            self.fields["wording"].widget = forms.Textarea({"rows": min(max(lines + 1, 3), 12)})
        else:
            del self.fields["wording"]

    def clean_wording(self):
        """Return the proposed wording; empty where it is still what was signed."""
        wording = plain(self.cleaned_data["wording"])
        return "" if normalized(wording) == normalized(self.signed) else wording.strip()

    def clean(self):
        """Refuse another wording with any verdict but « à adapter »."""
        cleaned = super().clean()
        if cleaned.get("wording") and cleaned.get("verdict", "") != Verdict.TO_ADAPT:
            self.add_error(
                "verdict",
                f"Vous proposez une autre rédaction : choisissez « {Verdict.TO_ADAPT.label} », ou "
                "remettez le texte signé.",
            )
        return cleaned

    @property
    def to_adapt(self) -> str:
        return Verdict.TO_ADAPT.label

    @property
    def is_wording_changed(self) -> bool:
        """Whether the form has another wording than the signed one, so that its fold is open."""
        return "wording" in self.fields and normalized(self["wording"].value() or "") != normalized(
            self.signed
        )
