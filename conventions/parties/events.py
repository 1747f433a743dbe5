"""What organisations say of themselves."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from conventions.access.mail import tell_address
from conventions.access.notices import AddressGiven
from conventions.models import Organisation
from conventions.parties import rights
from ctg_portal.revisions import check_revision
from ctg_portal.rules import Refusal, Refused, enforce
from notifications.news import tell


@transaction.atomic
def give_address(
    organisation: Organisation, *, email: str, by: User | None, revision: int | None = None
) -> Organisation:
    """Give an organisation its official address, or take it away (empty). Those who act for it are
    notified, and both addresses. Given by the host it is confirmed; by a référent, the host
    confirms it before anything depends on it. ``revision``: the one that the form showed. Raises
    Refused when ``by`` may not, or with Rewritten when the organisation was written since."""
    enforce(rights.may_give_address(by, organisation))
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.email.lower() == email.strip().lower():
        return organisation
    check_revision(organisation, revision)
    former, organisation.email = organisation.email, email.strip()
    organisation.email_confirmed_at = timezone.now() if by is None and email.strip() else None
    organisation._history_user = by
    organisation.save()
    news = AddressGiven(organisation, organisation.history.latest("history_id"))
    tell(news)
    for address in {former, organisation.email} - {""}:
        tell_address(address, news.happened, news.told, organisation, news.link())
    return organisation


@transaction.atomic
def confirm_address(organisation: Organisation, *, by: User) -> None:
    """Say, for the host, that the official address is the organisation's own. ``by``: the account
    that does, as its history keeps it. Raises Refused where there is none."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not organisation.email:
        raise Refused(Refusal(f"{organisation.name} n’a pas d’adresse officielle."))
    organisation.email_confirmed_at = timezone.now()
    organisation._history_user = by
    organisation.save(update_fields=["email_confirmed_at"])
