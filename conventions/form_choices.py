"""Choices among the rows of a convention, grouped as its text groups them."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django import forms
from django.forms import BoundField
from django.forms.models import ModelChoiceIterator

from conventions.parties.models import OrganisationKind
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


@dataclass(frozen=True)
class PickedOne:
    """A row that may be ticked; ``pk`` as the form sends it."""

    pk: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class PickedUnder:
    heading: str
    rows: list[PickedOne]


@dataclass(frozen=True)
class AxisChoices:
    """What may be ticked under an axis, by theme, or under another heading, which has no colour;
    what is ticked already stands apart."""

    heading: str
    colour: int | None
    themes: list[PickedUnder]

    @property
    def count(self) -> int:
        return sum(len(theme.rows) for theme in self.themes)


class _PickedBoundField(BoundField):
    """The choices as the page folds them, in one reading of the rows."""

    @cached_property
    def read(self) -> list:
        chosen = {str(value) for value in self.field.prepare_value(self.value()) or []}
        label = self.field.label_from_instance
        return [
            (row, PickedOne(str(row.pk), label(row), str(row.pk) in chosen))
            for row in self.field.queryset
        ]

    @property
    def chosen(self) -> list[PickedOne]:
        return [one for _, one in self.read if one.is_chosen]

    @property
    def left(self) -> list[tuple]:
        """What is not ticked yet: the rows, each as it may be ticked."""
        return [(row, one) for row, one in self.read if not one.is_chosen]


class _ObjectivesBoundField(_PickedBoundField):
    @property
    def axes(self) -> list[AxisChoices]:
        return [
            AxisChoices(
                polish(f"{axis.mark}. {axis.title}"),
                axis.colour,
                [
                    PickedUnder(
                        polish(f"{theme.number} {theme.title}".strip()), [p for _, p in own]
                    )
                    for theme, own in groupby(rows, lambda pair: pair[0].theme)
                ],
            )
            for axis, rows in groupby(self.left, lambda pair: pair[0].theme.axis)
        ]


class _OrganisationsBoundField(_PickedBoundField):
    @property
    def axes(self) -> list[AxisChoices]:
        """By kind, in the order of the kinds."""
        by_kind: dict[str, list[PickedOne]] = {label: [] for label in OrganisationKind.labels}
        for row, one in self.left:
            by_kind[str(row.get_kind_display())].append(one)
        return [
            AxisChoices(polish(f"{label[0].upper()}{label[1:]}"), None, [PickedUnder("", own)])
            for label, own in by_kind.items()
            if own
        ]


class ObjectivesField(Several):
    """Several objectives, under their axis and theme; what is only proposed is told so."""

    iterator = _Grouped
    widget = forms.CheckboxSelectMultiple
    template = "conventions/parts/objectives_field.html"  # of forms laid out by sections

    def get_bound_field(self, form, field_name):
        return _ObjectivesBoundField(form, self, field_name)

    def heading_of(self, objective) -> str:
        return polish(str(objective.theme))

    def label_from_instance(self, objective) -> str:
        told = f"{objective.code} {objective.title}".strip()
        if not getattr(objective, "is_read", True):
            told += " (n’est plus en vigueur)"
        return polish(f"{told} (proposition)" if objective.is_proposed else told)


class OrganisationsField(Several):
    """Several organisations, by their full names, under their kinds."""

    widget = forms.CheckboxSelectMultiple
    template = "conventions/parts/objectives_field.html"

    def get_bound_field(self, form, field_name):
        return _OrganisationsBoundField(form, self, field_name)

    def label_from_instance(self, organisation) -> str:
        town = organisation.town
        is_told = not town or town.casefold() in organisation.name.casefold()
        return polish(organisation.name if is_told else f"{organisation.name} ({town})")


class OrganisationField(forms.ModelChoiceField):
    """One organisation, by its full name."""

    def label_from_instance(self, organisation) -> str:
        return polish(organisation.name)
