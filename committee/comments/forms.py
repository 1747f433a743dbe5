"""The form of a comment."""

from django import forms

from ctg_portal.form_fields import prose


class CommentForm(forms.Form):
    """What somebody has to say of a point."""

    text = prose("Votre commentaire", help_text="Toutes les personnes du portail le liront.")
