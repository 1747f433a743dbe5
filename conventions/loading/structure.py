"""The file’s axes, themes and objectives, matched to those of the database.

A code wins, then a title that both sides know, then a number or a place: when an axis is inserted
before the others, each keeps its row, and with it all that has been gathered about it, although
every number has changed.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.db.models import Model, QuerySet

from conventions.legal.convention import Convention
from conventions.legal.structure import Axis, Objective, Theme
from conventions.loading.matching import FilePart, every_wording, pair
from conventions.loading.rows import is_editable
from ctg_portal.search.rows import fold


@dataclass
class FileStructure:
    """The parts of a file, objectives on two levels: orientations, sub-objectives."""

    axes: list[FilePart] = field(default_factory=list)
    themes: list[FilePart] = field(default_factory=list)
    orientations: list[FilePart] = field(default_factory=list)
    sub_objectives: list[FilePart] = field(default_factory=list)

    @property
    def objectives(self) -> list[FilePart]:
        return [*self.orientations, *self.sub_objectives]


def structure_of(axes: list[dict[str, Any]], numerals: list[str]) -> FileStructure:
    """Return the parts of a file's axes, each with the part that contains it; a theme without title
    for an axis without themes."""
    structure = FileStructure()
    for index, (axis, numeral) in enumerate(zip_longest(axes, numerals, fillvalue="")):
        place = ("axes", index)
        values = {"text": axis.get("texte", ""), "is_priority": axis["prioritaire"]}
        values["numeral"] = numeral
        item = FilePart(place, axis["titre"], index + 1, axis["numero"], values=values)
        structure.axes.append(item)
        for theme, objectives in _themes_of(axis, item):
            structure.themes.append(theme)
            for position, objective in enumerate(objectives):
                place = (*theme.place, "objectifs", position)
                title, code = objective["titre"], objective.get("code", "")
                is_objective = objective["est_un_objectif"]
                values = _nature(is_objective) | {"is_priority": objective["prioritaire"]}
                orientation = FilePart(place, title, position + 1, code, theme, values)
                structure.orientations.append(orientation)
                for below, part in enumerate(objective["sous_objectifs"]):
                    place = (*orientation.place, "sous_objectifs", below)
                    values_of_part = {"titre": part} if isinstance(part, str) else part
                    title, code = values_of_part["titre"], values_of_part.get("code", "")
                    # Beneath a text stands text, unless the file says otherwise.
                    nature = _nature(values_of_part.get("est_un_objectif", is_objective))
                    sub = FilePart(place, title, below + 1, code, orientation, nature)
                    structure.sub_objectives.append(sub)
    return structure


def _nature(is_objective: bool) -> dict[str, bool]:
    return {"came_as_objective": is_objective, "is_objective": is_objective}


def _themes_of(axis: dict[str, Any], above: FilePart) -> Iterator[tuple[FilePart, list]]:
    """Yield the themes of an axis, each with its objectives; one without title where the axis has
    objectives of its own."""
    if "objectifs" in axis:
        yield FilePart(above.place, "", 1, above=above), axis["objectifs"]
    for index, theme in enumerate(axis.get("thematiques", [])):
        place = (*above.place, "thematiques", index)
        yield FilePart(place, theme["titre"], index + 1, theme["numero"], above), theme["objectifs"]


@dataclass(frozen=True)
class KnownStructure:
    """Rows of the database, in each of their wordings: those that a file may change first, then
    those that others decided on."""

    axes: list[Axis]
    themes: list[Theme]
    objectives: list[Objective]

    @classmethod
    def of(cls, convention: Convention) -> "KnownStructure":
        """Read the axes, themes and objectives of the convention in every wording: those that a
        file may change first, then by amendment and number."""

        def read(parts: QuerySet, rank: str) -> list[Model]:
            return sorted(
                every_wording(parts),
                key=lambda p: (not is_editable(p), p.since.number, getattr(p, rank), p.pk),
            )

        return cls(
            read(convention.axes.all(), "number"),
            read(Theme.objects.filter(axis__convention=convention), "rank"),
            read(Objective.objects.of(convention), "rank"),
        )


def match(wanted: FileStructure, known: KnownStructure) -> None:
    """Set the row of each part of the file, axes first; parts without one are new."""
    items, rows = wanted.axes, known.axes
    pair(items, rows, lambda i: (i.mark, fold(i.title)), lambda r: (r.number, fold(r.title)))
    pair(items, rows, lambda i: fold(i.title), lambda r: fold(r.title))
    pair(items, rows, lambda i: i.mark, lambda r: r.number)
    _match_themes(wanted.themes, known.themes)
    _match_objectives(wanted.objectives, known.objectives)


def _match_themes(items: list[FilePart], rows: list[Theme]) -> None:
    """Set the rows of themes: by number and title, or title, in the axis; by a title that one on
    each side has; by number, then by rank for renamed ones."""

    def in_axis(item: FilePart, *key: Hashable) -> Hashable:
        return (item.above.row.pk, *key) if item.above.row else None

    pair(
        items,
        rows,
        lambda i: in_axis(i, i.mark, fold(i.title)),
        lambda r: (r.axis_id, r.number, fold(r.title)),
    )
    pair(items, rows, lambda i: in_axis(i, fold(i.title)), lambda r: (r.axis_id, fold(r.title)))
    pair(items, rows, lambda i: fold(i.title) or None, lambda r: fold(r.title) or None, once=True)
    pair(items, rows, lambda i: in_axis(i, i.mark), lambda r: (r.axis_id, r.number))
    renamed = _without_title_in(items, rows)
    pair(items, renamed, lambda i: in_axis(i, i.rank), lambda r: (r.axis_id, r.rank))


def _match_objectives(items: list[FilePart], rows: list[Objective]) -> None:
    """Set the rows of objectives: by code, then by title beneath the same part, by a title that one
    on each side has, then by rank for renamed ones without code."""

    def within(item: FilePart, key: Hashable) -> Hashable:
        above = item.above.row
        return (type(above), above.pk, key) if above else None

    def place_of(row: Objective) -> tuple[type[Model], int]:
        return (Objective, row.parent_id) if row.parent_id else (Theme, row.theme_id)

    renamed = [row for row in _without_title_in(items, rows) if not row.code]

    def by_title_within() -> None:
        pair(
            items, rows, lambda i: within(i, fold(i.title)), lambda r: (*place_of(r), fold(r.title))
        )

    def by_place() -> None:
        pair(items, renamed, lambda i: within(i, i.rank), lambda r: (*place_of(r), r.rank))

    pair(items, rows, lambda i: i.mark or None, lambda r: r.code or None)
    by_title_within()
    pair(items, rows, lambda i: fold(i.title), lambda r: fold(r.title), once=True)
    by_place()
    # Again, for what is beneath an orientation that only its place has matched.
    by_title_within()
    by_place()


def _without_title_in(items: Iterable[FilePart], rows: Iterable[Model]) -> list[Model]:
    """Return the editable rows whose title no item has: a file may have renamed them."""
    titles = {fold(item.title) for item in items}
    return [row for row in rows if is_editable(row) and fold(row.title) not in titles]
