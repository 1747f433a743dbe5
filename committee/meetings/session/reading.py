"""The session of a meeting as its page shows it: the item, its points, what each party says."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils import timezone

from agreements.answers.lights import AGAIN, AWAITED, Light, Point, points_of, required_of
from agreements.models import Agreement, Version
from agreements.seats.voices import bench_of
from committee.meetings.convening import PartyReplies, Replies
from committee.meetings.models import AgendaItem, Attendee, Meeting
from committee.meetings.reading import PlannedItem, planned_items
from committee.meetings.session.events import pending_entries
from committee.meetings.session.rights import refuse_speaker
from committee.points.gist import gist_of
from committee.points.reading import content_changes
from committee.words import heading_of
from conventions.models import Organisation
from ctg_portal.text.differences import Changes


@dataclass(frozen=True)
class SessionPoint:
    """A point to validate in a session, under its ``number`` on the whole agenda. ``before``: the
    version of it that is in force, or None."""

    number: int
    point: Point
    before: Version | None = None

    @property
    def version(self) -> Version:
        return self.point.version

    @property
    def heading(self) -> str:
        return heading_of(self.version)

    @property
    def gist(self) -> str:
        return gist_of(self.version, self.before)

    @property
    def changes(self) -> Changes:
        return content_changes(self.version, self.before)

    @property
    def lights(self) -> list[Light]:
        return [_light_in_session(light) for light in self.point.lights]


def _light_in_session(light: Light) -> Light:
    """Return a light in few words. What is recorded counts for nothing before it is confirmed, so
    that its sign stays ○, or that of the party's own answer."""
    awaited = "à revalider" if light.state == AGAIN else "attendu"
    word = light.entry.get_answer_display().lower() if light.entry else awaited
    if light.recorded:
        what = "demande recueillie" if light.recorded.is_request else "recueilli"
        pending = f"{what}, à confirmer"
        word = f"{word} ; {pending}" if light.state != AWAITED else pending
    return replace(light, word=word)


@dataclass(frozen=True)
class PartyInSession:
    """A party in a session: who of it is there, how many answers it has to confirm."""

    replies: PartyReplies
    pending: int

    @property
    def organisation(self) -> Organisation:
        organisation = self.replies.organisation
        if organisation is None:
            raise ValueError("This is the group of those who speak for nobody.")
        return organisation


class SessionReading:
    """What everybody reads of a session: the agenda, one ``item`` of it, who is there."""

    def __init__(self, meeting: Meeting, item: int | None):
        """Read the agenda, and of it the item with the key ``item``; by default the first that is
        still open, else the last."""
        self.meeting = meeting
        self.planned = planned_items(meeting)
        self.required = required_of(meeting.convention)
        asked = next((row for row in self.planned if row.item.pk == item), None)
        open_row = next((row for row in self.planned if row.item.is_open), None)
        self.row: PlannedItem | None = asked or open_row or next(reversed(self.planned), None)

    @property
    def item(self) -> AgendaItem | None:
        return self.row.item if self.row else None

    @property
    def next_item(self) -> AgendaItem | None:
        """The item after this one; None at the end."""
        later = self.planned[self.row.number :] if self.row else []
        return later[0].item if later else None

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each point on the whole agenda, by the key of its version."""
        keys = dict.fromkeys(version.pk for row in self.planned for version in row.versions)
        return {key: number for number, key in enumerate(keys, start=1)}

    @cached_property
    def points(self) -> list[SessionPoint]:
        """The points of the item, with where each party stands."""
        return self.points_among(self.row.versions) if self.row else []

    @property
    def all_points(self) -> list[SessionPoint]:
        """The points of the whole agenda."""
        return self.points_among(
            {version.pk: version for row in self.planned for version in row.versions}.values()
        )

    def points_among(self, versions: Collection[Version]) -> list[SessionPoint]:
        """Return the points of some versions of the agenda, in three queries."""
        if not versions:
            return []
        keys = [version.pk for version in versions]
        whole = Version.objects.in_bulk(keys)
        for version in versions:
            # Its row is read already, for the whole agenda at once.
            whole[version.pk].subject = version.subject
            whole[version.pk].convention = self.meeting.convention
        in_force = Version.objects.with_same_subject(versions).in_force().exclude(pk__in=keys)
        before = {(row.content_type_id, row.object_id): row for row in in_force}
        return [
            SessionPoint(
                self.numbers[point.version.pk],
                point,
                before.get((point.version.content_type_id, point.version.object_id)),
            )
            for point in points_of([whole[key] for key in keys], self.required)
        ]

    @cached_property
    def replies(self) -> Replies:
        return Replies(self.meeting, self.required)

    @property
    def present(self) -> list[tuple[PartyReplies, list[Attendee]]]:
        """The people who are there, by organisation; without those of whom nobody is."""
        groups = [
            (group, [row for row in group.attendees if row.is_present])
            for group in self.replies.groups
        ]
        return [(group, people) for group, people in groups if people]

    @property
    def present_count(self) -> int:
        return sum(row.is_present is True for row in self.replies.attendees)

    @cached_property
    def parties(self) -> list[PartyInSession]:
        """The parties whose agreement is required; none for a body that gives an avis."""
        if not self.meeting.body.is_steering:
            return []
        pending = Counter(entry.organisation_id for entry in entries_to_confirm(self.meeting))
        return [
            PartyInSession(group, pending[group.organisation.pk])
            for group in self.replies.parties
            if group.organisation
        ]


def entries_to_confirm(
    meeting: Meeting, organisation: Organisation | None = None
) -> list[Agreement]:
    """Return what was recorded in a meeting, for a party (None: for each), and may be confirmed
    now: the last answer recorded of each point that is still proposed."""
    rows = pending_entries(meeting, organisation)
    versions = {row.version_id: row.version for row in rows if row.version.is_proposed}
    if not versions:
        return []
    points = points_of(versions.values(), required_of(meeting.convention))
    last = {entry.pk for point in points for entry in point.recorded.values()}
    return [row for row in rows if row.pk in last]


def points_to_record(reading: SessionReading, organisation: Organisation) -> list[SessionPoint]:
    """Return the points of an agenda on which an agreement of a party may be recorded: proposed,
    and neither agreed to by the party nor recorded already."""
    return [
        row
        for row in reading.all_points
        if row.version.is_proposed
        and organisation in row.point.required + row.point.others
        and not row.point.is_agreed_by(organisation)
        and not _is_recorded(row.point, organisation)
    ]


def _is_recorded(point: Point, organisation: Organisation) -> bool:
    entry = point.recorded.get(organisation.pk)
    return entry is not None and not entry.is_request


def speakers_of(meeting: Meeting, organisation: Organisation) -> list[Attendee]:
    """Return who is present and may speak for a party."""
    bench = bench_of(meeting.convention, timezone.localdate())
    rows = meeting.attendees.filter(organisation=organisation).select_related("organisation")
    return [row for row in rows if refuse_speaker(row, bench) is None]


def format_numbers(numbers: list[int]) -> str:
    """Return numbers in their order, three or more in a row as a range: « 1 à 6, 8 et 9 »."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = []
    for run in runs:
        if len(run) > 2:
            words.append(f"{run[0]} à {run[-1]}")
        else:
            words += map(str, run)
    return " et ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
