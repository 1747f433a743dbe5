"""Choices among the rows of a convention, grouped as its text groups them."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.models import ModelChoiceIterator

from conventions.parties.models import OrganisationKind
from ctg_portal.text.numbers import LONGEST_KEY
from ctg_portal.text.typography import polish


class _GroupedChoices(ModelChoiceIterator):
    """Choices under the heading of each group; ``field.heading_of(row)`` gives it."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for heading, rows in groupby(self.queryset, self.field.heading_of):
            yield heading, [self.choice(row) for row in rows]


class ThemeMixin:
    iterator = _GroupedChoices

    def heading_of(self, theme) -> str:
        return polish(f"{theme.axis.mark}. {theme.axis.title}")

    def label_from_instance(self, theme) -> str:
        return polish(str(theme))


class ThemeField(ThemeMixin, forms.ModelChoiceField):
    """One theme, under its axis. The queryset is in reading order, with the axes."""


class Several(forms.ModelMultipleChoiceField):
    """Several rows. Too long a key is refused as no choice: SQLite raises on such numbers."""

    def _check_values(self, value):
        """Refuse as an invalid choice a key that is too long for a number of the database; then
        check as Django does."""
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": "…"}
                )
        return super()._check_values(value)


class ThemesField(ThemeMixin, Several):
    """Several themes, under their axes."""

    widget = forms.CheckboxSelectMultiple


@dataclass(frozen=True)
class PickableRow:
    """A row that may be ticked; ``pk`` as the form sends it."""

    pk: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class PickableGroup:
    heading: str
    rows: list[PickableRow]


@dataclass(frozen=True)
class AxisChoices:
    """What may be ticked under an axis, by theme, or under another heading, which has no colour;
    what is ticked already stands apart."""

    heading: str
    colour: int | None
    themes: list[PickableGroup]

    @property
    def count(self) -> int:
        return sum(len(theme.rows) for theme in self.themes)


class _PickedBoundField(BoundField):
    """The choices as the page folds them; the rows are read once."""

    @cached_property
    def rows_with_choices(self) -> list[tuple[Any, PickableRow]]:
        """Each row of the queryset with its choice, read once."""
        chosen = {str(value) for value in self.field.prepare_value(self.value()) or []}
        label = self.field.label_from_instance
        return [
            (row, PickableRow(str(row.pk), label(row), str(row.pk) in chosen))
            for row in self.field.queryset
        ]

    @property
    def chosen(self) -> list[PickableRow]:
        """The choices that are ticked, in the order of the queryset."""
        return [choice for _, choice in self.rows_with_choices if choice.is_chosen]

    @property
    def unticked(self) -> list[tuple[Any, PickableRow]]:
        """The rows that are not ticked yet, each with its choice."""
        return [pair for pair in self.rows_with_choices if not pair[1].is_chosen]


class _ObjectivesBoundField(_PickedBoundField):
    @property
    def axes(self) -> list[AxisChoices]:
        """The objectives not ticked yet, by axis and theme."""
        return [
            AxisChoices(
                polish(f"{axis.mark}. {axis.title}"),
                axis.colour,
                [
                    PickableGroup(
                        polish(f"{theme.number} {theme.title}".strip()), [p for _, p in own]
                    )
                    for theme, own in groupby(rows, lambda pair: pair[0].theme)
                ],
            )
            for axis, rows in groupby(self.unticked, lambda pair: pair[0].theme.axis)
        ]


class _OrganisationsBoundField(_PickedBoundField):
    @property
    def axes(self) -> list[AxisChoices]:
        """The organisations not ticked yet, by kind, in the order of kinds."""
        by_kind: dict[str, list[PickableRow]] = {label: [] for label in OrganisationKind.labels}
        for row, choice in self.unticked:
            by_kind[str(row.get_kind_display())].append(choice)
        return [
            AxisChoices(polish(f"{label[0].upper()}{label[1:]}"), None, [PickableGroup("", own)])
            for label, own in by_kind.items()
            if own
        ]


class ObjectivesField(Several):
    """Several objectives, under their axis and theme; a proposed one says so."""

    iterator = _GroupedChoices
    widget = forms.CheckboxSelectMultiple
    template = "conventions/parts/objectives_field.html"  # of forms laid out by sections

    def get_bound_field(self, form, field_name):
        return _ObjectivesBoundField(form, self, field_name)

    def heading_of(self, objective) -> str:
        return polish(str(objective.theme))

    def label_from_instance(self, objective) -> str:
        """Return code and title, and whether it is only proposed, a text, or not in force."""
        label = f"{objective.code} {objective.title}".strip()
        if not getattr(objective, "is_read", True):
            label += " (n’est plus en vigueur)"
        elif not objective.is_objective:
            label += " (texte)"
        return polish(f"{label} (proposition)" if objective.is_proposed else label)


class OrganisationsField(Several):
    """Several organisations, by their full names, under their kinds."""

    widget = forms.CheckboxSelectMultiple
    template = "conventions/parts/objectives_field.html"

    def get_bound_field(self, form, field_name):
        return _OrganisationsBoundField(form, self, field_name)

    def label_from_instance(self, organisation) -> str:
        """Return the name, followed by the town in brackets unless the name contains it."""
        town = organisation.town
        has_town_in_name = not town or town.casefold() in organisation.name.casefold()
        return polish(organisation.name if has_town_in_name else f"{organisation.name} ({town})")


class OrganisationField(forms.ModelChoiceField):
    """One organisation, by its full name."""

    def label_from_instance(self, organisation) -> str:
        return polish(organisation.name)
