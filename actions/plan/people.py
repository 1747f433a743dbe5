"""Who may lead an action by name."""

from accounts.models import User
from conventions.models import Membership


def people_of(convention) -> dict[User, str]:
    """The people who have access, each with name and organisation."""
    rows = Membership.objects.active().of(convention).by_organisation()
    told: dict[User, str] = {}
    for membership in rows:
        words = f"{membership.user} ({membership.organisation.acronym})"
        told.setdefault(membership.user, words)
    return told
