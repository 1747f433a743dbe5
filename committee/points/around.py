"""What points are read with, whoever reads them: their texts and rows, and the versions beside."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from agreements.answers.lights import Point, add_earlier_agreements
from agreements.models import Agreement, Version
from committee.models import Comment
from committee.points.earlier import requested_earlier
from conventions.models import Convention
from ctg_portal.marks.keeping import kept
from ctg_portal.marks.models import Subject


@dataclass(frozen=True)
class Around:
    """``read``: the points by version, whole, with what was agreed to earlier, without what was
    said of them; ``beside``: the versions of the same rows, themselves included, that are proposed
    or in force or were agreed to earlier; ``requested``: what parties had asked to change, by
    version and party; ``comments``: how many each has, by version."""

    read: dict[int, Point]
    beside: list[Version]
    requested: dict[tuple[int, int], Agreement]
    comments: dict[int, int]

    def whole(self, points: Iterable[Point]) -> list[Point]:
        """Return points with all that was read of them."""
        return [
            replace(one, version=read.version, earlier=read.earlier, earlier_read=read.earlier_read)
            for one in points
            for read in [self.read[one.version.pk]]
        ]


@kept(*Subject)
def around_of(convention: Convention, pks: tuple[int, ...]) -> Around:
    """Return what versions are read with; the keys of drafts are given for who may read them."""
    versions = Version.objects.defer("search_text").with_subjects().in_bulk(pks)
    for version in versions.values():
        version.convention = convention
    points = [Point(version, []) for version in versions.values()]
    add_earlier_agreements(points)
    return around(points)


def around(points: list[Point]) -> Around:
    """Return what points are read with that know what was agreed to earlier."""
    versions = [point.version for point in points]
    earlier = {pk for point in points for pk in point.earlier_read.values()}
    return Around(
        {point.version.pk: point for point in points},
        [*versions, *beside(versions, earlier)],
        requested_earlier(points),
        comments_on(versions),
    )


def beside(versions: list[Version], asked: Iterable[int]) -> QuerySet[Version]:
    """The other versions of the same rows that are proposed or in force, and those that are
    ``asked`` for by their keys."""
    known = [version.pk for version in versions]
    others = Version.objects.with_same_subject(versions).exclude(pk__in=known)
    return (others.live() | others.filter(pk__in=asked)).order_by()


def comments_on(versions: list[Version]) -> dict[int, int]:
    """Return how many comments versions have, by their keys."""
    counts = Comment.objects.filter(version__in=versions).order_by().values_list("version")
    return dict(counts.annotate(Count("pk")))
