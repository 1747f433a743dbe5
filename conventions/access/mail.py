"""The messages of this chapter, text and HTML, queued with the event that causes them."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation
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
            "offers": list(invitation.offers.select_related("replaces__user").order_by("pk")),
            "link": invitation_link(token),
        },
    )


def tell_coordinators_of_handing_over(membership: Membership, email: str, *, by) -> None:
    """The coordinators learn that an access changes hands, unless they did it themselves."""
    coordinators = Membership.objects.active().of(membership.convention).coordinators()
    addresses = {m.user.email for m in coordinators.select_related("user") if m.user != by}
    for address in sorted(addresses):
        send(
            "conventions/access/mail/handing_over",
            to=[address],
            subject=f"Accès transmis : {membership.user} ({membership.organisation})",
            context={
                "membership": membership,
                "email": email,
                "convention": membership.convention,
                "link": settings.SITE_URL
                + reverse("conventions:access", args=[membership.convention.slug]),
            },
        )


def tell_of_end(membership: Membership, *, by) -> None:
    """Whoever had the access learns that it has ended, and who ended it."""
    send(
        "conventions/access/mail/access_ended",
        to=[membership.user.email],
        subject=f"Accès terminé : {membership.convention}",
        context={"membership": membership, "convention": membership.convention, "by": by},
    )


def tell_giver_of_acceptance(membership: Membership, *, successor) -> None:
    """Whoever passed the access on learns that it is now the successor's."""
    send(
        "conventions/access/mail/access_passed_on",
        to=[membership.user.email],
        subject=f"Accès transmis : {successor} vous succède",
        context={
            "membership": membership,
            "convention": membership.convention,
            "successor": successor,
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
