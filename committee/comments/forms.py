"""The forms of a comment."""

from django import forms

from ctg_portal.form_fields import prose


class CommentForm(forms.Form):
    """What somebody has to say of a point."""

    text = prose("Votre commentaire", help_text="Toutes les personnes du portail le liront.")


class Correcting(forms.Form):
    """What the form of a comment that is corrected was filled from."""

    seen = forms.CharField(required=False, empty_value=None, widget=forms.HiddenInput)

    def send_again_with(self, seen: str) -> None:
        """Have the form, shown again, tell the revision known by now."""
        self.data = self.data.copy()
        self.data["seen"] = seen


class CorrectionForm(Correcting, CommentForm):
    """What somebody has said of a point, put right."""
