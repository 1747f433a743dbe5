"""Rights to an organisation's official address and rule of secrecy."""

from accounts.models import User
from conventions.access.rights import is_referent
from conventions.parties.models import Organisation
from ctg_portal.rules import Refusal


def may_give_address(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not give an organisation its official address; None for its
    référents and the host."""
    if asker is None or is_referent(asker, organisation):
        return None
    return Refusal(
        f"L’adresse officielle {organisation.genitive} est donnée par un référent des accès de cet "
        "organisme, ou par l’hébergeur du portail."
    )


def may_tighten_secrecy(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not raise the threshold of an organisation; None for its référents
    and the system. All parties agree to a laxer rule, which the file of the convention states."""
    if organisation.is_added:
        return Refusal("Sa règle de secret vient du fichier de la convention.")
    if organisation.rounding_base:
        return Refusal("Cet organisme arrondit ses effectifs : il n’a pas de seuil.")
    if asker is None or is_referent(asker, organisation):
        return None
    return Refusal(
        f"Le seuil de secret {organisation.genitive} est relevé par un référent des accès de cet "
        "organisme."
    )
