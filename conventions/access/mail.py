"""The messages of this chapter, text and HTML, queued with the event that causes them."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, User
from conventions.access.models import Membership
from conventions.parties.models import Organisation
from ctg_portal.text.typography import polish


def invitation_link(token: str) -> str:
    """Return the address that the mail of an invitation carries."""
    return settings.SITE_URL + reverse("conventions:invitation", args=[token])


def send_invitation(invitation: Invitation, organisation: Organisation, token: str) -> None:
    """Send an invitation's link to its address, with what it offers in ``organisation``."""
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


def send_invitation_to_open(invitation: Invitation, token: str) -> None:
    """Send the link of an invitation that lets open conventions to its address."""
    send(
        "conventions/access/mail/invitation_to_open",
        to=[invitation.email],
        subject="Invitation à ouvrir une convention",
        context={"invitation": invitation, "link": invitation_link(token)},
    )


def notify_official_address(
    happened: str, details: str, organisation: Organisation, page: str
) -> None:
    """Write to the official address of an organisation that who acts or sits for it has changed; do
    nothing where it has none, or one that is only proposed. ``happened``: a line, the subject;
    ``details``: sentences; ``page``: the path that the mail links to."""
    if organisation.email and not organisation.email_is_proposed:
        notify_address(organisation.email, happened, details, organisation, page)


def notify_address(
    address: str, happened: str, details: str, organisation: Organisation, page: str
) -> None:
    """Send the message of ``notify_official_address`` to this address instead."""
    send(
        "conventions/access/mail/official_address",
        to=[address],
        subject=happened,
        context={
            "happened": happened,
            "details": details,
            "organisation": organisation,
            "convention": organisation.convention,
            "link": settings.SITE_URL + page,
        },
    )


def send_end_to_holder(membership: Membership, *, by: User, capacity: str) -> None:
    """Write to the holder of an access that it has ended, who ended it, and in which capacity."""
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


def send(template: str, *, to: list[str], subject: str, context: dict[str, Any]) -> None:
    """Send a message made of ``<template>.txt`` and ``<template>.html``, by the mail backend, which
    queues it. Both also get ``site_url`` and ``subject``."""
    context = {**context, "site_url": settings.SITE_URL, "subject": subject}
    message = EmailMultiAlternatives(
        polish(" ".join(subject.split())), render_to_string(f"{template}.txt", context), to=to
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()
