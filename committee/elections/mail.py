"""Messages of the list of a party's élus: to its official address, and to who leaves."""

import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from agreements.models import Seat
from committee.elections.models import Renewal
from conventions.access.capacities import BY_ROLE
from conventions.access.mail import notify_official_address, send
from conventions.access.rights import is_last_referent
from conventions.models import Membership
from ctg_portal.templatetags.french import enumerate_words, long_date


def page_of(renewal: Renewal) -> str:
    """Return the address of the page on which the list of an organisation is prepared."""
    organisation = renewal.organisation
    return reverse("committee:elections", args=[organisation.convention.slug, organisation.pk])


def notify_of_date(renewal: Renewal, *, by: User) -> None:
    """Write the day of the installation to the official address of the organisation."""
    organisation, day = renewal.organisation, long_date(renewal.installed_on)
    notify_official_address(
        f"Sièges des élus {organisation.genitive} : conseil installé le {day}",
        f"Écrit par {by}. À partir de ce jour, ces sièges sont attendus : personne n’y répond, "
        "jusqu’à ce que la liste des élus soit confirmée.",
        organisation, page_of(renewal),
    )  # fmt: skip


def notify_of_list(renewal: Renewal, *, by: User | None) -> None:
    """Write who stays, leaves and comes to the official address of the organisation."""
    organisation, lines = renewal.organisation, list(renewal.lines.select_related("seat"))
    who = {
        "restent": [line.seat.name for line in lines if line.stays],
        "partent": [line.seat.name for line in lines if line.leaves],
        "arrivent": [line.name for line in lines if line.has_newcomer],
    }
    sentences = [f"{verb} : {enumerate_words(names)}" for verb, names in who.items() if names]
    details = f"Confirmée par {by or 'l’hébergeur du portail'} ; {' ; '.join(sentences)}."
    notify_official_address(
        f"Liste des élus {organisation.genitive} après les élections", details, organisation,
        reverse("committee:composition", args=[organisation.convention.slug]),
    )  # fmt: skip


def send_end_of_seat(
    user: User, seats: list[Seat], renewal: Renewal, closes_on: datetime.date | None
) -> None:
    """Write to the holder of these seats that they are over, and what becomes of their accesses:
    the day on which reading closes, or those that stay."""
    organisation = renewal.organisation
    accesses = list(
        Membership.objects.active()
        .held_by(user, organisation)
        .select_related("organisation__convention")
    )
    words = [BY_ROLE[access.role][1].format(organisation) for access in accesses]
    send(
        "committee/mail/end_of_seat",
        to=[user.email],
        subject=f"Votre siège au comité a pris fin : {organisation.convention}",
        context={
            "seats": seats,
            "organisation": organisation,
            "convention": organisation.convention,
            "renewal": renewal,
            "closes_on": closes_on,
            "staying": "" if closes_on else enumerate_words(words),
            "is_last_referent": any(is_last_referent(access) for access in accesses),
            "link": settings.SITE_URL + reverse(
                "conventions:my_access", args=[organisation.convention.slug]
            ),
        },
    )  # fmt: skip
