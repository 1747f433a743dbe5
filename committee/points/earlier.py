"""What a party had answered to earlier versions of a point: it reads what has changed since it
agreed (« à revalider »), or since it asked for a change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from agreements.answers.lights import Point
from agreements.models import Agreement, Answer, Version
from conventions.models import Organisation


def asked_again(points: Iterable[Point]) -> dict[tuple[int, int], int]:
    """Return, by version and party (primary keys), the key of the last earlier version that the
    party agreed to, where it is asked again. An agreement by delay is left out: nobody there has
    read it."""
    return {
        (point.version.pk, party.pk): point.earlier_read[party.pk]
        for point in points
        for party in point.required
        if point.version.is_proposed
        and party.pk in point.earlier_read
        and not point.is_agreed_by(party)
    }


def agreed_earlier(points: Iterable[Point]) -> dict[tuple[int, int], Version]:
    """Return, by version and party (primary keys), the last earlier version that the party agreed
    to, where it is asked again; in one query, or none."""
    asked = asked_again(points)
    versions = Version.objects.in_bulk(set(asked.values()))
    return {key: versions[pk] for key, pk in asked.items()}


def agreed_earlier_by(party: Organisation | None, point: Point) -> Version | None:
    """Return the last earlier version that ``party``, if any, agreed to, or None."""
    return agreed_earlier([point]).get((point.version.pk, party.pk)) if party else None


def requested_earlier(points: Iterable[Point]) -> dict[tuple[int, int], Agreement]:
    """Return, by version and party (primary keys), the party's last request for a change of an
    earlier version, where it has agreed to no version since; in one query, or none without earlier
    versions."""
    points = [point for point in points if (point.version.number or 0) > 1]
    if not points:
        return {}
    siblings = Version.objects.with_same_subject([point.version for point in points]).numbered()
    requests = Agreement.objects.current().binding().filter(answer=Answer.CHANGE_REQUESTED)
    rows = requests.filter(version__in=siblings.order_by()).select_related(
        "version", "organisation"
    )
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
    """Return the change that a party had asked for and that this version answers, or None: the
    party is asked about it again. ``party`` may be None."""
    if party is None or not point.version.is_proposed or point.is_agreed_by(party):
        return None
    return requested.get((point.version.pk, party.pk))
