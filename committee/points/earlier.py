"""What a party had agreed to, of a point that comes back in a later version (« à revalider »): it
reads what has changed since then."""

from collections.abc import Iterable

from agreements.answers.lights import Point
from agreements.models import Agreement, Version
from conventions.models import Organisation


def agreed_earlier(points: Iterable[Point]) -> dict[tuple[int, int], Version]:
    """By version and party (their primary keys): the last earlier version that the party agreed to,
    where it is asked again; not what a delay agreed to, which nobody there has read. One query, or
    none where nothing comes back."""
    asked = [
        (point.version, party.pk, point.earlier[party.pk])
        for point in points
        for party in point.required
        if point.version.is_proposed and party.pk in point.earlier and not point.is_agreed_by(party)
    ]
    if not asked:
        return {}
    beside = Version.objects.beside([version for version, _pk, _number in asked])
    numbers = {number for _version, _pk, number in asked}
    rows = beside.filter(number__in=numbers).order_by()
    entries = Agreement.objects.current().agreeing().by_people().filter(version__in=rows)
    found = {
        (row.content_type_id, row.object_id, row.number, entry.organisation_id): row
        for entry in entries.select_related("version").order_by()
        for row in [entry.version]
    }
    earlier = {
        (version.pk, pk): found.get((version.content_type_id, version.object_id, number, pk))
        for version, pk, number in asked
    }
    return {key: version for key, version in earlier.items() if version}


def agreed_earlier_by(party: Organisation | None, point: Point) -> Version | None:
    """The same for one party, which may be none, and one point."""
    return agreed_earlier([point]).get((point.version.pk, party.pk)) if party else None
