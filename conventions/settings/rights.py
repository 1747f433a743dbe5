"""Rights on the settings of a convention: what is not its text."""

from accounts.models import User
from conventions.access.rights import COORDINATION_ONLY, coordinates, is_referent, referred_by
from conventions.journal.models import PARTY_SETTINGS, SettingChange
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.rules import Refusal

UNDONE = Refusal("Ce changement est déjà annulé.")
CHANGED_SINCE = Refusal("Ce réglage a changé depuis : il ne s’annule plus.")
NOT_UNDONE_HERE = Refusal("Ce changement ne s’annule pas d’ici.")


def may_read_settings(user: User, convention: Convention) -> Refusal | None:
    """Return why somebody may not see the settings of a convention, or None for its coordination
    and the référents of its organisations."""
    if coordinates(user, convention) or referred_by(user, convention):
        return None
    return Refusal("La coordination et les référents des accès règlent la convention.")


def may_set(by: User | None, convention: Convention) -> Refusal | None:
    """Return why somebody may not change contact, words and notice, or None for the coordination
    and the system."""
    return None if by is None or coordinates(by, convention) else COORDINATION_ONLY


def may_set_party(by: User | None, organisation: Organisation) -> Refusal | None:
    """Return why somebody may not change the seat, the logo and the source of a party, or None for
    its référents, the coordination and the system."""
    if by is None or is_referent(by, organisation) or coordinates(by, organisation.convention):
        return None
    return Refusal(
        f"La coordination et les référents des accès {organisation.genitive} la règlent."
    )


def may_undo(by: User | None, change: SettingChange) -> Refusal | None:
    """Return why a change may not be taken back, or None: as setting it anew. The official address
    and the threshold have pages of their own, and consequences that stay."""
    if hasattr(change, "undone_by"):
        return UNDONE
    if change.organisation is None:
        return may_set(by, change.convention)
    if change.setting not in PARTY_SETTINGS:
        return NOT_UNDONE_HERE
    return may_set_party(by, change.organisation)
