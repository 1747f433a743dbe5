"""The committee's own objectives, under a signed orientation (art. 4)."""

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from agreements.commitments import canonical
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions.events import find_identical_version, save_draft
from agreements.versions.rows import lock_row
from conventions.models import Objective, Origin, Standing
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce

# Far beyond the places that a convention file gives: a new objective reads after the signed ones.
FIRST_RANK = 5_000
NOT_UNDER = Refusal("Ce que le comité ajoute précise une orientation de la convention signée.")
CLOSED = Refusal("Un avenant a mis fin à cette orientation : rien ne s’y ajoute plus.")


@event(Subject.COMMITTEE)
def add_objective(orientation: Objective, content: dict, *, by: User, note: str = "",
                  once: bool = False) -> Version:  # fmt: skip
    """Write the draft of a new objective, last under a signed orientation in force; only drafters
    see it. ``content``: title, due_on, measure, is_priority. ``once``: what the same person has
    already written there word for word is not written again, but returned. Raises Refused when
    ``by`` may not, or for another orientation."""
    commitment = commitment_of(orientation)
    convention = commitment.convention_of(orientation)
    enforce(commitment.may_draft(by, convention))
    if orientation.level != 1 or orientation.origin != Origin.SIGNATURE:
        raise Refused(NOT_UNDER)
    in_force = Objective.objects.in_force(convention.reading_day(timezone.localdate()))
    if not in_force.filter(pk=orientation.pk).exists():
        raise Refused(CLOSED)
    siblings = lock_row(orientation).sub_objectives.all()
    twin = find_identical_version(siblings, content, by) if once else None
    if twin:
        return twin
    highest = orientation.sub_objectives.aggregate(highest=Max("rank"))["highest"] or 0
    content = canonical.plain(content)
    row = Objective(
        theme=orientation.theme,
        parent=orientation,
        since=orientation.since,
        rank=max(highest, FIRST_RANK) + 1,
        origin=Origin.COMMITTEE,
        standing=Standing.DRAFT,
        title=content["title"],
    )
    row.save()
    return save_draft(row, content, by=by, note=note)
