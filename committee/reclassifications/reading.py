"""What the parties had agreed that passages of the signed text are: today, or on a past day."""

import datetime

from django.db.models import QuerySet

from agreements.models import Version
from committee.reclassifications.models import Nature
from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


@cached(Subject.COMMITTEE)
def natures_on(convention: Convention, day: datetime.date) -> dict[int, bool]:
    """Map each passage on which the parties had agreed by the end of ``day``, by primary key, to
    whether they agreed that it is an objective: what was agreed to last holds. One query."""
    versions = Version.objects.of(convention).filter(kind="reclassification", ends=False)
    return _natures(versions.in_force_on(day).order_by("in_force_since", "pk"))


@cached(Subject.COMMITTEE)
def points_about(convention: Convention) -> dict[int, tuple[int, bool]]:
    """Map each passage that a reclassification discussed or in force names, by primary key, to the
    key of its version, and whether that is still discussed: what came last is told."""
    versions = Version.objects.of(convention).filter(kind="reclassification", ends=False)
    return {
        link["id"]: (version.pk, version.is_proposed)
        for version in versions.live().order_by("proposed_at", "pk")
        for link in version.content["objectives"]
    }


def natures_agreed(convention: Convention) -> dict[int, bool]:
    """Map passages as ``natures_on`` does, by what is in force now. One query."""
    versions = Version.objects.of(convention).filter(kind="reclassification", ends=False)
    return _natures(versions.in_force().order_by("in_force_at", "pk"))


def _natures(versions: QuerySet[Version]) -> dict[int, bool]:
    return {
        link["id"]: version.content["becomes"] == Nature.OBJECTIVE
        for version in versions
        for link in version.content["objectives"]
    }
