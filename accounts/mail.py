"""Messages of the account that allauth knows nothing of; they need no request."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def tell_account_deleted(address: str) -> None:
    """The last message: whoever did not ask for the deletion learns of it."""
    template = "account/email/account_deleted"
    context = {"site_url": settings.SITE_URL}
    message = EmailMultiAlternatives(
        render_to_string(f"{template}_subject.txt").strip(),
        render_to_string(f"{template}_message.txt", context),
        to=[address],
    )
    message.attach_alternative(render_to_string(f"{template}_message.html", context), "text/html")
    message.send()
