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


def may_tighten_secrecy(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Have an organisation's small counts masked below a higher threshold: its référents, alone.
    All parties agree to a laxer rule, and the file of the convention says it."""
    if organisation.is_added:
        return Refusal("Sa règle de secret vient du fichier de la convention.")
    if organisation.rounding_base:
        return Refusal("Cet organisme arrondit ses effectifs : il n’a pas de seuil.")
    if asker is None or is_referent(asker, organisation):
        return None
    return Refusal(
        f"Le seuil de secret {organisation.of_the} est relevé par un référent des accès de cet "
        "organisme."
    )
