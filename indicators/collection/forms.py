"""Forms of the yearly collections."""

from django import forms

from committee.forms import Tokens
from ctg_portal.form_fields import DayField, prose
from indicators.collection.rights import may_be_due


class CampaignForm(Tokens):
    """By when figures are expected, and what contributors are told."""

    due_on = DayField(
        label="Données attendues pour le",
        help_text="Un indicateur dont le chiffre paraît plus tard a une date plus tardive.",
    )
    message = prose(
        "Message aux contributeurs",
        required=False,
        rows=4,
        help_text="Facultatif\u00a0: il est montré en tête de leur page de saisie.",
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due_on(self):
        """A day to come; the one that stands already may have passed."""
        day = self.cleaned_data["due_on"]
        refusal = may_be_due(day, self.today)
        if refusal and day != self.initial.get("due_on"):
            raise forms.ValidationError(refusal.reason)
        return day


class OfYear(forms.Form):
    """Which year: one of those of the term that have no collection."""

    year = forms.TypedChoiceField(
        label="Année observée",
        coerce=int,
        help_text="L’année que les chiffres décrivent, pas celle où ils sont saisis.",
        error_messages={
            "invalid_choice": "Cette année a déjà son recueil, ou n’est pas une de celles que "
            "couvre la convention : une prolongation par avenant en ajoute."
        },
    )

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year) for year in years]


class PrepareForm(OfYear, CampaignForm):
    """The same, for a new year."""

    field_order = ["year", "due_on", "message"]


class ChangeYearForm(OfYear, CampaignForm):
    """Of which year a collection is instead, and by when its figures are expected."""

    field_order = ["year", "due_on"]
    message = None


class ReopenForm(forms.Form):
    """Until when figures are taken again, and why."""

    due_on = DayField(label="Données attendues pour le")
    reason = prose(
        "Motif", rows=3, help_text="Il reste dans l’histoire du recueil, que chacun peut lire."
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it all."""
