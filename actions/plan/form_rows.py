"""The rows of an action sheet: who leads it, who works on it, who pays, its milestones."""

from django import forms

from actions.follow_up.funding import FIRST_YEAR, LAST_YEAR
from actions.follow_up.models import HEAVIEST
from actions.models import Lead, Nature
from actions.plan.faults import MOST_FTE, TITLE, amount_fault
from actions.plan.form_choices import RowChoice
from ctg_portal.form_fields import DayField, FrenchDecimalField, WholeTextField
from ctg_portal.form_rows import RowForm
from ctg_portal.search import fold

NAME = Lead._meta.get_field("name").max_length


def _text(label: str, longest: int = NAME) -> forms.CharField:
    return WholeTextField(label=label, required=False, max_length=longest)


class EurosField(FrenchDecimalField):
    """An amount in euros, or nothing where it is not known."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_digits=None, decimal_places=None, **kwargs)

    def validate(self, value):
        super().validate(value)
        if reason := amount_fault(value):
            raise forms.ValidationError(reason)


class LeadRow(RowForm):
    """An organisation, and a person of it: somebody who has access, or anybody by name."""

    organisation = RowChoice(label="Organisme")
    user = RowChoice(label="Personne qui a accès", empty_label="Aucune")
    name = _text("ou son nom")
    capacity = _text("Fonction")

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
        self.lacks("organisation", "Choisissez l’organisme qui conduit l’action.")
        if user := cleaned.get("user"):
            if fold(cleaned.get("name", "")) not in ("", fold(str(user))):
                self.add_error(
                    "name", f"{user} est choisi à côté : effacez ce nom, ou choisissez « Aucune »."
                )
            cleaned["name"] = str(user)
        return cleaned


class MeansRow(RowForm):
    """Staff of an organisation, in full-time equivalents."""

    organisation = RowChoice(label="Organisme")
    fte = FrenchDecimalField(label="ETP", required=False, max_digits=8, decimal_places=2)
    note = _text("Précision")

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


class LineRow(RowForm):
    """What tells a line of funding from another."""

    mute = frozenset({"nature"})
    funder = RowChoice(label="Financeur", empty_label="Un autre")
    funder_name = _text("Autre financeur")
    year = forms.IntegerField(
        label="Année", required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=Nature.choices, initial=Nature.OPERATING
    )
    scheme = _text("Dispositif")

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["funder"].choose_from(organisations)

    def clean(self):
        cleaned = super().clean()
        cleaned["nature"] = cleaned.get("nature") or Nature.OPERATING
        if cleaned.get("funder") and cleaned.get("funder_name"):
            self.add_error(
                "funder_name",
                "Un organisme est choisi : effacez ce nom, ou choisissez « Un autre ».",
            )
        elif not cleaned.get("funder"):
            self.lacks("funder_name", "Choisissez un financeur, ou écrivez le nom d’un autre.")
        self.lacks("year", "Donnez l’année.")
        return cleaned


class PlannedRow(LineRow):
    """A line of funding as the parties plan it."""

    planned = EurosField(label="Prévu (€)")

    def clean(self):
        cleaned = super().clean()
        self.lacks("planned", "Donnez le montant prévu ; 0 s’il n’y en a pas.")
        return cleaned


class SpentRow(LineRow):
    """A line that nobody had planned, with what was granted and spent of it."""

    granted = EurosField(label="Accordé (€)")
    spent = EurosField(label="Dépensé (€)")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("spent") is None and "spent" not in self.errors:
            self.lacks("granted", "Donnez ce qui est accordé ou dépensé.")
        return cleaned


class MilestoneRow(RowForm):
    """A step: when it is due, when it was done, how much it weighs."""

    mute = frozenset({"id", "weight"})
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = _text("Jalon", TITLE)
    due_on = DayField(label="Échéance", required=False)
    done_on = DayField(label="Atteint le", required=False)
    weight = forms.IntegerField(
        label="Poids", required=False, min_value=1, max_value=HEAVIEST, initial=1
    )

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        cleaned = super().clean()
        self.lacks("title", "Dites ce qui est à atteindre.")
        self.lacks("due_on", "Donnez une échéance.")
        cleaned["weight"] = cleaned.get("weight") or 1
        return cleaned
