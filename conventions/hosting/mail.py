"""The message that seeks a référent des accès at an organisation's official address."""

from django.conf import settings
from django.urls import reverse

from conventions.access.mail import send
from conventions.hosting.models import Designation


def link_of(token: str) -> str:
    """Return the address that the message carries."""
    return settings.SITE_URL + reverse("conventions:designation", args=[token])


def send_link(designation: Designation, token: str, *, is_reminder: bool = False) -> None:
    """Send the link of a designation to its official address; a reminder says so in its subject."""
    organisations = list(designation.organisations.select_related("convention").order_by("pk"))
    again = "Rappel : " if is_reminder else ""
    send(
        "conventions/hosting/mail/designation",
        to=[designation.email],
        subject=f"{again}désigner le référent des accès {organisations[0].genitive}",
        context={
            "organisation": organisations[0],
            "organisations": organisations,
            "designation": designation,
            "is_reminder": is_reminder,
            "link": link_of(token),
        },
    )
