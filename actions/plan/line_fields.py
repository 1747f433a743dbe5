"""Fields and rows that the forms of an action share: a choice of a few rows, euros, a line of
funding."""

from collections.abc import Mapping

from django import forms
from django.db.models import Model

from actions.plan.faults import amount_fault
from actions.plan.models import FIRST_YEAR, LAST_YEAR, Lead, Nature
from conventions.models import Contact, Convention, Organisation
from ctg_portal.forms.fields import FrenchDecimalField, WholeNumberField, WholeTextField
from ctg_portal.forms.rows import RowForm
from ctg_portal.text.numbers import AMOUNT
from ctg_portal.text.typography import polish

NAME = Lead._meta.get_field("name").max_length


def key_of(row: Model) -> str:
    """Return the value that a choice sends for a row: « c12 » for a contact, else its key."""
    return f"c{row.pk}" if isinstance(row, Contact) else str(row.pk)


class RowChoice(forms.Field):
    """A choice of one of a few rows that are known beforehand: its value is the row, or None.

    ``rows`` (by the value sent) is set by the form, which reads them once for all its lines.
    """

    widget = forms.Select

    def __init__(self, *, empty_label="Choisir…", **kwargs):
        super().__init__(required=False, **kwargs)
        self.empty_label, self.rows = empty_label, {}

    def choose_from(self, labels: Mapping[Model, str]) -> None:
        """Offer these rows, each with its label."""
        self.rows = {key_of(row): row for row in labels}
        choices = [(key, polish(labels[row])) for key, row in self.rows.items()]
        self.widget.choices = [("", self.empty_label), *choices]

    def prepare_value(self, value):
        return getattr(value, "pk", value)

    def to_python(self, value):
        """Return the row of the value sent, None for an empty one. Refuses a row that is not
        offered."""
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            raise forms.ValidationError("Ce choix n’est plus possible : choisissez de nouveau.")
        return self.rows[str(value)]

    def has_changed(self, initial, data):
        return str(initial or "") != str(data or "")


def label_organisations(convention: Convention) -> dict[Organisation, str]:
    """Map each organisation of a convention to the label under which a form offers it."""
    rows = Organisation.objects.filter(convention=convention)
    return {row: row.called for row in rows}


def text_field(label: str, longest: int = NAME) -> forms.CharField:
    """Return an optional field for a short text."""
    return WholeTextField(label=label, required=False, max_length=longest)


class EurosField(FrenchDecimalField):
    """An amount in euros, or nothing where it is not known."""

    def __init__(self, **kwargs):
        super().__init__(
            asked=AMOUNT, required=False, max_digits=None, decimal_places=None, **kwargs
        )

    def validate(self, value):
        """Refuse an amount that ``amount_fault`` has a reason against."""
        super().validate(value)
        if reason := amount_fault(value):
            raise forms.ValidationError(reason)


class LineRow(RowForm):
    """The fields that identify a line of funding: funder, year, nature, scheme."""

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
        """Return the row. It needs a year, and one funder: chosen or by name, not both; a nature
        left empty is operating."""
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
