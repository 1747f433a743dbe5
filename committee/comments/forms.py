"""The forms of a comment."""

from django import forms

from committee.forms import Correcting
from ctg_portal.form_fields import prose


class CommentForm(forms.Form):
    """What somebody has to say of a point."""

    text = prose("Votre commentaire", help_text="Toutes les personnes du portail le liront.")


class CorrectionForm(Correcting, CommentForm):
    """What somebody has said of a point, put right."""
