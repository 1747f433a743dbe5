"""Who may change what an organisation says of itself."""

from accounts.models import User
from conventions.access.rights import is_referent
from conventions.models import Organisation
from ctg_portal.rules import Refusal


def may_give_address(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Give an organisation its official address: its référents, and the host."""
    if asker is None or is_referent(asker, organisation):
        return None
    return Refusal(
        f"L’adresse officielle {organisation.of_the} est donnée par un référent des accès de cet "
        "organisme, ou par l’hébergeur du portail."
    )
