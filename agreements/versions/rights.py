"""Who may propose a version, and take it back."""

from agreements.models import Version
from agreements.seats.rights import may_manage_committee
from ctg_portal.rules import Refusal


def may_propose(asker, version: Version) -> Refusal | None:
    if not version.is_draft:
        return Refusal("Cette version n’est plus un brouillon : elle a déjà été proposée.")
    return may_manage_committee(asker, version.convention)


def may_withdraw(asker, version: Version) -> Refusal | None:
    """Take a proposed version back, before it is in force."""
    if not version.is_proposed:
        return Refusal("Seule une version proposée se retire ; celle-ci ne l’est pas.")
    return may_manage_committee(asker, version.convention)
