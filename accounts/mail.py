"""To whom messages about an account go, and those that allauth does not send."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.models import User

NOBODY = 0  # the key of no account


def addressee_of(request, email: str) -> User:
    """Return the open account of an address, to which this request writes.

    Return nobody where there is none: the portal does for it all that it does for an account, down
    to a message in the outbox, but one without an address. Neither answer nor time tells which.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    request.writes_to_nobody = user is None
    return user or User(pk=NOBODY, email=email)


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
