"""Commitments that the committee defines, and who may prepare them (art. 4 and 7)."""

from django.db.models import Model

from accounts.models import User
from agreements.commitments.commitment import Commitment
from agreements.seats.voices import is_adviser
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.legal.convention import lock_convention
from conventions.models import Convention
from ctg_portal.rules import Refusal

NOT_SIGNED = Refusal(
    "La convention n’est pas signée : le comité ne la complète qu’après la signature."
)


class CommitteeCommitment(Commitment):
    """A commitment that the committee defines (art. 4 and 7); its row has a convention and a theme.
    It can be drafted before the signature, and is proposed after it."""

    is_decided = is_drafted_before_signature = True
    axis_path = "theme__axis"

    def convention_of(self, row):
        return row.convention

    def axis_of(self, row):
        return row.theme.axis

    def may_draft(self, user: User | None, convention: Convention, row: Model | None = None):
        return may_write_draft(user, convention)

    def lock_compared_rows(self, convention):
        """Lock the convention, so that of two people who propose or add at once the second waits
        for the first, and is compared with it."""
        lock_convention(convention.pk)


def may_prepare(user: User | None, convention: Convention) -> Refusal | None:
    """Return why ``user`` may not prepare a version of what is added to the signed text, or None:
    as ``may_write_draft``, once the convention is signed."""
    return may_write_draft(user, convention) if convention.is_signed else NOT_SIGNED


def may_write_draft(user: User | None, convention: Convention) -> Refusal | None:
    """Return why ``user`` may not write a draft, or None: the coordination and advisers may.
    ``user=None`` is the system."""
    if user is None or coordinates(user, convention) or is_adviser(user, convention):
        return None
    return COORDINATION_ONLY
