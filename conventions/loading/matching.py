"""Matching parts of a file to rows of the database, by keys that both have."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from django.db.models import Model, QuerySet

from conventions.legal.time import Worded, legal_order
from conventions.loading.dependencies import reasons_to_keep
from conventions.loading.mistakes import Place
from ctg_portal.search.rows import fold


@dataclass(eq=False)
class FilePart:
    """A part of the file and the row that stands for it, once matched or made.

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
    """Return each part once for each of its wordings, in legal order, for a file may hold any of
    them. Only a part that no amendment has changed is to be written."""
    worded = []
    for part in parts.select_related("since").prefetch_related("wordings__since"):
        wordings = sorted(part.wordings.all(), key=lambda wording: legal_order(wording.since))
        for wording, following in zip(wordings, [*wordings[1:], None], strict=True):
            if not wording.ends:
                view = part.in_words_of(wording)
                view.until = following and following.since
                worded.append(view)
    return worded


Key = Callable[[Any], Hashable]


def pair(
    items: Iterable[FilePart], rows: Iterable[Model], item_key: Key, row_key: Key, *,
    once: bool = False,
) -> None:  # fmt: skip
    """Set ``row`` of the items without one to a row with the same key (None: no key). Equals are
    paired in order; with ``once``, only keys that one item and one row have. A row is given once,
    whatever its wordings."""
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
    """Return the rows that are no item's."""
    taken = {item.row.pk for item in items if item.row}
    return [row for row in rows if row.pk not in taken]


def swapped_identifiers(
    items: Sequence[FilePart], rows: Iterable[Model], title_of: Key, along: tuple[type[Model], ...]
) -> Iterator[tuple[FilePart, Model]]:
    """Yield (item, row) where the item's identifier has matched one row, and its title is that of
    another ``row``, which the file calls otherwise; only where something depends on one of them,
    besides rows of the models ``along``."""
    titles_in_file = {item.row.pk: fold(item.title) for item in items if item.row}
    bearers = _grouped(rows, lambda row: fold(title_of(row)) or None)
    for item in items:
        title = fold(item.title)
        if item.row is None or fold(title_of(item.row)) == title:
            continue
        bearing = [row for row in bearers[title] if titles_in_file.get(row.pk, title) != title]
        if not bearing or len(bearing) != len(bearers[title]):
            continue
        if any(reasons_to_keep(row, along) for row in (item.row, bearing[0])):
            yield item, bearing[0]


def _grouped(things: Iterable[Any], key: Key) -> dict[Hashable, list]:
    """Group things by key; those whose key is None are left out."""
    groups = defaultdict(list)
    for thing in things:
        value = key(thing)
        if value is not None:
            groups[value].append(thing)
    return groups
