"""The rows of an action sheet as it is agreed to: who leads it, who works on it, who pays."""

from django import forms

from actions.form_rows import EurosField, LineRow, RowChoice, text_field
from actions.plan.faults import MOST_FTE
from conventions.models import Contact
from ctg_portal.forms.fields import FrenchDecimalField
from ctg_portal.forms.rows import RowForm
from ctg_portal.search.rows import fold
from ctg_portal.text.numbers import Asked


class LeadRow(RowForm):
    """An organisation that leads, and a person of it: a member, a contact without account, or
    anybody by name. Of a person without account only the name is stored, no link to the contact.

    ``people`` and ``left`` map rows to labels: who may be chosen, and leads of the version who
    have no access any more, whom the form refuses with a reason.
    """

    organisation = RowChoice(label="Organisme")
    user = RowChoice(label="Personne connue", empty_label="Aucune")
    name = text_field("ou son nom")
    capacity = text_field("Fonction")

    def __init__(self, *args, organisations, people, left, **kwargs):
        super().__init__(*args, **kwargs)
        self.left = left
        # The name of who has access is theirs; of who has left, it may be kept.
        if self.initial.get("user") not in {None, *(user.pk for user in left)}:
            self.initial = self.initial | {"name": ""}
        self.fields["organisation"].choose_from(organisations)
        self.fields["user"].choose_from(people | left)

    def clean_user(self):
        user = self.cleaned_data["user"]
        if user in self.left:
            raise forms.ValidationError(
                f"{user} n’a plus accès à la convention : choisissez une autre personne, ou "
                "« Aucune » et gardez son nom."
            )
        return user

    def clean(self):
        cleaned = super().clean()
        if isinstance(contact := cleaned.get("user"), Contact):
            return self._clean_contact(cleaned, contact)
        self.lacks("organisation", "Choisissez l’organisme qui conduit l’action.")
        if user := cleaned.get("user"):
            if fold(cleaned.get("name", "")) not in ("", fold(str(user))):
                self.add_error(
                    "name", f"{user} est choisi à côté : effacez ce nom, ou choisissez « Aucune »."
                )
            cleaned["name"] = str(user)
        return cleaned

    def _clean_contact(self, cleaned: dict, contact: Contact) -> dict:
        """Return the values for a contact without account: their organisation, name and function,
        unless other ones contradict them."""
        organisation = cleaned.get("organisation") or contact.organisation
        if organisation != contact.organisation:
            reason = f"{contact.name} est dans la liste de {contact.organisation} : choisissez-le."
            self.add_error("organisation", reason)
        if fold(cleaned.get("name", "")) not in ("", fold(contact.name)):
            reason = f"{contact.name} est choisi à côté : effacez ce nom, ou choisissez « Aucune »."
            self.add_error("name", reason)
        capacity = cleaned.get("capacity") or contact.capacity
        return cleaned | {"organisation": organisation, "user": None, "name": contact.name,
                          "capacity": capacity}  # fmt: skip


class MeansRow(RowForm):
    """Staff of an organisation, in full-time equivalents."""

    organisation = RowChoice(label="Organisme")
    fte = FrenchDecimalField(
        asked=Asked("ETP"), label="ETP", required=False, max_digits=8, decimal_places=2
    )
    note = text_field("Précision")

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choose_from(organisations)

    def clean_fte(self):
        fte = self.cleaned_data["fte"]
        if fte is not None and not 0 < fte <= MOST_FTE:
            raise forms.ValidationError(
                f"Un nombre d’ETP est au-dessus de 0, et de {MOST_FTE} au plus."
            )
        return fte

    def clean(self):
        cleaned = super().clean()
        self.lacks("organisation", "Choisissez l’organisme.")
        self.lacks("fte", "Donnez un nombre d’ETP.")
        return cleaned


class PlannedRow(LineRow):
    """A line of funding as the parties plan it."""

    planned = EurosField(label="Prévu (€)")

    def clean(self):
        cleaned = super().clean()
        self.lacks("planned", "Donnez le montant prévu ; 0 s’il n’y en a pas.")
        return cleaned
