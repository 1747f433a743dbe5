"""The forms of a comment."""

from django import forms

from ctg_portal.forms.fields import prose
from ctg_portal.forms.revisions import RevisedForm


class CommentForm(forms.Form):
    """The text of a comment on a point."""

    text = prose("Votre commentaire", help_text="Toutes les personnes du portail le liront.")


class CorrectionForm(RevisedForm, CommentForm):
    """The corrected text of a comment."""
