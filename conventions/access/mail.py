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


def tell_of_handing_over(membership: Membership, email: str, *, by) -> None:
    """Who coordinates, and who has access for the organisation, learn that an access changes
    hands, unless they did it themselves; its holder as well."""
    convention = membership.convention
    acting = Membership.objects.effective().of(convention).select_related("user")
    coordinators = {access.user for access in acting.coordinators()}
    people = coordinators | {membership.user}
    people |= {access.user for access in acting.filter(organisation=membership.organisation)}
    for person in sorted(people - {by}, key=lambda person: person.email):
        page = "access" if person in coordinators else "my_access"
        send(
            "conventions/access/mail/handing_over",
            to=[person.email],
            subject=f"Accès transmis : {membership.user} ({membership.organisation})",
            context={
                "membership": membership,
                "email": email,
                "convention": convention,
                "by": by,
                "may_cancel": person in coordinators,
                "link": settings.SITE_URL + reverse(f"conventions:{page}", args=[convention.slug]),
            },
        )


def tell_of_confirmation(membership: Membership, *, by) -> None:
    """Whoever has the access learns that it counts in full."""
    _tell_of_decision("access_confirmed", "Accès confirmé", [membership.user], membership, by)


def tell_of_objection(membership: Membership, *, by) -> None:
    """Whoever has the access, and whoever gave it, learn that it is suspended, and by whom."""
    people = {membership.user, membership.given_by} - {None, by}
    _tell_of_decision("access_suspended", "Accès suspendu", people, membership, by)


def _tell_of_decision(template: str, word: str, people, membership: Membership, by) -> None:
    convention = membership.convention
    for person in sorted(people, key=lambda person: person.email):
        send(
            f"conventions/access/mail/{template}",
            to=[person.email],
            subject=f"{word} : {membership.user} ({membership.organisation})",
            context={
                "membership": membership,
                "convention": convention,
                "by": by,
                "is_own": person == membership.user,
                "link": settings.SITE_URL
                + reverse("conventions:one_access", args=[convention.slug, membership.pk]),
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
