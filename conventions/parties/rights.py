"""Who may change what an organisation says of itself."""

from conventions.access.rights import acts_for
from conventions.models import Organisation
from ctg_portal.rules import Refusal


def may_give_address(asker, organisation: Organisation) -> Refusal | None:
    """Its official address vouches for whoever accepts an invitation there: only who enters
    figures of the organisation or speaks for it gives it, the coordinator for her own alone."""
    if asker is None:
        return None
    if organisation.pk in acts_for(asker, organisation.convention):
        return None
    return Refusal(
        f"L’adresse officielle {organisation.of_the} est donnée par une personne qui agit pour "
        "cet organisme, ou dans le fichier de la convention."
    )
