"""The forms of a decision and of what became of it."""

from collections.abc import Iterable
from typing import Any

from django import forms

from committee.meetings.models import AgendaItem
from conventions.models import Organisation
from ctg_portal.forms.fields import DayField, prose
from ctg_portal.forms.revisions import RevisedForm


class DecisionFields(forms.Form):
    """A decision: its text, who is in charge, until when."""

    text = prose(
        "Décision", rows=4, help_text="Telle qu’elle sera lue dans la liste des décisions."
    )
    owner = forms.ModelChoiceField(
        label="Organisme chargé de la suite (facultatif)",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Aucun",
    )
    due_on = DayField(label="Pour le (facultatif)", required=False)

    def __init__(self, *args, convention, **kwargs):
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = Organisation.objects.filter(convention=convention).order_by("name")

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("text", "owner", "due_on")}


class DecisionForm(RevisedForm, DecisionFields):
    """The form that corrects a decision."""


class NewDecisionForm(DecisionFields):
    """A new decision: also on which item, and whether it is to be followed up."""

    item = forms.ModelChoiceField(
        label="Point de l’ordre du jour (facultatif)",
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label="Aucun",
    )
    follows = forms.BooleanField(
        label="À suivre",
        required=False,
        help_text="Elle ouvre l’ordre du jour suivant. Une échéance ou un organisme chargé suffit.",
    )

    field_order = ["item", "text", "owner", "due_on", "follows"]

    def __init__(self, *args, items: Iterable[AgendaItem], **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset = items

    @property
    def values(self) -> dict:
        """The values of a decision, with its ``item`` and whether it ``follows``."""
        more = {name: self.cleaned_data[name] for name in ("item", "follows")}
        return super().values | more


class ReportForm(forms.Form):
    """What became of a decision."""

    text = prose("Ce qui a été fait", rows=3, required=False)
    is_done = forms.BooleanField(label="La décision est faite", required=False)

    def clean(self):
        """Require a text, unless the decision is done."""
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("is_done") and "text" in cleaned:
            self.add_error("text", "Dites ce qui a été fait, ou que la décision est faite.")
        return cleaned


class ReasonForm(forms.Form):
    """Why a decision is given up, or taken up again."""

    reason = prose("Motif", rows=3)
