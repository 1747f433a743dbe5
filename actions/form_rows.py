"""What rows of the forms of an action share: who is chosen in them, euros, a line of funding."""

from django import forms

from actions.follow_up.models import FIRST_YEAR, LAST_YEAR
from actions.models import Lead, Nature
from actions.plan.faults import amount_fault
from conventions.models import Contact, Organisation
from ctg_portal.form_fields import FrenchDecimalField, WholeNumberField, WholeTextField
from ctg_portal.form_rows import RowForm
from ctg_portal.numbers import AMOUNT
from ctg_portal.typography import polish

NAME = Lead._meta.get_field("name").max_length


def key_of(row) -> str:
    """What a choice sends for a row: people without account stand beside accounts."""
    return f"c{row.pk}" if isinstance(row, Contact) else str(row.pk)


class RowChoice(forms.Field):
    """One row of a few that are known beforehand: its value is the row, or None.

    ``rows`` (by primary key, as text) is set by the form, which reads them once for all its lines.
    """

    widget = forms.Select

    def __init__(self, *, empty_label="Choisir…", **kwargs):
        super().__init__(required=False, **kwargs)
        self.empty_label, self.rows = empty_label, {}

    def choose_from(self, rows: dict) -> None:
        self.rows = {key_of(row): row for row in rows}
        told = [(key, polish(rows[row])) for key, row in self.rows.items()]
        self.widget.choices = [("", self.empty_label), *told]

    def prepare_value(self, value):
        return getattr(value, "pk", value)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            raise forms.ValidationError("Ce choix n’est plus possible : choisissez de nouveau.")
        return self.rows[str(value)]

    def has_changed(self, initial, data):
        return str(initial or "") != str(data or "")


def organisations_of(convention) -> dict[Organisation, str]:
    """The organisations that may be chosen, each with its words."""
    rows = Organisation.objects.filter(convention=convention)
    return {row: row.called for row in rows}


def text_field(label: str, longest: int = NAME) -> forms.CharField:
    return WholeTextField(label=label, required=False, max_length=longest)


class EurosField(FrenchDecimalField):
    """An amount in euros, or nothing where it is not known."""

    def __init__(self, **kwargs):
        super().__init__(
            asked=AMOUNT, required=False, max_digits=None, decimal_places=None, **kwargs
        )

    def validate(self, value):
        super().validate(value)
        if reason := amount_fault(value):
            raise forms.ValidationError(reason)


class LineRow(RowForm):
    """What tells a line of funding from another."""

    mute = frozenset({"nature"})
    funder = RowChoice(label="Financeur", empty_label="Un autre")
    funder_name = text_field("Autre financeur")
    year = WholeNumberField(
        label="Année", required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=Nature.choices, initial=Nature.OPERATING
    )
    scheme = text_field("Dispositif")

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
