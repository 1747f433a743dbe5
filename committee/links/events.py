"""Invalidate personal links, and forward one to a substitute."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from agreements.models import Seat
from committee.links.models import LinksCut
from committee.links.reading import OpenedLink
from committee.links.tokens import address_of
from ctg_portal.marks.events import event
from ctg_portal.rules import Refusal, Refused
from ctg_portal.text.typography import polish

NOT_A_SUBSTITUTE = Refusal("Ce lien ne se transmet qu’à qui supplée la personne.")


@event()
def cut_links(*, by: User) -> LinksCut:
    """Invalidate the links that were sent to a person so far."""
    cut, _is_new = LinksCut.objects.update_or_create(user=by, defaults={"cut_at": timezone.now()})
    return cut


@event()
def hand_on(opened: OpenedLink, seat: Seat) -> None:
    """Send a mail to a substitute of the person to whom a link was sent, with an address of their
    own for the same page; nothing is stored.

    Whoever holds the link may ask for it. Raises Refused unless ``seat`` is that of a substitute
    with an account.
    """
    substitute = seat.user
    if substitute is None or seat not in opened.substitutes:
        raise Refused(NOT_A_SUBSTITUTE)
    link = opened.link
    context = {
        "title": opened.title,
        "member": link.user,
        "organisation": seat.organisation,
        "convention": opened.here.convention,
        "url": address_of(substitute, link.what, link.pk, link.organisation),
        "site_url": settings.SITE_URL,
    }
    subject = polish(f"{link.user} vous transmet : « {opened.title} »")
    context["subject"] = subject
    message = EmailMultiAlternatives(
        " ".join(subject.split())[:200],
        render_to_string("committee/links/mail/handed_on.txt", context),
        to=[substitute.email],
    )
    html = render_to_string("committee/links/mail/handed_on.html", context)
    message.attach_alternative(html, "text/html")
    message.send()
