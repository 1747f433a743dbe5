"""Who looks at a file that was brought, keeps it, undoes it."""

from django.utils import timezone

from accounts.models import User
from ctg_portal.rules import Refusal
from spreadsheets.importing.adapter import adapter_of
from spreadsheets.models import Import

NOT_YOURS = Refusal("Un fichier est enregistré par la personne qui l’a envoyé.")
DECIDED = Refusal("Cet import a déjà été enregistré, annulé ou abandonné.")


def may_apply(user: User | None, row: Import) -> Refusal | None:
    """Return why somebody may not answer its questions nor keep it, or None. What waits to be put
    right is kept later, as long as the file is there."""
    if row.brought_by_id != (user and user.pk):
        return NOT_YOURS
    adapter = adapter_of(row.adapter)
    goes_on = row.is_applied and bool(row.file)
    return adapter.refusal(row.scope, user) if row.is_received or goes_on else DECIDED


def may_abandon(user: User | None, row: Import) -> Refusal | None:
    if row.brought_by_id != (user and user.pk):
        return NOT_YOURS
    return None if row.is_received else DECIDED


def may_undo(user: User | None, row: Import) -> Refusal | None:
    """Put back what it has changed, for some days."""
    if row.brought_by_id != (user and user.pk):
        return NOT_YOURS
    if not row.is_applied:
        return Refusal("Seul un import enregistré s’annule.")
    if timezone.now() > row.undone_until:
        return Refusal("Sept jours ont passé : cet import ne s’annule plus d’un bloc.")
    return adapter_of(row.adapter).refusal(row.scope, user)
