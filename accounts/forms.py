"""Forms of the account: log-in, security, profile, invitation.

allauth's forms with our words: a label says what the field asks, not a placeholder that typing
hides, and the rules of passwords are told in two sentences; a refusal says which one failed.
"""

from textwrap import wrap

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.staying import DAYS, ask_to_stay
from accounts.throttling import may_ask_for_mail
from ctg_portal.marks.events import event, share_changed
from ctg_portal.marks.models import EVERYTHING

EMAIL_LABEL = "Adresse électronique"
CHOICE_HELP = (
    "12 caractères au moins. Une suite de quelques mots sans rapport entre eux est facile "
    "à retenir et difficile à deviner."
)


class InOurWords(forms.Form):
    """Gives the fields of an allauth form the labels and help of ``LABELS`` and ``HELP``."""

    LABELS: dict[str, str] = {}
    HELP: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.LABELS.get(name, field.label)
            field.help_text = self.HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class Staying(InOurWords):
    """A log-in by which one may ask to stay logged in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stay"] = forms.BooleanField(
            label=f"Rester connecté {DAYS} jours sur cet appareil",
            help_text="Seulement si personne d’autre ne s’en sert.",
            required=False,
        )

    def clean(self):
        data = super().clean()
        ask_to_stay(context.request, self.cleaned_data.get("stay", False))
        return data


class LoginForm(Staying, account.LoginForm):
    LABELS = {"login": EMAIL_LABEL, "password": "Mot de passe"}


class AskedByMail(InOurWords):
    """A code or a link asked for by mail, for an account or none: nothing tells which."""

    LABELS = {"email": EMAIL_LABEL}

    def clean_email(self):
        email = super().clean_email()  # type: ignore[misc]  # allauth has no types
        if not may_ask_for_mail(context.request, email):
            raise get_adapter().validation_error("too_many_login_attempts")
        return email


class RequestLoginCodeForm(Staying, AskedByMail, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(InOurWords, account.ConfirmLoginCodeForm):
    LABELS = {"code": "Code reçu par courriel"}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    LABELS = {"password": "Mot de passe"}


class AddEmailForm(InOurWords, account.AddEmailForm):
    LABELS = {"email": "Nouvelle adresse électronique"}


class ResetPasswordForm(AskedByMail, account.ResetPasswordForm):
    pass


class NewPassword(InOurWords):
    """A password chosen, typed twice."""

    LABELS = {
        "oldpassword": "Mot de passe actuel",
        "password1": "Nouveau mot de passe",
        "password2": "Nouveau mot de passe, une seconde fois",
    }
    HELP = {"password1": CHOICE_HELP}


class ChangePasswordForm(NewPassword, account.ChangePasswordForm):
    pass


class SetPasswordForm(NewPassword, account.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPassword, account.ResetPasswordKeyForm):
    pass


class ApplicationCode(InOurWords):
    """A code of digits, shown by the application or kept for the day when it is not at hand."""

    LABELS = {"code": "Code de l’application, ou code de secours"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class MFAAuthenticateForm(ApplicationCode, mfa.AuthenticateForm):
    pass


class MFAReauthenticateForm(ApplicationCode, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(ApplicationCode, AllauthActivateTOTPForm):
    """The first code that the application shows, and the key that it keeps."""

    LABELS = {"code": "Code à six chiffres"}

    def clean_code(self):
        try:
            return super().clean_code()
        except forms.ValidationError as mistake:
            if mistake.code != "incorrect_code":
                raise
            raise forms.ValidationError(
                "Ce n’est pas le bon code : recopiez celui que l’application affiche.",
                code=mistake.code,
            ) from None

    @property
    def secret_in_fours(self) -> str:
        """As one reads it aloud or types it; applications ignore the spaces."""
        return " ".join(wrap(self.secret, 4))


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = True
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    @event()
    def save(self, commit=True):
        if self.instance.pk and self.has_changed():
            share_changed(EVERYTHING)
        return super().save(commit)


class ProfileForm(NameForm):
    """One's name, and when one is written to."""

    class Meta(NameForm.Meta):
        fields = [*NameForm.Meta.fields, "mail_rhythm"]
        widgets = {"mail_rhythm": forms.RadioSelect}


class AccountOpeningForm(NameForm):
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
        self.fields["password"].help_text = (
            "Sans mot de passe, un code vous sera envoyé par courriel à chaque connexion. "
            f"Avec mot de passe : {CHOICE_HELP}"
        )

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("password"):
            person = User(email=self.instance.email, first_name=data.get("first_name", ""),
                          last_name=data.get("last_name", ""))  # fmt: skip
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as mistakes:
                self.add_error("password", mistakes)
        return data
