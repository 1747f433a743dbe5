"""The people who may be named as leads of an action, each with the text that a form shows."""

from accounts.models import User
from conventions.models import Contact, Convention, Membership


def label_members(convention: Convention) -> dict[User, str]:
    """Map each person who has access to the convention to « name (acronym of their organisation) »;
    somebody of several organisations is labelled with the first."""
    rows = Membership.objects.active().of(convention).by_organisation()
    labels: dict[User, str] = {}
    for membership in rows:
        label = f"{membership.user} ({membership.organisation.acronym})"
        labels.setdefault(membership.user, label)
    return labels


def assignable_people(convention: Convention) -> dict[User | Contact, str]:
    """Map each member and each contact without account of the convention to its label."""
    contacts = Contact.objects.of(convention).select_related("organisation")
    return label_members(convention) | {
        contact: f"{contact.name} ({contact.organisation.acronym}, sans compte)"
        for contact in contacts
    }
