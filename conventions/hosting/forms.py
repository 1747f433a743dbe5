"""Forms of the host, and of who opens a link."""

from django import forms

from accounts.forms import EMAIL_LABEL
from conventions.parties.models import Organisation
from ctg_portal.forms.revisions import RevisedForm
from documents.forms import DocumentField


class OfficialAddressForm(RevisedForm, forms.ModelForm):
    """The official address of an organisation, as the host knows it."""

    email = forms.EmailField(label="Adresse électronique officielle", max_length=254)

    class Meta:
        model = Organisation
        fields = ("email",)


class LetterForm(forms.Form):
    """The form of a designation on a signed letter."""

    email = forms.EmailField(label="Adresse du compte de la personne désignée", max_length=254)
    letter = DocumentField(label="La lettre signée")


class NewcomerForm(forms.Form):
    """The address of somebody who opens a link and has no account yet."""

    email = forms.EmailField(label=EMAIL_LABEL, max_length=254)
