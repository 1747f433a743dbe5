"""Capacities of people in a convention, which messages give as the reason why they are sent."""

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


def capacities_by_access(convention: Convention, day) -> dict[int, list[tuple[Capacity, str]]]:
    """Map the primary key of each person with an effective or pending access to what their accesses
    make them: the capacity, and its words in a sentence."""
    capacities = defaultdict(list)
    accesses = (
        Membership.objects.active().of(convention).select_related("organisation").order_by("pk")
    )
    for access in accesses:
        capacity, words = BY_ROLE[access.role]
        capacities[access.user_id].append((capacity, words.format(access.organisation)))
    return capacities


def seats_in_words(user: User, convention: Convention) -> list[str]:
    """Return the seats and delegations by which somebody sits or speaks today, in words."""
    capacities = by_key(house().capacities, convention, timezone.localdate()).get(user.pk, [])
    return [words for capacity, words in capacities if capacity == Capacity.SEAT]


def coordinator_pks(convention: Convention) -> set[int]:
    """Return the primary keys of the users who coordinate a convention today."""
    accesses = Membership.objects.effective().of(convention).coordinators()
    return set(accesses.values_list("user", flat=True))
