"""Fields shared by the committee's forms."""

from django import forms

from ctg_portal.form_fields import WholeTextField


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    default_error_messages = {
        "invalid": "Ce jour n’existe pas : écrivez le jour, le mois et l’année.",
    }

    def __init__(self, *, latest=None, earliest=None, **kwargs):
        limits = {"max": latest, "min": earliest}
        attrs = {name: day.isoformat() for name, day in limits.items() if day}
        kwargs.setdefault("widget", forms.DateInput({"type": "date", **attrs}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class SeenField(forms.CharField):
    """What the page showed, to tell an answer given meanwhile: numbers by primary key.

    Its value is a ``dict``; what is not written as it should be counts as not seen.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value):
        if isinstance(value, dict):
            return " ".join(f"{pk}:{number}" for pk, number in value.items())
        return value

    def clean(self, value) -> dict[int, int]:
        pairs = (pair.split(":") for pair in super().clean(value).split())
        return {int(pk): int(number) for pk, number in (p for p in pairs if _are_numbers(p))}


def _are_numbers(pair: list[str]) -> bool:
    return len(pair) == 2 and all(text.isdecimal() and len(text) < 19 for text in pair)


def prose(label: str, *, required: bool = True, rows: int = 5, **kwargs) -> WholeTextField:
    """A text of several lines, kept as it is typed."""
    return WholeTextField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea({"rows": rows}),
        **kwargs,
    )
