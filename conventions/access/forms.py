"""Forms of an invitation, of an official address, of a threshold."""

from django import forms

from accounts.forms import EMAIL_LABEL
from conventions.access.models import Role
from conventions.form_choices import OrganisationField
from conventions.parties.models import Organisation
from conventions.parties.secrecy import LARGEST_THRESHOLD, LEAST_THRESHOLD
from ctg_portal.forms.fields import WholeNumberField
from ctg_portal.forms.revisions import RevisedForm

ROLE_CHOICES = [
    (Role.COORDINATOR, "Coordination : invite et gère les accès, conduit la convention"),
    (Role.REFERENT, "Référent des accès : dit qui agit et qui siège pour son organisme"),
    (Role.CONTRIBUTOR, "Contribution : saisit les données de son organisme"),
    (Role.READER, "Lecture : consulte la convention"),
]


class InvitationForm(forms.Form):
    """Invite an address for an organisation, in some roles; only the coordination offers its own.
    One organisation is preselected."""

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


class AddressForm(RevisedForm, forms.ModelForm):
    """The official address of an organisation."""

    class Meta:
        model = Organisation
        fields = ("email",)
        labels = {"email": "Adresse électronique officielle (facultatif)"}
        help_texts = {
            "email": "L’adresse de l’organisme, lue par plusieurs personnes. Le portail y écrit "
            "qui agit et siège pour lui ; elle ne donne aucun droit."
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
