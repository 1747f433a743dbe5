"""The forms of a comment on a text that is being written."""

from django import forms

from ctg_portal.forms.fields import prose
from ctg_portal.forms.revisions import RevisedForm


class TextCommentForm(forms.Form):
    """What somebody has to say of a text."""

    text = prose(
        "Votre commentaire",
        rows=4,
        help_text="Le lisent celles et ceux qui écrivent ce texte ou le valident ; il ne paraît "
        "jamais dans l’évaluation.",
        error_messages={"required": "Écrivez votre commentaire."},
    )


class TextCorrectionForm(RevisedForm, TextCommentForm):
    """What somebody has said of a text, put right."""
