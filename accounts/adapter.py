"""What the portal wants of allauth: sign-up closed, French words, its own names."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Nobody signs up: one comes by invitation."""
        return False

    def send_mail(self, template_prefix, email, context):
        super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self):
        """The name under which an authenticator application lists this account."""
        return "Portail CTG"
