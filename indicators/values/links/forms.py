"""Define the forms of entry links: who opens one, and where one is sent."""

from django import forms


class SendLinkForm(forms.Form):
    """The address to which a link goes."""

    address = forms.EmailField(label="Adresse électronique de l’organisme", max_length=254)
    replaces = forms.CharField(required=False, widget=forms.HiddenInput)

    def send_again_with(self, replaces: str) -> None:
        """Set the link that the form, shown again, replaces."""
        self.data = self.data.copy()
        self.data["replaces"] = replaces


class VisitorForm(forms.Form):
    """The name and role of a visitor, which stay beside the figures that are given."""

    name = forms.CharField(label="Votre nom et votre prénom", max_length=120)
    role = forms.CharField(label="Votre fonction", max_length=120)
