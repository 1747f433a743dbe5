"""Write a reclassification, as a draft of its first version."""

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions.events import find_identical_version, save_draft
from committee.reclassifications.models import Reclassification
from conventions.legal.convention import lock_convention
from conventions.models import Convention, Standing
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import enforce


@event(Subject.COMMITTEE)
def add_reclassification(
    convention: Convention, content: dict, *, by: User | None, note: str = "", once: bool = False
) -> Version:
    """Write the draft of a correction of what signed passages are; only drafters see it.

    ``content``: objectives, becomes. ``once``: what the same person has already written word for
    word is not written again. Raises Refused when ``by`` may not.
    """
    commitment = commitment_of(Reclassification())
    enforce(commitment.may_draft(by, convention))
    content = commitment.plain(content)
    # Two forms sent at once wait for one another.
    lock_convention(convention.pk)
    rows = Reclassification.objects.of(convention)
    twin = find_identical_version(rows, content, by) if once else None
    if twin:
        return twin
    row = Reclassification.objects.create(
        convention=convention, becomes=content["becomes"], standing=Standing.DRAFT
    )
    return save_draft(row, content, by=by, note=note)
