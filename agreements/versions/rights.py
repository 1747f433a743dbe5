"""Who may propose a version, and take it back."""

import datetime

from accounts.models import User
from agreements.models import Version
from agreements.seats.rights import may_manage_committee
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date


def may_propose(asker: User, version: Version) -> Refusal | None:
    if not version.is_draft:
        return Refusal("Cette version n’est plus un brouillon : elle a déjà été proposée.")
    return may_manage_committee(asker, version.convention)


class AfterTerm(Refusal):
    """The convention has ended, or will have: the proposal tells why it is made all the same."""


def asks_why(version: Version, today: datetime.date) -> AfterTerm | None:
    """Whether a draft, once proposed, is a commitment after the term (what was agreed to before
    goes on until its own): it then tells its reason, and is marked so."""
    if not version.commitment.binds:
        return None
    convention = version.convention
    end = long_date(convention.end)
    begins = version.commitment.begins_on(version.content)
    if convention.is_signed and convention.has_ended(today):
        return AfterTerm(f"La convention a pris fin le {end}.")
    if begins and begins > convention.end:
        return AfterTerm(
            f"Ceci commencerait le {long_date(begins)}, et la convention finit le {end}."
        )
    return None


def may_withdraw(asker: User, version: Version) -> Refusal | None:
    """Take a proposed version back, before it is in force."""
    if not version.is_proposed:
        return Refusal("Seule une version proposée se retire ; celle-ci ne l’est pas.")
    return may_manage_committee(asker, version.convention)
