"""The forms of an organisation."""

from django import forms

from conventions.parties.models import Organisation
from conventions.parties.secrecy import LARGEST_THRESHOLD, LEAST_THRESHOLD
from ctg_portal.forms.fields import WholeNumberField
from ctg_portal.forms.revisions import RevisedForm


class AddressForm(RevisedForm, forms.ModelForm):
    """The official address of an organisation."""

    class Meta:
        model = Organisation
        fields = ("email",)
        labels = {"email": "Adresse officielle (facultatif)"}
        help_texts = {
            "email": "Celle de l’organisme, que plusieurs personnes relèvent : elle est avertie de "
            "qui agit et siège pour lui, et ne donne aucun droit."
        }


class ThresholdForm(forms.Form):
    """The threshold under which an organisation's counts are masked."""

    threshold = WholeNumberField(
        label="Seuil",
        min_value=LEAST_THRESHOLD,
        max_value=LARGEST_THRESHOLD,
        help_text="À 10, les effectifs de 1 à 9 ne se lisent pas. Ce qui a été lu ne se reprend "
        "pas ; ce qui est diffusé et compte moins est masqué désormais, sans changer les totaux.",
    )
