"""Forms of the yearly collections."""

from django import forms

from committee.forms import Tokens
from ctg_portal.form_fields import DayField, prose


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


class PrepareForm(CampaignForm):
    """The same, for a new year."""

    field_order = ["year", "due_on", "message"]
    year = forms.IntegerField(
        label="Année observée",
        min_value=1990,
        max_value=2200,
        help_text="L’année que les chiffres décrivent, pas celle où ils sont saisis.",
    )


class ReopenForm(forms.Form):
    """Why figures are taken again."""

    reason = prose(
        "Motif", rows=3, help_text="Il reste dans l’histoire du recueil, que chacun peut lire."
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it all."""
