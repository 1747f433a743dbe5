"""What the cards of points are drawn from, whoever reads them: their texts and rows, and other
versions of the same rows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agreements.answers.lights import Point, add_earlier_agreements
from agreements.models import Agreement, Version
from committee.comments.models import Comment
from committee.points.earlier import requested_earlier
from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


@dataclass(frozen=True)
class PointContext:
    """What the cards of several points are drawn from.

    ``points``: the points by version, whole, with what was agreed to earlier, without answers to
    the version itself. ``siblings``: the versions of the same rows, themselves included, that are
    proposed or in force or were agreed to earlier. ``requested``: the changes that parties had
    asked for, by version and party. ``comments``: the number of comments, by version.
    """

    points: dict[int, Point]
    siblings: list[Version]
    requested: dict[tuple[int, int], Agreement]
    comments: dict[int, int]

    def whole(self, points: Iterable[Point]) -> list[Point]:
        """Return copies of points of this context with their texts, rows and earlier agreements.
        Raises KeyError for a point that is not among its own."""
        return [
            replace(
                point, version=whole.version, earlier=whole.earlier, earlier_read=whole.earlier_read
            )
            for point in points
            for whole in [self.points[point.version.pk]]
        ]


@cached(*Subject)
def context_of_versions(convention: Convention, pks: tuple[int, ...]) -> PointContext:
    """Return what versions are drawn from. The keys of drafts are given for who may read them."""
    versions = with_comment_counts(Version.objects.defer("search_text").with_subjects())
    points = []
    for version in versions.in_bulk(pks).values():
        version.convention = convention
        points.append(Point(version, []))
    add_earlier_agreements(points)
    return context_of_points(points)


def with_comment_counts(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Return versions annotated with their number of comments (``comment_count``)."""
    comments = Comment.objects.filter(version=OuterRef("pk")).order_by().values("version")
    counts = comments.annotate(count=Count("pk")).values("count")
    return versions.annotate(comment_count=Coalesce(Subquery(counts), 0))


def context_of_points(points: list[Point]) -> PointContext:
    """Return what these points are drawn from. They know what was agreed to earlier, and their
    versions know how many comments they have."""
    versions = [point.version for point in points]
    earlier = {pk for point in points for pk in point.earlier_read.values()}
    return PointContext(
        {point.version.pk: point for point in points},
        [*versions, *sibling_versions(versions, earlier)],
        requested_earlier(points),
        {version.pk: vars(version)["comment_count"] for version in versions},
    )


def sibling_versions(versions: list[Version], asked: Iterable[int]) -> QuerySet[Version]:
    """Return the other versions of the same rows that are proposed or in force, and those with the
    primary keys ``asked``."""
    known = [version.pk for version in versions]
    others = Version.objects.with_same_subject(versions).exclude(pk__in=known)
    return (others.live() | others.filter(pk__in=asked)).order_by()
