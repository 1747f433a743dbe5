"""Adapters of allauth: sign-up is closed, messages are French, links lead to the portal."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.throttling import attempt_key, reuse_recent_code
from ctg_portal.forms.typed import kept_for

UNKNOWN = "account/email/unknown_account"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est fermé.",
        "duplicate_email": "Cette adresse est déjà celle de votre compte.",
        "email_password_mismatch": (
            "L’adresse ou le mot de passe n’est pas le bon. "
            "Vous pouvez aussi recevoir un code par courriel."
        ),
        "email_taken": "Un compte existe déjà avec cette adresse.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": "Ce n’est pas le bon code : recopiez celui du dernier courriel.",
        "incorrect_password": "Ce n’est pas le bon mot de passe.",
        "invalid_password_reset": "Ce lien ne fonctionne plus.",
        "rate_limited": "Trop de demandes. Patientez cinq minutes, puis recommencez.",
        "too_many_login_attempts": (
            "Trop d’essais. Patientez cinq minutes, puis recommencez\u202f; une heure quand ils "
            "ont été nombreux depuis votre réseau."
        ),
        "unverified_primary_email": "Confirmez d’abord cette adresse.",
    }

    def is_open_for_signup(self, request):
        """Return False: accounts are opened by invitation only."""
        return False

    def get_login_redirect_url(self, request):
        """Return the page of forms that could not be saved, if there are any, else the default."""
        if kept_for(request.user):
            return reverse("typed")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("profile")

    def get_reauthentication_methods(self, user: User):
        """Return the methods of allauth; a code by mail for who has neither a password nor an
        application."""
        methods = super().get_reauthentication_methods(user)
        if user.is_authenticated and not methods:
            methods = [{"id": "code", "url": reverse("account_reauthenticate")}]
        return methods

    def get_reset_password_from_key_url(self, key):
        return _with_portal_host(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request, emailconfirmation):
        return _with_portal_host(super().get_email_confirmation_url(request, emailconfirmation))

    def generate_login_code(self):
        return reuse_recent_code(self.request, super().generate_login_code())

    def send_mail(self, template_prefix, email, context):
        """Send a message, but none to an address without account: it is only rendered, so that the
        answer takes as long as for another address."""
        context = {**context, "site_url": settings.SITE_URL}
        if template_prefix == UNKNOWN:
            code = {"code": self.generate_login_code()}
            self.render_mail("account/email/login_code", email, context | code)
        else:
            super().send_mail(template_prefix, email, context)

    def _get_login_attempts_cache_key(self, request, **credentials):
        return attempt_key(request, credentials.get("email", ""))


def _with_portal_host(url: str) -> str:
    """Return ``url`` with the host of the portal instead of the one that the request names: whoever
    asks for somebody else's link would choose where it leads."""
    return settings.SITE_URL + urlsplit(url).path


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Désactivez d’abord la double vérification.",
        "cannot_delete_authenticator": "La double vérification ne peut pas être désactivée.",
        "cannot_generate_recovery_codes": "Activez d’abord la double vérification.",
        "incorrect_code": "Ce code n’est pas bon, ou a déjà servi.",
        "unverified_email": "Confirmez d’abord votre nouvelle adresse.",
    }

    def get_totp_issuer(self):
        """Return the name under which an authenticator application lists this account."""
        return "Portail CTG"
