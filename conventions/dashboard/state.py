"""The table of the state of a convention: what the rooms count, by theme or axis, and in all."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from conventions.legal.convention import Convention
from conventions.legal.reading import read_themes
from conventions.legal.structure import Axis, Theme
from ctg_portal.house import Place, StateColumn

# With more themes, the table is no longer read at a glance: its rows are axes.
MOST_THEMES = 12


@dataclass(frozen=True)
class Cell:
    """A cell of the table; ``content`` is None where the column has nothing for the row."""

    column: StateColumn
    content: object | None


@dataclass(frozen=True)
class Row:
    label: str
    anchor: str
    colour: int
    cells: list[Cell]


@dataclass(frozen=True)
class State:
    """The table: ``heading`` over its rows; ``total`` beneath them, if there are several."""

    heading: str
    columns: list[StateColumn]
    rows: list[Row]
    total: list[Cell]

    @property
    def notes(self) -> list[str]:
        return [column.note for column in self.columns if column.note]


def read_state(
    convention: Convention, day: datetime.date | None, columns: Iterable[StateColumn]
) -> State:
    """Return the columns over the themes in force on ``day`` and those under which something is
    counted: a row for each theme or, where none has a title or there are more than ``MOST_THEMES``,
    for each axis. A total where there are several rows. Two queries."""
    columns = list(columns)
    counted = frozenset(pk for column in columns for pk in column.by_theme)
    axes = read_themes(convention, day, requested=counted)
    themes = [(axis, theme) for axis in axes for theme in axis.themes_read]
    is_by_theme = len(themes) <= MOST_THEMES and any(axis.has_titled_themes for axis in axes)
    if is_by_theme:
        rows = [_row(columns, axis, [theme]) for axis, theme in themes]
    else:
        rows = [_row(columns, axis, axis.themes_read) for axis in axes]
    words = convention.words
    return State(
        heading=words.theme.title if is_by_theme else words.axis.title,
        columns=columns,
        rows=rows,
        total=_cells(columns, counted, Place()) if len(rows) > 1 else [],
    )


def _row(columns: list[StateColumn], axis: Axis, themes: list[Theme]) -> Row:
    """Return the row of these themes of an axis, named after the theme if it is alone and has a
    title, else after the axis."""
    alone = themes[0] if len(themes) == 1 else None
    is_theme = alone is not None and bool(alone.title)
    label = f"{alone.number} {alone.title}".strip() if is_theme else f"{axis.mark}. {axis.title}"
    cells = _cells(columns, {theme.pk for theme in themes}, Place(axis=axis, theme=alone))
    return Row(label, axis.anchor, axis.colour, cells)


def _cells(columns: list[StateColumn], themes: set[int], place: Place) -> list[Cell]:
    """Return each column's cell of what it counts under these themes; None where nothing."""
    cells = []
    for column in columns:
        things = [thing for pk in sorted(themes) for thing in column.by_theme.get(pk, ())]
        cells.append(Cell(column, column.cell(things, place) if things else None))
    return cells
