"""Long forms, section by section: how their fields are laid out."""

from collections.abc import Collection, Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, LayoutObject
from django import forms

from ctg_portal.forms.fields import FrenchDecimalField
from ctg_portal.text.typography import polish


def set_words(field: forms.Field) -> None:
    """Apply French typography to the label, help text and fixed choices of a field."""
    field.label, field.help_text = polish(field.label or ""), polish(field.help_text)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        field.choices = [(value, polish(label)) for value, label in field.choices]


class SectionsHelper(FormHelper):
    """Has ``{% crispy form %}`` draw these parts of a form, within the template's ``<form>``."""

    form_tag = False
    disable_csrf = True
    # Beneath the field, as in forms without a layout.
    error_text_inline = help_text_inline = False

    def __init__(self, *parts: str | LayoutObject):
        super().__init__()
        self.layout = Layout(*parts)


def side_by_side(form: forms.Form, names: Iterable[str], *, short: Collection[str]) -> Div:
    """Return a layout of fields, two abreast where there is room: numbers, days, short lists and
    the fields named in ``short``. Others take the whole width; a long list of choices is folded
    and says how many are chosen, unless its field has a ``template`` of its own.
    """
    return Div(
        *(_placed(form.fields[name], name, name in short) for name in names), css_class="fields"
    )


def _placed(field: forms.Field, name: str, is_short: bool) -> str | LayoutObject:
    """Return the layout of one field: folded choices, one column, or the whole width."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return Field(name, template=getattr(field, "template", "components/folded_field.html"))
    kinds = forms.IntegerField, FrenchDecimalField, forms.ModelChoiceField, forms.DateField
    if is_short or isinstance(field, kinds) or type(field.widget) is forms.Select:
        return name
    return Div(name, css_class="wide")
