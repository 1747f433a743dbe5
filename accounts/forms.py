"""Forms of the account: log-in, security, profile, invitation.

allauth's forms with our labels: a label says what the field asks, not a placeholder that typing
hides, and the rules of passwords are two sentences; a refusal says which one failed.
"""

from textwrap import wrap

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts import log
from accounts.mail import addressee_of
from accounts.models import User
from accounts.staying import DAYS, ask_to_stay
from accounts.throttling import is_mail_allowed
from ctg_portal.marks.events import event, share_changed
from ctg_portal.marks.models import EVERYTHING

EMAIL_LABEL = "Adresse électronique"
CHOICE_HELP = (
    "12 caractères au moins. Une suite de quelques mots sans rapport entre eux est facile "
    "à retenir et difficile à deviner."
)


class RelabelledForm(forms.Form):
    """An allauth form whose fields have the labels and help of ``LABELS`` and ``HELP``."""

    LABELS: dict[str, str] = {}
    HELP: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.LABELS.get(name, field.label)
            field.help_text = self.HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class LongSessionForm(RelabelledForm):
    """A form of log-in with a box to stay logged in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stay"] = forms.BooleanField(
            label=f"Rester connecté {DAYS} jours sur cet appareil",
            help_text="Seulement si personne d’autre ne s’en sert.",
            required=False,
        )

    def clean(self):
        """Note in the session whether a long session is wanted, before the log-in is complete."""
        data = super().clean()
        ask_to_stay(context.request, self.cleaned_data.get("stay", False))
        return data


class LoginForm(LongSessionForm, account.LoginForm):
    LABELS = {"login": EMAIL_LABEL, "password": "Mot de passe"}


class MailRequestForm(RelabelledForm):
    """A request for a code or a link by mail. Neither the answer nor what is done reveals whether
    there is an account. ``event``: what the log calls the request."""

    LABELS = {"email": EMAIL_LABEL}
    event = ""

    def clean_email(self):
        """Return the address; count and log the request for mail, and set ``addressee``, the
        account to which it is written. Raises ValidationError for one request too many."""
        email = self.cleaned_data["email"]
        if not is_mail_allowed(context.request, email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self.addressee = addressee_of(context.request, email)
        log.write(context.request, self.event, self.addressee)
        return email


class RequestLoginCodeForm(LongSessionForm, MailRequestForm, account.RequestLoginCodeForm):
    event = "code_asked"

    @property
    def _user(self) -> User:
        return self.addressee


class ConfirmLoginCodeForm(RelabelledForm, account.ConfirmLoginCodeForm):
    LABELS = {"code": "Code reçu par courriel"}


class ReauthenticateForm(RelabelledForm, account.ReauthenticateForm):
    LABELS = {"password": "Mot de passe"}


class AddEmailForm(RelabelledForm, account.AddEmailForm):
    LABELS = {"email": "Nouvelle adresse électronique"}


class ResetPasswordForm(MailRequestForm, account.ResetPasswordForm):
    event = "reset_asked"

    @property
    def users(self) -> list[User]:
        return [self.addressee]


class NewPasswordForm(RelabelledForm):
    """A form for a new password, typed twice."""

    LABELS = {
        "oldpassword": "Mot de passe actuel",
        "password1": "Nouveau mot de passe",
        "password2": "Nouveau mot de passe, une seconde fois",
    }
    HELP = {"password1": CHOICE_HELP}


class ChangePasswordForm(NewPasswordForm, account.ChangePasswordForm):
    pass


class SetPasswordForm(NewPasswordForm, account.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPasswordForm, account.ResetPasswordKeyForm):
    pass


class ApplicationCodeForm(RelabelledForm):
    """A form for a code of the authenticator application, or a recovery code."""

    LABELS = {"code": "Code de l’application, ou code de secours"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class MFAAuthenticateForm(ApplicationCodeForm, mfa.AuthenticateForm):
    pass


class MFAReauthenticateForm(ApplicationCodeForm, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(ApplicationCodeForm, AllauthActivateTOTPForm):
    """A form for the first code of an application, with the key to set it up."""

    LABELS = {"code": "Code à six chiffres"}

    def clean_code(self):
        """Refuse a wrong code in the words of somebody who sets up an application."""
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
    def grouped_secret(self) -> str:
        """The key in groups of four characters, easier to type; applications ignore the spaces."""
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
        """Save the account; a changed form outdates every page, for any may name the person."""
        if self.instance.pk and self.has_changed():
            share_changed(EVERYTHING)
        return super().save(commit)


class ProfileForm(NameForm):
    """A form for one's own name and rhythm of messages."""

    class Meta(NameForm.Meta):
        fields = [*NameForm.Meta.fields, "mail_rhythm"]
        widgets = {"mail_rhythm": forms.RadioSelect}


class AccountOpeningForm(NameForm):
    """A form by which an invited person opens an account: a name, and a password if wanted."""

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
        """Check the password, if there is one, against the rules and the name just typed."""
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
