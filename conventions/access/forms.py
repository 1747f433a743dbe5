"""Forms of this chapter."""

from django import forms

from accounts.forms import EMAIL_LABEL
from conventions.access.models import Role
from conventions.form_choices import OrganisationField
from conventions.parties.models import Organisation

ROLE_CHOICES = [
    (Role.COORDINATOR, "Coordination : invite et gère les accès, conduit la convention"),
    (Role.REFERENT, "Référent des accès : dit qui agit et qui siège pour son organisme"),
    (Role.CONTRIBUTOR, "Contribution : saisit les données de son organisme"),
    (Role.READER, "Lecture : consulte la convention"),
]


class InvitationForm(forms.Form):
    """The form of an invitation: an address, an organisation, roles."""

    email = forms.EmailField(label=EMAIL_LABEL, max_length=254)
    organisation = OrganisationField(
        label="Organisme", queryset=Organisation.objects.none(), empty_label="Choisir…"
    )
    roles = forms.MultipleChoiceField(
        label="Accès", choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, organisations, is_coordinator: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_coordinator:
            self.fields["roles"].choices = [
                (role, label) for role, label in ROLE_CHOICES if role != Role.COORDINATOR
            ]
        self.fields["organisation"].queryset = organisations
        if organisations.count() == 1:
            self.initial["organisation"] = organisations.first()
