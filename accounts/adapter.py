"""Adapters of allauth: sign-up is closed, messages are French, links lead to the portal."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import get_connection
from django.urls import reverse

from accounts import log
from accounts.models import User
from accounts.throttling import (
    attempt_key,
    count_guess,
    forget_guesses,
    may_guess,
    reuse_recent_code,
)
from ctg_portal.forms.typed import kept_for

LIMITS = {"rate_limited", "too_many_guesses", "too_many_login_attempts"}


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
        "too_many_guesses": (
            "Trop d’essais sur ce compte, d’où qu’ils viennent. "
            "Entrez avec un code reçu par courriel."
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
        """Send a message; one to nobody is written and queued like any other, without address."""
        context = {**context, "site_url": settings.SITE_URL}
        if not getattr(self.request, "writes_to_nobody", False):
            super().send_mail(template_prefix, email, context)
            return
        message = self.render_mail(template_prefix, email, context)
        message.to = []
        get_connection().send_messages([message])  # its own ``send`` would do nothing

    def validation_error(self, code, *args):
        """Return the error of a code; one of a limit is written in the log."""
        if code in LIMITS:
            log.write(self.request, "limited", detail=code)
        return super().validation_error(code, *args)

    def pre_authenticate(self, request, **credentials):
        """Raise ValidationError where too many passwords were tried, by this machine or at this
        account."""
        super().pre_authenticate(request, **credentials)
        if not may_guess(request, credentials.get("email", "")):
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("too_many_guesses")

    def authentication_failed(self, request, **credentials):
        """Count and write a wrong password."""
        email = credentials.get("email", "")
        count_guess(request, email)
        log.write(request, "login_failed", User.objects.filter(email=email.lower()).first())

    def _get_login_attempts_cache_key(self, request, **credentials):
        return attempt_key(request, credentials.get("email", ""))

    def _delete_login_attempts_cached_email(self, request, **credentials):
        """Forget the failed log-ins at an account: those that allauth counts, and our own."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        forget_guesses(request, credentials.get("email", ""))


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
