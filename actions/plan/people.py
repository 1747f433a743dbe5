"""Who may lead an action by name."""

from accounts.models import User
from conventions.models import Contact, Membership


def accounts_of(convention) -> dict[User, str]:
    """The people who have access, each with name and organisation."""
    rows = Membership.objects.active().of(convention).by_organisation()
    told: dict[User, str] = {}
    for membership in rows:
        words = f"{membership.user} ({membership.organisation.acronym})"
        told.setdefault(membership.user, words)
    return told


def people_of(convention) -> dict[User | Contact, str]:
    """The same, with those who have no account."""
    contacts = Contact.objects.of(convention).select_related("organisation")
    return accounts_of(convention) | {
        contact: f"{contact.name} ({contact.organisation.acronym}, sans compte)"
        for contact in contacts
    }
