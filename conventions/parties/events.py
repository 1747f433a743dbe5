"""What organisations say of themselves."""

from django.db import transaction

from conventions.access.notices import AddressGiven
from conventions.models import Organisation
from conventions.parties import rights
from ctg_portal.rules import enforce
from notifications.news import tell


@transaction.atomic
def give_address(organisation: Organisation, *, email: str, by) -> Organisation:
    """Give an organisation its official address, or take it away (empty). Those who act for it are
    told. Raises Refused when ``by`` may not."""
    enforce(rights.may_give_address(by, organisation))
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.email.lower() == email.strip().lower():
        return organisation
    organisation.email = email.strip()
    organisation._history_user = by
    organisation.save()
    tell(AddressGiven(organisation, organisation.history.latest("history_id")))
    return organisation
