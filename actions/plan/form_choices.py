"""Choices that the forms of the plan share: people, actions, what an organisation is called."""

from django import forms

from accounts.models import User
from conventions.form_choices import Several
from conventions.models import Membership, Organisation
from ctg_portal.typography import polish


class Organisations(Several):
    """Several organisations, by their full names."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, organisation) -> str:
        return polish(organisation.name)


class Communes(Several):
    widget = forms.CheckboxSelectMultiple


class Actions(Several):
    """Several actions, by number and title."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, action) -> str:
        return polish(str(action))


class RowChoice(forms.Field):
    """One row of a few that are known beforehand: its value is the row, or None.

    ``rows`` (by primary key, as text) is set by the form, which reads them once for all its lines.
    """

    widget = forms.Select

    def __init__(self, *, empty_label="Choisir…", **kwargs):
        super().__init__(required=False, **kwargs)
        self.empty_label, self.rows = empty_label, {}

    def choose_from(self, rows: dict) -> None:
        self.rows = {str(row.pk): row for row in rows}
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
    return {row: f"{row.acronym} – {row.name}" for row in rows}


def people_of(convention) -> dict[User, str]:
    """The people who have access, each with name and organisation."""
    rows = Membership.objects.active().of(convention).by_organisation()
    told: dict[User, str] = {}
    for membership in rows:
        words = f"{membership.user} ({membership.organisation.acronym})"
        told.setdefault(membership.user, words)
    return told
