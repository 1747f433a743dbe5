"""The forms of what is written in minutes."""

from django import forms

from ctg_portal.forms.fields import WholeTextField, prose
from ctg_portal.forms.revisions import RevisedForm


class IntroductionForm(RevisedForm):
    """The introduction of minutes."""

    introduction = prose(
        "Introduction", rows=6, required=False,
        help_text="Présences, points, décisions et accords s’écrivent d’eux-mêmes.",
    )  # fmt: skip


class NotesForm(RevisedForm):
    """What was discussed on an item."""

    notes = WholeTextField(
        label="Ce qui s’est dit", required=False, max_length=10000,
        widget=forms.Textarea({"rows": 8}),
    )  # fmt: skip


class TakeBackForm(forms.Form):
    """Why submitted minutes are written again."""

    reason = prose("Motif", rows=3, help_text="Les parties le liront.")


class CorrectionForm(forms.Form):
    """What is wrong in approved minutes."""

    reason = prose("Ce qui est à corriger", rows=3, help_text="Les parties le liront.")
