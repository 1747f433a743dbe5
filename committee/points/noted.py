"""The answers that a person has noted, and whether each may still be given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agreements.answers.events import Reply, refuse_reply
from agreements.answers.lights import Point, points_without_earlier
from agreements.models import Version
from agreements.seats.voices import Bench
from committee.answers.models import NotedAnswer
from committee.pages import CommitteeReader
from conventions.models import Organisation
from ctg_portal.rules import Refusal


@dataclass(frozen=True)
class Noted:
    """A noted answer with its point as it stands. ``refusal`` says why it cannot be given."""

    note: NotedAnswer
    point: Point
    refusal: Refusal | None = None

    @property
    def version(self) -> Version:
        return self.point.version


def reply_of(note: NotedAnswer) -> Reply:
    """Return the reply that a note will give."""
    return Reply(
        note.version, note.answer, last_rank=note.last_rank, reason=note.reason, body=note.body,
        body_date=note.body_date, act=note.act,
    )  # fmt: skip


def notes_with_points(
    notes: Iterable[NotedAnswer], points: Mapping[int, Point], bench: Bench
) -> list[Noted]:
    """Return the notes on points that were read, each with its point and why it can no longer be
    given: the version is no longer proposed, the party has answered otherwise, or the person no
    longer speaks for it."""
    return [
        _noted(note, points[note.version_id], bench) for note in notes if note.version_id in points
    ]


def _noted(note: NotedAnswer, point: Point, bench: Bench) -> Noted:
    """Return a note with its point, and with why it can no longer be given, if so."""
    note.version = point.version
    voice = bench.voice(note.user, note.organisation, point.version.kind)
    return Noted(note, point, refuse_reply(reply_of(note), point, voice))


def noted_by(here: CommitteeReader, required: list[Organisation]) -> list[Noted]:
    """Return all that the person of ``here`` has noted, in whatever name, in two queries; one where
    there is nothing. The versions come without their texts and rows."""
    rows = NotedAnswer.objects.of(here.convention).filter(user=here.user)
    notes = list(
        rows.select_related("act", "dossier", "organisation", "version").defer(
            "version__text", "version__search_text"
        )
    )
    if not notes:
        return []
    for note in notes:
        note.user, note.version.convention = here.user, here.convention
    versions = {note.version_id: note.version for note in notes}
    points = {
        point.version.pk: point for point in points_without_earlier(versions.values(), required)
    }
    return notes_with_points(notes, points, here.bench)
