"""What a person has noted, and whether it may still be said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agreements.answers.events import Reply, refusal_of
from agreements.answers.lights import Point, points_of
from agreements.models import Version
from agreements.seats.voices import Bench
from committee.models import NotedAnswer
from conventions.models import Organisation
from ctg_portal.rules import Refusal


@dataclass(frozen=True)
class Noted:
    """A noted answer with its point as it stands; ``refusal``: why it can no longer be given."""

    note: NotedAnswer
    point: Point
    refusal: Refusal | None = None

    @property
    def version(self) -> Version:
        return self.point.version


def reply_of(note: NotedAnswer) -> Reply:
    return Reply(
        note.version, note.answer, last_rank=note.last_rank, reason=note.reason, body=note.body,
        body_date=note.body_date, act=note.act,
    )  # fmt: skip


def with_points(
    notes: Iterable[NotedAnswer], points: Mapping[int, Point], bench: Bench
) -> list[Noted]:
    """The notes of points that were read, each with why it has fallen: the version is no longer
    proposed, the party has answered otherwise, or the person no longer speaks for it."""
    return [
        _noted(note, points[note.version_id], bench) for note in notes if note.version_id in points
    ]


def _noted(note: NotedAnswer, point: Point, bench: Bench) -> Noted:
    note.version = point.version
    voice = bench.voice(note.user, note.organisation, point.version.kind)
    return Noted(note, point, refusal_of(reply_of(note), point, voice))


def noted_by(here, organisation: Organisation | None, required: list[Organisation]) -> list[Noted]:
    """All that the person who is ``here`` has noted in the name of an organisation, in a few
    queries; one where there is nothing."""
    if organisation is None:
        return []
    rows = NotedAnswer.objects.of(here.convention).by(here.user, organisation)
    return _read(here, rows, required)


def noted_in_lost_names(here, required: list[Organisation]) -> list[Noted]:
    """The same of organisations in whose name the person answers no more: a mandate has ended, or a
    party is no longer asked."""
    own = [voice.organisation for voice in here.voices if voice.organisation in required]
    rows = NotedAnswer.objects.of(here.convention).filter(user=here.user)
    rows = rows.exclude(organisation__in=own)
    return _read(here, rows, required)


def _read(here, rows, required: list[Organisation]) -> list[Noted]:
    notes = list(rows.select_related("act", "dossier", "organisation"))
    if not notes:
        return []
    versions = Version.objects.filter(pk__in=[note.version_id for note in notes]).with_subjects()
    points = {point.version.pk: point for point in points_of(versions, required)}
    for note in notes:
        points[note.version_id].version.convention = here.convention
        note.user = here.user
    return with_points(notes, points, here.bench)
