"""What a party had said of an earlier version, of a point that comes back in a later one: it reads
what has changed since it agreed (« à revalider »), or since it asked for something else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from agreements.answers.lights import Point
from agreements.models import Agreement, Answer, Version
from conventions.models import Organisation


def asked_again(points: Iterable[Point]) -> dict[tuple[int, int], int]:
    """By version and party (their primary keys): the last earlier version that the party agreed to,
    by its key, where it is asked again; not what a delay agreed to, which nobody there has read."""
    return {
        (point.version.pk, party.pk): point.earlier_read[party.pk]
        for point in points
        for party in point.required
        if point.version.is_proposed
        and party.pk in point.earlier_read
        and not point.is_agreed_by(party)
    }


def agreed_earlier(points: Iterable[Point]) -> dict[tuple[int, int], Version]:
    """Return the same versions, read whole: one query, or none where nothing comes back."""
    asked = asked_again(points)
    versions = Version.objects.in_bulk(set(asked.values()))
    return {key: versions[pk] for key, pk in asked.items()}


def agreed_earlier_by(party: Organisation | None, point: Point) -> Version | None:
    """The same for one party, which may be none, and one point."""
    return agreed_earlier([point]).get((point.version.pk, party.pk)) if party else None


def requested_earlier(points: Iterable[Point]) -> dict[tuple[int, int], Agreement]:
    """By version and party (their primary keys): what the party asked to change in an earlier
    version, where it has agreed to none since. One query, or none where nothing comes back."""
    points = [point for point in points if (point.version.number or 0) > 1]
    if not points:
        return {}
    beside = Version.objects.with_same_subject([point.version for point in points]).numbered()
    said = Agreement.objects.current().binding().filter(answer=Answer.CHANGE_REQUESTED)
    rows = said.filter(version__in=beside.order_by()).select_related("version", "organisation")
    by_row = defaultdict(list)
    for entry in rows.order_by("version__number", "created_at", "pk"):
        by_row[entry.version.content_type_id, entry.version.object_id].append(entry)
    return {
        (point.version.pk, entry.organisation_id): entry
        for point in points
        for entry in by_row[point.version.content_type_id, point.version.object_id]
        if point.earlier.get(entry.organisation_id, 0) < entry.version.number < point.version.number
    }


def request_answered(
    party: Organisation | None, point: Point, requested: Mapping[tuple[int, int], Agreement]
) -> Agreement | None:
    """What a party, which may be none, had asked to change, and this version answers: it is asked
    about it again."""
    if party is None or not point.version.is_proposed or point.is_agreed_by(party):
        return None
    return requested.get((point.version.pk, party.pk))
