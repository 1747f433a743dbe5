"""Capacities of people in a convention, which messages give as the reason why they are sent."""

import datetime
from collections import defaultdict

from django.utils import timezone

from accounts.models import User
from conventions.access.models import Membership, Role
from conventions.legal.convention import Convention
from conventions.notices import Capacity
from ctg_portal.house import by_key, house

BY_ROLE = {
    Role.COORDINATOR: (Capacity.COORDINATION, "la coordination, pour {0.the}"),
    Role.REFERENT: (Capacity.REFERENT, "votre rôle de référent des accès {0.genitive}"),
    Role.CONTRIBUTOR: (Capacity.CONTRIBUTOR, "les données {0.genitive}, que vous saisissez"),
    Role.READER: (Capacity.READER, "votre accès au titre {0.genitive}"),
}


def capacities_by_access(
    convention: Convention, day: datetime.date
) -> dict[int, list[tuple[Capacity, str]]]:
    """Map the primary key of each person with an access that has not ended to the capacities that
    their accesses give, each with its words in a sentence: (``REFERENT``, « votre rôle de référent
    des accès de la Caf »)."""
    capacities = defaultdict(list)
    accesses = (
        Membership.objects.active().of(convention).select_related("organisation").order_by("pk")
    )
    for access in accesses:
        capacity, words = BY_ROLE[access.role]
        capacities[access.user_id].append((capacity, words.format(access.organisation)))
    return capacities


def seats_in_words(user: User, convention: Convention) -> list[str]:
    """Return the words for each seat or delegation by which somebody sits or speaks on this day."""
    capacities = by_key(house().capacities, convention, timezone.localdate()).get(user.pk, [])
    return [words for capacity, words in capacities if capacity == Capacity.SEAT]


def coordinator_pks(convention: Convention) -> set[int]:
    """Return the primary keys of the users with an effective access as coordinator."""
    accesses = Membership.objects.effective().of(convention).coordinators()
    return set(accesses.values_list("user", flat=True))
