"""Fields of forms that every room may use."""

from decimal import Decimal

from django import forms

from ctg_portal.templatetags.french import number
from ctg_portal.text.numbers import ANY_NUMBER, Asked, NotANumber, parse_number

# As the columns of figures hold them.
DIGITS, DECIMALS = 18, 6


class WholeTextField(forms.CharField):
    """A text that the browser does not cut: a text that is too long stays, with a message."""

    default_error_messages = {
        "max_length": "Ce texte a %(show_value)d caractères ; %(limit_value)d au plus.",
    }

    def widget_attrs(self, widget):
        return {k: v for k, v in super().widget_attrs(widget).items() if k != "maxlength"}


class FrenchDecimalField(forms.DecimalField):
    """A number as people type or paste it in French: « 1 234,5 », « 12,5 % »; ``asked`` as what.

    Its value is a ``Decimal``, or None; it is shown again with a comma. What is no number, or may
    be read in two ways, gets the message of ``parse_number``, and what was typed stays.
    """

    widget = forms.TextInput

    def __init__(
        self, *, asked: Asked = ANY_NUMBER, max_digits=DIGITS, decimal_places=DECIMALS, **kwargs
    ):
        self.asked = asked
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value):
        """Return the number, None for a blank text; a ``Decimal`` stays as it is. Raises
        ValidationError for a text that is no number, or could be two."""
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_number(str(value), self.asked)
        except NotANumber as wrong:
            raise forms.ValidationError(str(wrong), code="invalid") from wrong

    def prepare_value(self, value):
        return number(value) if isinstance(value, Decimal | int) else value

    def has_changed(self, initial, data):
        """Compare the numbers, however they are written; what is no number counts as changed."""
        try:
            return self.to_python(data) != self.to_python(initial)
        except forms.ValidationError:
            return True


class WholeNumberField(forms.IntegerField):
    """A whole number as people type it; ``asked`` in which unit. What may be read in two ways is
    asked about: « 1.000 » is not one. Its value is an ``int``, or None."""

    def __init__(self, *, unit: str = "", **kwargs):
        self.asked = Asked(unit, is_whole=True)
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return the whole number; one with decimals or two readings is refused with a question."""
        if value in self.empty_values or isinstance(value, int):
            return super().to_python(value)
        try:
            return int(parse_number(str(value), self.asked))
        except NotANumber as wrong:
            raise forms.ValidationError(str(wrong), code="invalid") from wrong


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    default_error_messages = {
        "invalid": "Ce jour n’existe pas : écrivez le jour, le mois et l’année.",
        "mistyped": "Vérifiez l’année.",
    }

    def __init__(self, *, latest=None, earliest=None, **kwargs):
        limits = {"max": latest, "min": earliest}
        attrs = {name: day.isoformat() for name, day in limits.items() if day}
        kwargs.setdefault("widget", forms.DateInput({"type": "date", **attrs}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return the day, or None. Refuse years 1 and 9999: no day before the one or after the
        other can be computed."""
        day = super().to_python(value)
        if day and not 1 < day.year < 9999:
            raise forms.ValidationError(self.error_messages["mistyped"], code="mistyped")
        return day


class NumbersByKeyField(forms.CharField):
    """A hidden field that carries a number for each of several rows, by primary key: the rank or
    the revision that the page showed, so that what was written meanwhile is noticed.

    Its value is a ``dict``; what is not written as it should be counts as not shown.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value):
        """Return a dict as the text of the field, « 12:3 14:1 »; a text that was sent as it is."""
        if isinstance(value, dict):
            return " ".join(f"{pk}:{number}" for pk, number in value.items())
        return value

    def clean(self, value) -> dict[int, int]:
        """Return the numbers by key; a pair that is not two whole numbers is left out."""
        numbers = {}
        for pair in (self.to_python(value) or "").split():
            texts = pair.split(":")
            if len(texts) == 2 and all(text.isdecimal() and len(text) < 19 for text in texts):
                numbers[int(texts[0])] = int(texts[1])
        return numbers


def prose(label: str, *, required: bool = True, rows: int = 5, **kwargs) -> WholeTextField:
    """Return a field for a text of several lines, of 5000 characters at most."""
    return WholeTextField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea({"rows": rows}),
        **kwargs,
    )
