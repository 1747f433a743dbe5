"""The forms of the texts of a year."""

from django import forms

from evaluation.models import Part

MARKS = (
    "Une ligne vide sépare deux paragraphes. Une ligne qui commence par un tiret est un point "
    "d’une liste. Des mots entre **deux étoiles** sont en gras."
)


class NarrativeForm(forms.Form):
    """``seen``: the revision that the form was filled from, 0 when there was no text."""

    text = forms.CharField(
        label="Ce que l’année a changé",
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 14}),
        help_text=MARKS,
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def send_again_with(self, seen: int) -> None:
        """Have the form, shown again, tell the revision known by now."""
        self.data = self.data.copy()
        self.data["seen"] = seen


class YearTextForm(NarrativeForm):
    """The same for a part of the whole."""

    def __init__(self, *args, part: Part, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = part.label
