"""Which row of the database is which part of the file."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from django.db.models import Model, QuerySet

from conventions.legal.time import legal_order
from conventions.loading.dependencies import reasons_to_keep
from conventions.loading.mistakes import Place
from conventions.models import Worded
from ctg_portal.search import fold


@dataclass(eq=False)
class FilePart:
    """A part of the file and the row that stands for it, once found or made.

    ``mark`` is what names it apart from its title: a number, a code; empty when it has none.
    ``above`` is the item that contains it, ``rank`` its place there.
    """

    place: Place
    title: str
    rank: int
    mark: Any = ""
    above: Optional["FilePart"] = None
    values: dict[str, Any] = field(default_factory=dict)
    row: Model | None = None


def every_wording(parts: QuerySet) -> list[Worded]:
    """The parts in each of their wordings, as signed first: a file may speak of any of them.

    Only a part that no amendment speaks of is to be written; the others are to be read.
    """
    found = []
    for part in parts.select_related("since").prefetch_related("wordings__since"):
        said = sorted(part.wordings.all(), key=lambda wording: legal_order(wording.since))
        for wording, following in zip(said, [*said[1:], None], strict=True):
            if not wording.ends:
                view = part.worded(wording)
                view.until = following and following.since
                found.append(view)
    return found


Key = Callable[[Any], Hashable]


def pair(
    items: Iterable[FilePart],
    rows: Iterable[Model],
    item_key: Key,
    row_key: Key,
    *,
    once: bool = False,
) -> None:
    """Give a row to the items that have none, where both have the same key (``None``: no key).

    Equals are paired in order; with ``once``, only a key that neither side has twice counts. A row
    may come in several wordings: it is given once.
    """
    items = list(items)
    taken = {item.row.pk for item in items if item.row}
    wanting = _grouped((item for item in items if item.row is None), item_key)
    known = _grouped(rows, row_key)
    for key, group in wanting.items():
        free = {}
        for row in known[key]:
            if row.pk not in taken:
                free.setdefault(row.pk, row)
        if not once or (len(group) == 1 and len(free) == 1):
            for item, row in zip(group, free.values(), strict=False):
                item.row = row
                taken.add(row.pk)


def unmatched(items: Sequence[FilePart], rows: Iterable[Model]) -> list[Model]:
    """The rows that no item stands for."""
    taken = {item.row.pk for item in items if item.row}
    return [row for row in rows if row.pk not in taken]


def exchanged(
    items: Sequence[FilePart], rows: Iterable[Model], title_of: Key, along: tuple[type[Model], ...]
) -> Iterator[tuple[FilePart, Model]]:
    """The items that their mark gives a row whose title is another, while theirs is that of a row
    which the file calls otherwise, each with that row: what hangs on one would pass to the other.
    Where nothing does, beside rows ``along``, both may change places.
    """
    called = {item.row.pk: fold(item.title) for item in items if item.row}
    bearers = _grouped(rows, lambda row: fold(title_of(row)) or None)
    for item in items:
        title = fold(item.title)
        if item.row is None or fold(title_of(item.row)) == title:
            continue
        bearing = [row for row in bearers[title] if called.get(row.pk, title) != title]
        if not bearing or len(bearing) != len(bearers[title]):
            continue
        if any(reasons_to_keep(row, along) for row in (item.row, bearing[0])):
            yield item, bearing[0]


def _grouped(things: Iterable[Any], key: Key) -> dict[Hashable, list]:
    groups = defaultdict(list)
    for thing in things:
        value = key(thing)
        if value is not None:
            groups[value].append(thing)
    return groups
