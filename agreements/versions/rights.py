"""Who may propose a version, and take it back."""

import datetime

from accounts.models import User
from agreements.seats.rights import may_manage_committee
from agreements.versions.models import Version
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

NOT_SIGNED = Refusal(
    "La convention n’est pas signée : ce brouillon ne se propose qu’après la signature."
)


def may_propose(asker: User, version: Version) -> Refusal | None:
    """Return why ``asker`` may not propose a draft, or None: the coordination may; what is
    drafted before the signature only after it."""
    if not version.is_draft:
        return Refusal("Cette version n’est plus un brouillon : elle a déjà été proposée.")
    if version.commitment.is_drafted_before_signature and not version.convention.is_signed:
        return NOT_SIGNED
    return may_manage_committee(asker, version.convention)


class AfterTerm(Refusal):
    """The convention has ended, or will have: the proposal must state its reason."""


def refuse_after_term(version: Version, today: datetime.date) -> AfterTerm | None:
    """Return that a draft would be a commitment after the term of the convention, or None.

    Such a proposal states its reason (``Version.after_term``) and is marked so. A draft that binds
    nobody to do something (``Commitment.binds``) is none.
    """
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
    """Return why ``asker`` may not withdraw a proposed version, or None: the coordination may."""
    if not version.is_proposed:
        return Refusal("Seule une version proposée se retire ; celle-ci ne l’est pas.")
    return may_manage_committee(asker, version.convention)
