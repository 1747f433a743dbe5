"""Choices among the rows of a convention, grouped as its text groups them."""

from itertools import groupby

from django import forms
from django.forms.models import ModelChoiceIterator

from ctg_portal.numbers import LONGEST_KEY
from ctg_portal.typography import polish


class _Grouped(ModelChoiceIterator):
    """The choices under the heading of each group; ``field.heading_of(row)`` names it."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for heading, rows in groupby(self.queryset, self.field.heading_of):
            yield heading, [self.choice(row) for row in rows]


class ThemeMixin:
    iterator = _Grouped

    def heading_of(self, theme) -> str:
        return polish(f"{theme.axis.mark}. {theme.axis.title}")

    def label_from_instance(self, theme) -> str:
        return polish(str(theme))


class ThemeField(ThemeMixin, forms.ModelChoiceField):
    """One theme, under its axis. The queryset is in reading order, with the axes."""


class Several(forms.ModelMultipleChoiceField):
    """Several rows. What no key can be is told to be no choice: SQLite raises on such numbers."""

    def _check_values(self, value):
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": "…"}
                )
        return super()._check_values(value)


class ThemesField(ThemeMixin, Several):
    """Several of them."""

    widget = forms.CheckboxSelectMultiple


class ObjectivesField(Several):
    """Several objectives, under their theme; what is only proposed is told so."""

    iterator = _Grouped
    widget = forms.CheckboxSelectMultiple

    def heading_of(self, objective) -> str:
        return polish(str(objective.theme))

    def label_from_instance(self, objective) -> str:
        told = f"{objective.code} {objective.title}".strip()
        if not getattr(objective, "is_read", True):
            told += " (n’est plus en vigueur)"
        return polish(f"{told} (proposition)" if objective.is_proposed else told)


class OrganisationField(forms.ModelChoiceField):
    """One organisation, by its full name."""

    def label_from_instance(self, organisation) -> str:
        return polish(organisation.name)
