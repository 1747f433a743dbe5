"""Write a shared stake, as a draft of its first version."""

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions.events import find_identical_version, save_draft
from committee.stakes.models import Stake
from conventions.legal.convention import lock_convention
from conventions.models import Convention, Standing
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import enforce


@event(Subject.COMMITTEE)
def add_stake(
    convention: Convention, content: dict, *, by: User, note: str = "", once: bool = False
) -> Version:
    """Write the draft of a new stake; who writes and who coordinates see it until it is proposed.

    ``content``: title, text, themes. ``once``: what the same person has already written word for
    word is not written again. Raises Refused when ``by`` may not.
    """
    commitment = commitment_of(Stake())
    enforce(commitment.may_draft(by, convention))
    content = commitment.plain(content)
    # Two forms sent at once wait for one another.
    lock_convention(convention.pk)
    twin = find_identical_version(Stake.objects.of(convention), content, by) if once else None
    if twin:
        return twin
    row = Stake.objects.create(
        convention=convention, standing=Standing.DRAFT, title=content["title"]
    )
    return save_draft(row, content, by=by, note=note)
