"""Fields of forms that every chapter may use."""

from decimal import Decimal

from django import forms

from ctg_portal.numbers import NotANumber, parse_number
from ctg_portal.templatetags.french import number

# As the columns of figures hold them.
DIGITS, DECIMALS = 18, 6
LONGEST = 60


class WholeTextField(forms.CharField):
    """A text that the browser does not cut at its longest: what is pasted is all there, and too
    long a text is told."""

    default_error_messages = {
        "max_length": "Ce texte a %(show_value)d caractères ; %(limit_value)d au plus.",
    }

    def widget_attrs(self, widget):
        return {k: v for k, v in super().widget_attrs(widget).items() if k != "maxlength"}


class FrenchDecimalField(forms.DecimalField):
    """A number as people type or paste it in French: « 1 234,5 », « 12,5 % ».

    Its value is a ``Decimal``, or None; it is shown again with a comma. What is no number, or may
    be read in two ways, is told as ``parse_number`` tells it, and what was typed stays.
    """

    widget = forms.TextInput

    def __init__(self, *, max_digits=DIGITS, decimal_places=DECIMALS, **kwargs):
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off", "maxlength": str(LONGEST)}

    def to_python(self, value):
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_number(str(value)[: LONGEST + 1])
        except NotANumber as wrong:
            raise forms.ValidationError(str(wrong), code="invalid") from wrong

    def prepare_value(self, value):
        return number(value) if isinstance(value, Decimal | int) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != self.to_python(initial)
        except forms.ValidationError:
            return True
