"""Messages about an account that allauth does not send; they need no request."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def send_account_deleted(address: str) -> None:
    """Send the last message to the address of a deleted account: its owner may not have asked for
    the deletion."""
    template = "account/email/account_deleted"
    context = {"site_url": settings.SITE_URL}
    message = EmailMultiAlternatives(
        render_to_string(f"{template}_subject.txt").strip(),
        render_to_string(f"{template}_message.txt", context),
        to=[address],
    )
    message.attach_alternative(render_to_string(f"{template}_message.html", context), "text/html")
    message.send()
