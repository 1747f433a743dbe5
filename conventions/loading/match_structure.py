"""Which axis, theme or objective of the database is which of the file: by code, title, place.

A title that both sides know wins over a number: when an axis is inserted before the others, each
keeps its row, and with it all that has been gathered about it, although every number has changed.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from django.db.models import Model

from conventions.loading.matching import Item, every_wording, pair
from conventions.loading.rows import is_editable
from conventions.loading.structure_items import Structure
from conventions.models import Axis, Convention, Objective, Theme
from ctg_portal.search import fold


@dataclass(frozen=True)
class KnownStructure:
    """What the database holds, in each of its wordings: what a file may change first, then what
    others decided."""

    axes: list[Axis]
    themes: list[Theme]
    objectives: list[Objective]

    @classmethod
    def of(cls, convention: Convention) -> "KnownStructure":
        return cls(
            _ordered(every_wording(convention.axes.all())),
            _ordered(every_wording(Theme.objects.filter(axis__convention=convention))),
            _ordered(every_wording(Objective.objects.of(convention))),
        )


def _ordered(parts: Iterable[Model]) -> list[Model]:
    return sorted(
        parts, key=lambda part: (not is_editable(part), part.since.number, _rank(part), part.pk)
    )


def _rank(part: Model) -> int:
    return part.number if isinstance(part, Axis) else part.rank


def match(wanted: Structure, known: KnownStructure) -> None:
    """Give each item the row that stands for it; those that have none are new."""
    _match_axes(wanted.axes, known.axes)
    _match_themes(wanted.themes, known.themes)
    _match_objectives(wanted, known.objectives)


def _match_axes(items: list[Item], rows: list[Axis]) -> None:
    pair(items, rows, lambda i: (i.mark, fold(i.title)), lambda r: (r.number, fold(r.title)))
    pair(items, rows, lambda i: fold(i.title), lambda r: fold(r.title))
    pair(items, rows, lambda i: i.mark, lambda r: r.number)


def _match_themes(items: list[Item], rows: list[Theme]) -> None:
    def in_axis(item: Item, *key: Hashable) -> Hashable:
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


def _match_objectives(wanted: Structure, rows: list[Objective]) -> None:
    items = wanted.objectives
    renamed = [row for row in _without_title_in(items, rows) if not row.code]

    def by_title_here() -> None:
        pair(items, rows, lambda i: _here(i, fold(i.title)), lambda r: (*_where(r), fold(r.title)))

    def by_place() -> None:
        pair(items, renamed, lambda i: _here(i, i.rank), lambda r: (*_where(r), r.rank))

    pair(items, rows, lambda i: i.mark or None, lambda r: r.code or None)
    by_title_here()
    pair(items, rows, lambda i: fold(i.title), lambda r: fold(r.title), once=True)
    by_place()
    # Again, for what is beneath an orientation that only its place could tell.
    by_title_here()
    by_place()


def _here(item: Item, key: Hashable) -> Hashable:
    above = item.above.row
    return (type(above), above.pk, key) if above else None


def _where(row: Objective) -> tuple[type[Model], int]:
    return (Objective, row.parent_id) if row.parent_id else (Theme, row.theme_id)


def _without_title_in(items: Iterable[Item], rows: Iterable[Model]) -> list[Model]:
    """The rows that a file may have renamed: nothing in it has their title."""
    titles = {fold(item.title) for item in items}
    return [row for row in rows if is_editable(row) and fold(row.title) not in titles]
