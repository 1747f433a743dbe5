"""Forms of this chapter."""

from django import forms

from accounts.forms import EMAIL_LABEL
from conventions.form_choices import OrganisationField
from conventions.models import Organisation, Role

ROLE_CHOICES = [
    (Role.COORDINATOR, "Coordination : invite et gère les accès, conduit la convention"),
    (Role.CONTRIBUTOR, "Contribution : saisit les données de son organisme"),
    (Role.READER, "Lecture : consulte la convention"),
]


class InvitationForm(forms.Form):
    """Whom to invite, for which organisation, to do what."""

    email = forms.EmailField(label=EMAIL_LABEL, max_length=254)
    organisation = OrganisationField(
        label="Organisme", queryset=Organisation.objects.none(), empty_label="Choisir…"
    )
    roles = forms.MultipleChoiceField(
        label="Accès", choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, convention, **kwargs):
        super().__init__(*args, **kwargs)
        own = Organisation.objects.filter(convention=convention)
        self.fields["organisation"].queryset = own


class HandingOverForm(forms.Form):
    """To whom an access passes."""

    email = forms.EmailField(
        label="Adresse électronique de la personne qui vous succède", max_length=254
    )
