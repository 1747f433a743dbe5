"""The points as a table: what is discussed, and where each party stands on it."""

from dataclasses import dataclass

from agreements.answers.lights import Point
from agreements.models import Version
from committee.points.around import context_of_versions
from committee.points.inbox import Inbox, PlacedPoint, filtered_points
from committee.words import heading_of
from documents.tables import Column, Table


@dataclass(frozen=True)
class PointLine:
    """A point at its place in the list, with all that a table shows."""

    item: PlacedPoint
    point: Point

    @property
    def version(self) -> Version:
        return self.point.version


def points_table(inbox: Inbox, query) -> Table:
    """Return a table of all points that an address of the page shows, not only one page, in its
    order; with a column for each required party."""
    items = filtered_points(inbox, query)[1]
    listed = [item.point for item in items]
    context = context_of_versions(
        inbox.here.convention, tuple(point.version.pk for point in listed)
    )
    points = context.whole(listed)
    lines = [PointLine(item, point) for item, point in zip(items, points, strict=True)]
    words = inbox.here.convention.words
    columns = [
        Column("Situation", lambda line: line.item.group.title),
        Column(words.axis.title, lambda line: str(line.item.axis or "La convention")),
        Column("Nature", lambda line: heading_of(line.version)),
        Column("Point", lambda line: line.version.title),
        Column("Version", lambda line: line.version.number, "number"),
        Column("Du", lambda line: line.version.dated, "date"),
        Column("Après le terme", lambda line: line.version.after_term),
        Column("Auteur", lambda line: line.version.author_name),
        *(
            Column(party.acronym or party.name, lambda line, pk=party.pk: _light(line.point, pk))
            for party in inbox.required
        ),
        Column("Empreinte SHA-256", lambda line: line.version.digest),
    ]
    return Table.of("Points à valider", columns, lines)


def _light(point: Point, party: int) -> str:
    return next((light.word for light in point.lights if light.organisation.pk == party), "")
