"""Giving up something that is in force: a version that ends it, which all parties agree to."""

from typing import Any

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.versions.events import save_draft
from agreements.versions.models import Version
from agreements.versions.rows import lock_row
from conventions.legal.standing import StandingRow
from conventions.models import Convention
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, enforce

NOT_IN_FORCE = Refusal(
    "Seul ce qui est en vigueur se retire d’un commun accord ; ceci ne l’est pas, ou plus."
)


def may_end(asker: User, convention: Convention, row: StandingRow) -> Refusal | None:
    """Return why ``asker`` may not propose to give up a row in force, or None: who may draft a
    version of it may."""
    refusal = commitment_of(row).may_draft(asker, convention, row)
    return refusal or (None if row.is_agreed else NOT_IN_FORCE)


@event(Subject.COMMITTEE)
def draft_ending(row: StandingRow, *, by: User, note: str, revision: int | None = None) -> Version:
    """Save the draft by ``by`` that ends ``row`` with the content it has now: once it is agreed,
    the row is withdrawn.

    ``revision``: as of ``save_draft``. Raises Refused.
    """
    current: Any = lock_row(row)
    commitment = commitment_of(current)
    enforce(may_end(by, commitment.convention_of(current), current))
    content = commitment.content(current)
    return save_draft(current, content, by=by, note=note, ends=True, revision=revision)
