"""Forms of the committee's composition: seats, absences, delegations."""

from django import forms
from django.utils import timezone

from accounts.models import User
from agreements.commitments.commitment import committee_commitments
from agreements.models import Delegation, Seat, SeatKind
from ctg_portal.forms.fields import DayField
from ctg_portal.forms.revisions import RevisedForm
from documents.forms import DocumentField

KINDS = [
    (SeatKind.MEMBER, "Membre : répond pour son organisme"),
    (SeatKind.SUBSTITUTE, "Suppléant : répond quand le membre est absent, ou n’est pas nommé"),
    (SeatKind.ADVISER, "Instructeur : prépare les points et donne un avis"),
    (SeatKind.ADVISORY, "À titre consultatif : donne un avis et commente"),
]
NO_ACCOUNT = "Une personne sans compte"


class Dates(forms.Form):
    """The first and last day of something, both included."""

    starts_on = DayField(label="Premier jour", initial=timezone.localdate)
    ends_on = DayField(label="Dernier jour (facultatif)", required=False)

    def clean(self):
        """Add an error to a last day before the first; an empty one is no end."""
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "Le dernier jour précède le premier.")
        return data


class Capacity(forms.Form):
    """The capacity of a holder, and whether the mandate comes from an election."""

    capacity = forms.CharField(
        label="Qualité",
        max_length=Seat._meta.get_field("capacity").max_length,
        help_text="Par exemple : directrice, vice-président chargé de la petite enfance. "
        "Elle s’affiche à côté du nom dans tout ce que la personne dit.",
    )
    is_elected = forms.BooleanField(
        label="Mandat électif",
        required=False,
        help_text="Ces sièges sont revus tous ensemble, après des élections.",
    )


class WithAct(forms.Form):
    """A form with a signed document."""

    act = DocumentField(label="Acte de délégation signé")

    def clean(self):
        """Ask for the document again when the form has errors: the browser does not keep it."""
        data = super().clean()
        if self.errors:
            self.ask_again_for_act()
        return data

    def ask_again_for_act(self) -> None:
        """Add an error to the document: the browser does not send it again by itself."""
        if self.cleaned_data.get("act"):
            self.add_error("act", "Choisissez de nouveau ce document.")


class NamingForm(Dates, Capacity):
    """The person to whom a seat of an organisation is given, and which seat."""

    user = forms.ModelChoiceField(
        label="Personne", queryset=User.objects.none(), required=False, empty_label=NO_ACCOUNT
    )
    name = forms.CharField(
        label="Nom, si la personne n’a pas de compte",
        max_length=Seat._meta.get_field("name").max_length,
        required=False,
        help_text="Son accord sera recueilli hors du portail, puis saisi avec son justificatif.",
    )
    kind = forms.ChoiceField(label="Siège", choices=KINDS, widget=forms.RadioSelect)
    substitute_for = forms.ModelChoiceField(
        label="Suppléant de (facultatif)",
        queryset=Seat.objects.none(),
        required=False,
        empty_label="Tout membre de l’organisme",
    )

    field_order = [
        "user", "name", "kind", "substitute_for", "capacity", "is_elected", "starts_on", "ends_on",
    ]  # fmt: skip

    def __init__(self, *args, people, members, is_party: bool, **kwargs):
        """Offer ``people``, and ``members`` to replace; who is no party has only advisory seats."""
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
        self.fields["user"].label_from_instance = lambda user: user.full_name
        self.fields["substitute_for"].queryset = members
        if not is_party:
            # Who has not signed has no voice: one seat is possible, and nothing to choose.
            del self.fields["kind"], self.fields["substitute_for"]
        elif not members.exists():
            del self.fields["substitute_for"]

    def clean(self):
        """Require an account or a written name, not both; only a substitute replaces somebody."""
        data = {"kind": SeatKind.ADVISORY, "substitute_for": None} | super().clean()
        data["name"] = data.get("name", "").strip()
        if bool(data.get("user")) == bool(data["name"]) and "name" not in self.errors:
            both = "Choisissez une personne ou écrivez un nom, pas les deux."
            neither = "Choisissez une personne qui a un compte, ou écrivez son nom ici."
            self.add_error("name", both if data["name"] else neither)
        if data["substitute_for"] and data.get("kind") != SeatKind.SUBSTITUTE:
            self.add_error("substitute_for", "Seul un suppléant remplace un membre.")
        return data


class EditingForm(RevisedForm, Capacity):
    """The corrected capacity of a holder."""


class ConfirmingForm(RevisedForm):
    """The confirmation of a seat in the revision that was shown."""


class EndingForm(forms.Form):
    """The last day of a mandate and the reason."""

    on = DayField(
        label="Dernier jour", initial=timezone.localdate, help_text="Ce jour compte encore."
    )
    reason = forms.CharField(
        label="Motif",
        max_length=Seat._meta.get_field("end_reason").max_length,
        help_text="Par exemple : départ, nouvelle délégation, fin de la mission.",
    )


class AbsenceForm(Dates):
    """The days on which a member cannot answer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = "Premier jour d’absence"
        self.fields["ends_on"].label = "Dernier jour d’absence (facultatif)"
        self.fields["ends_on"].help_text = "Laissez vide si la date de retour n’est pas connue."


class DelegationForm(WithAct, Dates):
    """To whom a member delegates, for which points, on which days. The act is required unless the
    member fills in the form."""

    user = forms.ModelChoiceField(
        label="Personne qui reçoit la délégation",
        queryset=User.objects.none(),
        empty_label="Choisir…",
    )
    capacity = forms.CharField(
        label="Sa qualité",
        max_length=Delegation._meta.get_field("capacity").max_length,
        help_text="Par exemple : directeur adjoint.",
    )
    kinds = forms.MultipleChoiceField(
        label="Pour répondre sur (facultatif)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans choix, la délégation vaut pour tous les points.",
    )

    field_order = ["user", "capacity", "kinds", "starts_on", "ends_on", "act"]

    def __init__(self, *args, people, in_person: bool, organisation, **kwargs):
        """Offer ``people`` and the kinds of points; who delegates ``in_person`` needs no act."""
        super().__init__(*args, **kwargs)
        self.fields[
            "user"
        ].help_text = f"Une personne dont l’accès pour {organisation.the} est confirmé."
        self.fields["user"].queryset = people
        self.fields["user"].label_from_instance = lambda user: user.full_name
        self.fields["kinds"].choices = [
            (commitment.kind, f"les {commitment.word(organisation.convention).plural}")
            for commitment in committee_commitments()
        ]
        if in_person:
            self.fields["act"].required = False
            self.fields["act"].label += " (facultatif)"
