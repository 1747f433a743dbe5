"""The form of an organisation."""

from django import forms

from conventions.models import Organisation
from ctg_portal.revisions import RevisedForm


class AddressForm(RevisedForm, forms.ModelForm):
    """Its official address."""

    class Meta:
        model = Organisation
        fields = ("email",)
        labels = {"email": "Adresse officielle (facultatif)"}
        help_texts = {
            "email": "Celle de l’organisme, que plusieurs personnes relèvent : elle est avertie de "
            "qui agit et siège pour lui, et ne donne aucun droit."
        }
