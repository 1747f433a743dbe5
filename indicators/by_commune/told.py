"""An indicator by commune in a year as plain data, written out: what a document says and keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from indicators.by_commune.drawing import FigureMap
from indicators.by_commune.page import Line, table_of
from indicators.by_commune.reading import CommuneYear
from indicators.disclosure import is_protected

# From how many lines on a page has room for them in columns alone; how many stand in a column.
LONG, COLUMNS, DEEP = 12, 3, 20
# Millimetres of a page: its height; a line of the title (of so many characters); what stands around
# the map, the head of the territory's table included; the head of the table of communes; a line.
PAGE, TITLE, TITLE_LINE, AROUND_MAP, TABLE, LINE = 247, 11, 60, 40, 16, 4.9


@dataclass(frozen=True)
class PlaceLine:
    """A commune, a sector or the territory with its figure; ``note``: of how many communes it is,
    where of some. ``is_number``: else it says why there is none."""

    name: str
    figure: str
    is_number: bool
    note: str = ""


class Part(NamedTuple):
    """A table of a document; ``heading`` of its first column."""

    title: str
    heading: str
    lines: list[PlaceLine]

    @property
    def is_long(self) -> bool:
        """Whether a page has room for it in columns alone."""
        return len(self.lines) > LONG

    @property
    def bands(self) -> list[list[list[PlaceLine]]]:
        """The lines of a long one as they stand on paper: bands, one below the other, of columns
        side by side, read one after the other."""
        wide = COLUMNS * DEEP
        bands = [self.lines[at : at + wide] for at in range(0, len(self.lines), wide)]
        return [in_columns(band, COLUMNS) for band in bands]


@dataclass(frozen=True)
class ToldByCommune:
    """``wholes``: the territory and its sectors; ``lines``: the communes, by name. ``map`` is drawn
    on the outlines that the document has once for all; None where it has none."""

    title: str
    unit: str
    year: int
    lead: str
    source: str
    wholes: list[PlaceLine]
    lines: list[PlaceLine]
    map: FigureMap | None = None
    anchor: str = ""
    is_protected: bool = False

    @property
    def is_vast(self) -> bool:
        """Whether its communes begin a page of their own, which leaves the map the one before."""
        return len(self.lines) > COLUMNS * DEEP

    @property
    def room(self) -> float:
        """How many millimetres high its map may be, alone on a page with the territory's table."""
        title = TITLE * ceil(len(self.title) / TITLE_LINE)
        return PAGE - title - AROUND_MAP - LINE * len(self.wholes)

    @property
    def table_height(self) -> float:
        """What the table of its communes takes beneath."""
        return TABLE + LINE * ceil(len(self.lines) / COLUMNS)

    @property
    def parts(self) -> list["Part"]:
        """What a document lists, one below the other."""
        title = "Territoire et regroupements de communes" if len(self.wholes) > 1 else "Territoire"
        whole = Part(title, "Territoire", self.wholes)
        communes = Part("Communes", "Commune", self.lines)
        return [part for part in (whole, communes) if part.lines]


def in_columns(lines: list[PlaceLine], columns: int) -> list[list[PlaceLine]]:
    """Lines in as many columns, of as equal a depth as can be; the first are the deeper ones."""
    depth = -(-len(lines) // columns)
    return [lines[at : at + depth] for at in range(0, len(lines), depth)]


def told_by_commune(read: Sequence[CommuneYear]) -> list[ToldByCommune]:
    """Each of these, as documents tell it."""
    return [_told(one, at) for at, one in enumerate(read, start=1)]


def _told(one: CommuneYear, at: int) -> ToldByCommune:
    table = table_of([one], is_by_size=False)
    return ToldByCommune(
        title=one.definition.title,
        unit=one.definition.unit,
        year=one.year,
        lead=" ".join(filter(None, [one.lead, one.disclosed.total_told])),
        source=one.source,
        wholes=[_line(line) for line in table.wholes],
        lines=[_line(line) for line in table.communes],
        map=one.map if one.ground else None,
        anchor=f"communes-{at}",
        is_protected=is_protected(one.definition, one.entry.rule),
    )


def _line(line: Line) -> PlaceLine:
    [figure] = line.figures
    text = f"≈ {figure.text}" if figure.is_rounded else figure.words
    return PlaceLine(line.name, text, figure.is_number, line.note)
