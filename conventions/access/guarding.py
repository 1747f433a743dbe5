"""Guarding an organisation: from then on its référents alone say who acts for it."""

from conventions.access.models import AccessVerb, Membership, Role
from conventions.access.notices import notify_access_changed
from conventions.parties.models import Organisation, Party
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.transitions import move


@event()
def guard(organisation: Organisation) -> None:
    """Let only the référents of a party, or of an organisation that states a secrecy rule, say who
    acts for it; do nothing for others, or the second time. Return to pending, and notify, each
    effective access there that does more than read and that the host has not confirmed."""
    is_party = Party.objects.filter(organisation=organisation).exists()
    if organisation.is_guarded or not (is_party or organisation.states_secrecy):
        return
    changed(organisation, Subject.PEOPLE, Subject.TEXT)
    organisation.is_guarded = True
    organisation.save(update_fields=["is_guarded"])
    accesses = Membership.objects.effective().filter(organisation=organisation)
    for access in accesses.exclude(role=Role.READER).order_by("pk"):
        if not access.is_confirmed_by_host:
            notify_access_changed(move(access, AccessVerb.RETURNED, by=None, **access.returned()))
    let_follow(house().after_guarding, organisation)
    let_follow(house().after_access, organisation.convention)
