"""The form of a reclassification."""

from typing import cast

from django import forms

from agreements.commitments.commitment import commitment_of
from committee.forms import Tokens
from committee.reclassifications.models import Reclassification
from conventions.models import Objective
from ctg_portal.forms.fields import prose
from ctg_portal.text.typography import polish


class PassagesField(forms.ModelMultipleChoiceField):
    """Several passages of the signed text, by their words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, objective) -> str:
        return polish(objective.title)


class ReclassificationForm(Tokens):
    """Which of the ``passages`` are meant, and why; what they become is that of the page."""

    objectives = PassagesField(
        label="Ce dont il s’agit",
        queryset=Objective.objects.none(),
        error_messages={"required": "Choisissez au moins un passage."},
    )
    note = prose(
        "Motif",
        required=False,
        rows=3,
        help_text="Facultatif\u00a0: les membres du comité le liront avec ce qui change.",
    )

    def __init__(self, *args, passages, becomes, **kwargs):
        super().__init__(*args, **kwargs)
        cast(PassagesField, self.fields["objectives"]).queryset = passages
        self.becomes = becomes
        self.order_fields(["base", "revision", "objectives", "note"])

    @property
    def content(self) -> dict:
        """The content of the version, in canonical values."""
        values = {"objectives": list(self.cleaned_data["objectives"]), "becomes": self.becomes}
        return commitment_of(Reclassification()).plain(values)
