"""The forms of an image: the file, and what is said of it."""

from django import forms

from ctg_portal.forms.fields import WholeTextField
from ctg_portal.forms.revisions import RevisedForm
from documents.forms import PictureField
from evaluation.images.events import UNDESCRIBED
from evaluation.images.models import Illustration


def _longest(name: str) -> int:
    return Illustration._meta.get_field(name).max_length


class WordsForm(forms.Form):
    """What is said of an image."""

    alternative = WholeTextField(
        label="Texte de remplacement",
        required=False,
        max_length=_longest("alternative"),
        widget=forms.Textarea({"rows": 2}),
        help_text="Ce que montre l’image, en une phrase : il est lu à qui ne la voit pas. Par "
        "exemple : des enfants plantent un arbre devant la crèche.",
    )
    is_decorative = forms.BooleanField(
        label="Image décorative",
        required=False,
        help_text="Elle n’apprend rien à qui lit le texte : il n’y a rien à en dire.",
    )
    caption = WholeTextField(
        label="Légende (facultatif)",
        required=False,
        max_length=_longest("caption"),
        help_text="Elle se lit sous l’image : de quand, de qui, avec quel droit.",
    )

    def clean(self):
        """Refuse an image without alternative text, unless it is said to be decorative."""
        words = super().clean()
        is_described = words.get("alternative", "").strip() or words.get("is_decorative")
        if not is_described and "alternative" not in self.errors:
            self.add_error("alternative", UNDESCRIBED.reason)
        return words


class CorrectedWordsForm(RevisedForm, WordsForm):
    """The words about an image that is stored already."""


class ImageForm(WordsForm):
    """``place``: where in the text it is put, counted in characters; at its end without."""

    upload = PictureField(label="Image", error_messages={"required": "Choisissez une image."})
    place = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    field_order = ["upload"]
