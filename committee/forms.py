"""What the forms share in which a version is written, whatever its kind."""

from django import forms

from ctg_portal.form_fields import prose

PROPOSE = "proposer"


class Tokens(forms.Form):
    """What a form was filled from: the version that stood, and the state of one's draft."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_proposing(self) -> bool:
        """Whether the button says to propose it too."""
        return self.data.get("action") == PROPOSE

    def send_again_with(self, **tokens) -> None:
        """Have the form, shown again, tell what is known by now."""
        self.data = self.data.copy()
        for name, value in tokens.items():
            self.data[self.add_prefix(name)] = value


class EndingForm(Tokens):
    """Why what is in force is given up."""

    note = prose("Motif", help_text="Toutes les parties le liront avant de répondre.")
