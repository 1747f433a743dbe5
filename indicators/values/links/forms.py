"""Who one is, to who opens a link; to whom it is sent."""

from django import forms


class SendLinkForm(forms.Form):
    """The address to which a link goes."""

    address = forms.EmailField(label="Adresse électronique de l’organisme", max_length=254)
    replaces = forms.CharField(required=False, widget=forms.HiddenInput)

    def send_again_with(self, replaces: str) -> None:
        """Have the form, shown again, tell the link known by now."""
        self.data = self.data.copy()
        self.data["replaces"] = replaces


class VisitorForm(forms.Form):
    """What stays beside the figures that are given."""

    name = forms.CharField(label="Votre nom et votre prénom", max_length=120)
    role = forms.CharField(label="Votre fonction", max_length=120)
