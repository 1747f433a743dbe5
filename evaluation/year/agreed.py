"""What the parties had agreed to when a year, or the term, ended."""

import datetime
from dataclasses import dataclass, field, replace

from django.utils import timezone

from agreements.models import Version
from conventions.legal.reading import objectives_by_key
from conventions.models import Convention, Objective
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from evaluation.period import Period
from evaluation.verdicts.yearly import is_objective_in, natures_in


@dataclass(frozen=True)
class Agreed:
    """The committee's own objectives, with their versions, and the versions of its stakes;
    ``natures``: what was agreed on passages of the signed text (``natures_in``)."""

    objectives: list[tuple[Objective, Version]] = field(default_factory=list)
    stakes: list[Version] = field(default_factory=list)
    natures: dict[int, bool] = field(default_factory=dict)

    def is_objective(self, passage: Objective) -> bool:
        """Return whether a passage of the signed text is an objective, and not only a text."""
        return is_objective_in(passage, self.natures)


def agreed_in(convention: Convention, period: Period) -> Agreed:
    """Return what was agreed to by the last day of a year, or of the term, or by today while it
    goes on, and what passages of the signed text are in its evaluation. Four queries."""
    agreed = agreed_by(convention, period.end(convention, timezone.localdate()))
    return replace(agreed, natures=natures_in(convention, period.year))


def agreed_by(convention: Convention, end: datetime.date) -> Agreed:
    """Return the committee's own objectives and stakes that were in force on the day ``end``,
    whatever has been agreed to or taken back since. Two queries."""
    versions = _versions_by(convention, end)
    objectives = [version for version in versions if version.kind == "objective"]
    by_pk = objectives_by_key(convention, tuple(version.object_id for version in objectives))
    return Agreed(
        [(by_pk[version.object_id], version) for version in objectives],
        [version for version in versions if version.kind == "stake"],
    )


@cached(Subject.COMMITTEE)
def _versions_by(convention: Convention, end: datetime.date) -> list[Version]:
    """Return the versions of objectives and stakes that were in force on the day ``end``."""
    own = Version.objects.of(convention).from_committee().filter(kind__in=["objective", "stake"])
    return list(own.filter(ends=False).in_force_on(end))
