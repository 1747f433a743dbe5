"""Forms of the committee's own objectives."""

from django import forms

from committee.forms import Tokens
from committee.objectives.commitments import ObjectiveCommitment
from conventions.models import Objective
from ctg_portal.forms.fields import WholeTextField, prose


class ObjectiveForm(Tokens):
    """A dated and measurable objective. A draft may lack all but its title.

    Plain fields are declared by the commitment; here are those that need more than that.
    """

    title = WholeTextField(
        max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text="Commencez par un verbe\u00a0: ouvrir, former, réduire…",
    )  # fmt: skip
    note = prose(
        "Motif",
        required=False,
        rows=3,
        help_text="Facultatif\u00a0: les membres du comité le liront avec ce qui change.",
    )

    def __init__(self, *args, convention, **kwargs):
        super().__init__(*args, **kwargs)
        self.convention = convention
        for field in ObjectiveCommitment.fields:
            if field.name not in self.fields:
                self.fields[field.name] = field.formfield(Objective)
            self.fields[field.name].label = field.label
        self.order_fields(["base", "revision", *(one.name for one in ObjectiveCommitment.fields)])
        self.fields["measure"].label = f"Comment saura-t-on {self._that_it_is_reached}\u202f?"
        due_on = self.fields["due_on"]
        due_on.help_text = f"Pendant la convention, {convention.describe_term()}."
        limits = {"min": convention.start, "max": convention.end}
        due_on.widget.attrs.update({name: f"{day:%Y-%m-%d}" for name, day in limits.items() if day})

    @property
    def _that_it_is_reached(self) -> str:
        """The words « qu’il est atteint », agreeing with the convention's word for an objective."""
        is_feminine = self.convention.words.objective.is_feminine
        return "qu’elle est atteinte" if is_feminine else "qu’il est atteint"

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_due_on(self):
        """Refuse a day outside the convention; a draft may lack it."""
        day, convention = self.cleaned_data["due_on"], self.convention
        if day and not convention.covers(day):
            message = (
                f"Cette date n’est pas dans la convention, qui va {convention.describe_term()}."
            )
            raise forms.ValidationError(message)
        return day

    def clean(self):
        """Require a date and a measure of an objective that is proposed; a draft may lack them."""
        cleaned = super().clean()
        if self.is_proposing:
            for name, missing in [
                ("due_on", "Donnez une échéance avant de proposer."),
                ("measure", f"Dites comment on saura {self._that_it_is_reached}."),
            ]:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        return cleaned

    @property
    def content(self) -> dict:
        """The content of the version."""
        return {one.name: self.cleaned_data[one.name] for one in ObjectiveCommitment.fields}
