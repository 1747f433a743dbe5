"""Long forms, section by section: what their templates need to know of each field."""

from dataclasses import dataclass

from django import forms
from django.forms import BoundField

from ctg_portal.form_fields import FrenchDecimalField
from ctg_portal.typography import polish


def set_words(field: forms.Field) -> None:
    """Set the words of a field as French typography wants."""
    field.label, field.help_text = polish(field.label or ""), polish(field.help_text)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        field.choices = [(value, polish(label)) for value, label in field.choices]


@dataclass(frozen=True)
class SectionField:
    """A field of a form; a long list of choices is folded, and says how many are chosen.

    ``is_short``: what is typed there is short, whatever its kind.
    """

    field: BoundField
    is_short: bool = False

    @property
    def is_folded(self) -> bool:
        return isinstance(self.field.field, forms.ModelMultipleChoiceField)

    @property
    def chosen(self) -> int:
        return len(self.field.value() or [])

    @property
    def is_narrow(self) -> bool:
        """Whether another field has room beside it: a number, a day, a short list."""
        field = self.field.field
        kinds = forms.IntegerField, FrenchDecimalField, forms.ModelChoiceField, forms.DateField
        return self.is_short or isinstance(field, kinds) or type(field.widget) is forms.Select


@dataclass(frozen=True)
class FormSection:
    """A part of the form: ``legend``, what helps to fill it in, its fields."""

    legend: str
    help_text: str
    parts: list[SectionField]
