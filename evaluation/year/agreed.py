"""What the parties had agreed to when a year, or the term, ended."""

import datetime
from dataclasses import dataclass, field

from agreements.models import Version
from committee.reclassifications.reading import natures_on
from conventions.models import Convention, Objective
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


@dataclass(frozen=True)
class Agreed:
    """The committee's own objectives, with their versions, and the versions of its stakes;
    ``natures``: what had been agreed on passages of the signed text (``natures_on``)."""

    objectives: list[tuple[Objective, Version]] = field(default_factory=list)
    stakes: list[Version] = field(default_factory=list)
    natures: dict[int, bool] = field(default_factory=dict)

    def is_objective(self, passage: Objective) -> bool:
        """Return whether a passage of the signed text was an objective, and not only a text."""
        return self.natures.get(passage.pk, passage.came_as_objective)


@cached(Subject.COMMITTEE, Subject.TEXT)
def agreed_by(convention: Convention, end: datetime.date) -> Agreed:
    """Return the committee's own objectives and stakes that were in force on the day ``end``,
    whatever has been agreed to or taken back since. Three queries."""
    own = Version.objects.of(convention).from_committee().filter(kind__in=["objective", "stake"])
    versions = list(own.filter(ends=False).in_force_on(end))
    objectives = [version for version in versions if version.kind == "objective"]
    rows = Objective.objects.of(convention).select_related("parent")
    by_pk = rows.in_bulk([version.object_id for version in objectives])
    return Agreed(
        [(by_pk[version.object_id], version) for version in objectives],
        [version for version in versions if version.kind == "stake"],
        natures_on(convention, end),
    )
