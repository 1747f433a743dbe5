"""When an organisation's référents alone begin to say who acts for it."""

from conventions.access.notices import tell_of_access
from conventions.models import AccessVerb, Membership, Organisation, Party, Role
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.transitions import move


@event()
def guard(organisation: Organisation) -> None:
    """Have an organisation's référents alone say who acts for it, from now on and for ever: it has
    become a party, or states a secrecy rule. What nobody but the coordination, or nobody known,
    has confirmed there is to be confirmed again; what the host has confirmed stays."""
    is_party = Party.objects.filter(organisation=organisation).exists()
    if organisation.is_guarded or not (is_party or organisation.states_secrecy):
        return
    changed(organisation, Subject.PEOPLE, Subject.TEXT)
    organisation.is_guarded = True
    organisation.save(update_fields=["is_guarded"])
    held = Membership.objects.effective().filter(organisation=organisation)
    for access in held.exclude(role=Role.READER).order_by("pk"):
        if not access.is_confirmed_by_host:
            tell_of_access(move(access, AccessVerb.RETURNED, by=None, **access.returned()))
    let_follow(house().after_guarding, organisation)
    let_follow(house().after_access, organisation.convention)
