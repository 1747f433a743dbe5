"""Whom the portal cannot reach: shown to the coordinator, who knows them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from conventions.models import Membership, MembershipOffer
from notifications.reading import undelivered


@dataclass(frozen=True)
class Undelivered:
    """The last message to an address was given up. ``who``: the person, or the address invited."""

    who: str
    email: str
    on: datetime.datetime


def undelivered_in(conventions: Iterable[int]) -> dict[int, list[Undelivered]]:
    """By convention (primary keys), who of its people and of those invited could not be reached;
    one question where all could."""
    failed, found = undelivered(), defaultdict(dict)
    if not failed:
        return {}
    there = {"organisation__convention__in": conventions}
    members = Membership.objects.active().filter(user__email__in=failed, **there)
    for access in members.select_related("user", "organisation"):
        email, pk = access.user.email, access.organisation.convention_id
        found[pk].setdefault(email, Undelivered(str(access.user), email, failed[email]))
    offers = MembershipOffer.objects.pending().filter(invitation__email__in=failed, **there)
    for offer in offers.select_related("invitation", "organisation"):
        email, pk = offer.invitation.email, offer.organisation.convention_id
        found[pk].setdefault(email, Undelivered(email, email, failed[email]))
    return {pk: list(rows.values()) for pk, rows in found.items()}
