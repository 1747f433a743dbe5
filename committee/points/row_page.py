"""The versions on a row's own page: the one in force, the one discussed, drafts."""

from dataclasses import replace
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import Point, points_of, required_of
from agreements.commitments.commitment import Line, commitment_of
from agreements.models import Version
from agreements.versions.endings import may_end
from conventions.access.rights import coordinates
from conventions.legal.reading import mark_closed
from conventions.models import Convention, Objective, Standing, Theme
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


@cached(*Subject)
def _points(convention: Convention, pks: tuple[int, ...]) -> list[Point]:
    """Return versions as points, with where each party stands."""
    versions = Version.objects.filter(pk__in=pks).defer("text", "search_text")
    return points_of(versions, required_of(convention))


class RowPage:
    """What ``user`` reads of the versions of ``row``, whose model has a commitment, and of the
    objectives and themes that it serves.

    ``shown_elsewhere`` names the fields that the page shows in other places than its plain reading.
    """

    shown_elsewhere: frozenset[str] = frozenset()

    def __init__(self, row, user: User):
        self.row, self.user = row, user
        self.commitment = commitment_of(row)
        self.convention = self.commitment.convention_of(row)

    @cached_property
    def may_draft(self) -> bool:
        return self.commitment.may_draft(self.user, self.convention, self.row) is None

    @cached_property
    def versions(self) -> list[Version]:
        """The versions that the person may read, the latest first; drafts at the top."""
        drafts = coordinates(self.user, self.convention)
        readable = Version.objects.about(self.row).readable_by(self.user, drafts=drafts)
        versions = list(readable.select_related("convention").with_restored())
        return sorted(versions, key=lambda v: (v.is_draft, v.number or 0, v.pk), reverse=True)

    @property
    def agreed(self) -> Version | None:
        return next((version for version in self.versions if version.is_in_force), None)

    @property
    def discussed(self) -> Version | None:
        return next((version for version in self.versions if version.is_proposed), None)

    @property
    def drafts(self) -> list[Version]:
        return [version for version in self.versions if version.is_draft]

    @property
    def current(self) -> Version | None:
        """The version that the page shows: in force, else discussed, else the latest."""
        numbered = [version for version in self.versions if version.number]
        return self.agreed or self.discussed or next(iter(numbered or self.drafts), None)

    @cached_property
    def content(self) -> dict:
        """The content of the row by field name, with today's names of people. The exact text of a
        version is on the page of its point."""
        return self.commitment.content(self.row)

    @cached_property
    def objectives(self) -> list[Objective]:
        """The objectives that the row serves and that everybody may read; those that an amendment
        has closed come with their successors."""
        shown = [o for o in self.row.objectives.all() if o.is_agreed or o.is_proposed]
        mark_closed(shown, self.convention, self.convention.reading_day(timezone.localdate()))
        return shown

    @property
    def other_themes(self) -> list[Theme]:
        return list(self.row.other_themes.all())

    @cached_property
    def points(self) -> dict[int, Point]:
        """The version in force and the one discussed, as points, by primary key."""
        versions = {version.pk: version for version in (self.agreed, self.discussed) if version}
        points = _points(self.convention, tuple(versions))
        return {one.version.pk: replace(one, version=versions[one.version.pk]) for one in points}

    @property
    def agreed_point(self) -> Point | None:
        return self.points.get(self.agreed.pk) if self.agreed else None

    @property
    def discussed_point(self) -> Point | None:
        return self.points.get(self.discussed.pk) if self.discussed else None

    @property
    def lines(self) -> list[Line]:
        """The content as the parties read it, without empty fields."""
        plain = {
            name: value for name, value in self.content.items() if name not in self.shown_elsewhere
        }
        return [line for line in self.commitment.lines(plain) if line.is_informative]

    @property
    def is_withdrawn(self) -> bool:
        return self.row.standing == Standing.WITHDRAWN

    @cached_property
    def may_end(self) -> bool:
        """Whether the person may propose to withdraw the row, which is not proposed already."""
        is_ending = self.discussed is not None and self.discussed.ends
        return not is_ending and may_end(self.user, self.convention, self.row) is None
