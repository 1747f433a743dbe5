"""The messages of this chapter, text and HTML, queued with the event that causes them."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, User
from conventions.models import Membership, Organisation
from ctg_portal.typography import polish


def invitation_link(token: str) -> str:
    """The address that the invitation's mail carries."""
    return settings.SITE_URL + reverse("conventions:invitation", args=[token])


def send_invitation(invitation: Invitation, organisation: Organisation, token: str) -> None:
    send(
        "conventions/access/mail/invitation",
        to=[invitation.email],
        subject=f"Invitation : {organisation.convention}",
        context={
            "invitation": invitation,
            "organisation": organisation,
            "convention": organisation.convention,
            "offers": list(invitation.offers.order_by("pk")),
            "link": invitation_link(token),
        },
    )


def tell_official_address(happened: str, told: str, organisation: Organisation, page: str) -> None:
    """Write to the official address of an organisation what changes in who acts or sits for it:
    ``happened`` in a line, ``told`` in sentences, and the ``page`` (a path). It gives no right."""
    if organisation.email:
        tell_address(organisation.email, happened, told, organisation, page)


def tell_address(
    address: str, happened: str, told: str, organisation: Organisation, page: str
) -> None:
    """Write the same to one ``address``."""
    send(
        "conventions/access/mail/official_address",
        to=[address],
        subject=happened,
        context={
            "happened": happened,
            "told": told,
            "organisation": organisation,
            "convention": organisation.convention,
            "link": settings.SITE_URL + page,
        },
    )


def tell_of_end(membership: Membership, *, by: User, capacity: str) -> None:
    """Whoever had the access learns that it has ended, and who ended it, in which capacity."""
    send(
        "conventions/access/mail/access_ended",
        to=[membership.user.email],
        subject=f"Accès terminé : {membership.convention}",
        context={
            "membership": membership,
            "convention": membership.convention,
            "by": by,
            "capacity": capacity,
        },
    )


def send(template: str, *, to: list[str], subject: str, context: dict) -> None:
    """Queue a message made of ``<template>.txt`` and ``<template>.html``."""
    context = {**context, "site_url": settings.SITE_URL, "subject": subject}
    message = EmailMultiAlternatives(
        polish(" ".join(subject.split())), render_to_string(f"{template}.txt", context), to=to
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()
