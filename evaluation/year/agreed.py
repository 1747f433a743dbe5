"""What the parties had agreed to when a year, or the term, ended."""

import datetime
from dataclasses import dataclass

from agreements.models import Version
from conventions.models import Convention, Objective
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


@dataclass(frozen=True)
class Agreed:
    """The committee's own objectives, with their versions, and the versions of its stakes."""

    objectives: list[tuple[Objective, Version]]
    stakes: list[Version]


@cached(Subject.COMMITTEE, Subject.TEXT)
def agreed_by(convention: Convention, end: datetime.date) -> Agreed:
    """Return the committee's own objectives and stakes that were in force on the day ``end``,
    whatever has been agreed to or taken back since. Two queries."""
    own = Version.objects.of(convention).from_committee().filter(kind__in=["objective", "stake"])
    versions = list(own.filter(ends=False).in_force_on(end))
    objectives = [version for version in versions if version.kind == "objective"]
    rows = Objective.objects.of(convention).select_related("parent")
    by_pk = rows.in_bulk([version.object_id for version in objectives])
    return Agreed(
        [(by_pk[version.object_id], version) for version in objectives],
        [version for version in versions if version.kind == "stake"],
    )
