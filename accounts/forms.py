"""Forms of the account: log-in, profile, invitation."""

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm as AllauthRequestLoginCodeForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password

from accounts.models import User

EMAIL_LABEL = "Adresse électronique"


def plain_email(field: forms.Field) -> None:
    """Say what the field asks in a label, not in a placeholder that typing hides."""
    field.label = EMAIL_LABEL
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["autocomplete"] = "username"


class LoginForm(AllauthLoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plain_email(self.fields["login"])
        self.fields["password"].label = "Mot de passe"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class RequestLoginCodeForm(AllauthRequestLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plain_email(self.fields["email"])


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = True
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"


class AccountOpeningForm(ProfileForm):
    """What a person invited for the first time says: a name, and a password if wanted."""

    password = forms.CharField(
        label="Mot de passe (facultatif)",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.email = email
        self.fields["password"].help_text = " ".join(
            ["Sans mot de passe, un code vous sera envoyé par courriel à chaque connexion."]
            + [str(text) for text in password_validators_help_texts()]
        )

    def clean(self):
        data = super().clean()
        if data.get("password"):
            person = User(email=self.instance.email, first_name=data.get("first_name", ""),
                          last_name=data.get("last_name", ""))  # fmt: skip
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as mistakes:
                self.add_error("password", mistakes)
        return data
