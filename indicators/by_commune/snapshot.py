"""Write an indicator by commune in a year as plain data: what a document prints and its snapshot
stores."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from indicators.by_commune.drawing import FigureMap
from indicators.by_commune.page import PlaceRow, table_of
from indicators.by_commune.reading import CommuneYear
from indicators.disclosure import DisclosedFigure, is_protected

# From how many lines on a page has room for them in columns alone; how many stand in a column.
LONG, COLUMNS, DEEP = 12, 3, 20
# Millimetres of a page: its height; a line of the title (of so many characters); what stands around
# the map, the head of the territory's table included; the head of the table of communes; a line.
PAGE, TITLE, TITLE_LINE, AROUND_MAP, TABLE, LINE = 247, 11, 60, 40, 16, 4.9
# The characters of a commune's name in a line, beside two figures.
NAME_LINE = 18
NO_RATIO = "–"


@dataclass(frozen=True)
class PlaceLine:
    """A commune, a sector or the territory with its figure, or the word why there is none
    (``is_number`` false); ``note``: of how many communes it is, if not all; ``ratio``: the figure
    for 100 of a population, a dash for none, empty where nothing is divided."""

    name: str
    figure: str
    is_number: bool
    note: str = ""
    ratio: str = ""


class Part(NamedTuple):
    """A table of a document; ``heading``: of its first column."""

    title: str
    heading: str
    lines: list[PlaceLine]

    @property
    def is_long(self) -> bool:
        """Whether it needs several columns on a page."""
        return len(self.lines) > LONG

    @property
    def bands(self) -> list[list[list[PlaceLine]]]:
        """A long table on paper: bands one below the other, of columns that are read downwards."""
        wide = COLUMNS * DEEP
        bands = [self.lines[at : at + wide] for at in range(0, len(self.lines), wide)]
        return [in_columns(band, COLUMNS) for band in bands]


@dataclass(frozen=True)
class CommunesSnapshot:
    """An indicator by commune in a year, as a document prints and stores it. ``wholes``: the
    territory and its sectors; ``lines``: the communes, by name; ``map``: drawn on the outlines that
    the document holds once for all, None if it has none; ``per``: of what its map, median and the
    ratios of its lines are, « pour 100 habitants », empty where nothing is divided."""

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
    per: str = ""

    @property
    def is_vast(self) -> bool:
        """Whether its communes fill more than a band, and so begin a page of their own."""
        return len(self.lines) > COLUMNS * DEEP

    @property
    def room(self) -> float:
        """The height in millimetres left for its map on a page with title and territory's table."""
        title = TITLE * ceil(len(self.title) / TITLE_LINE)
        around = AROUND_MAP + LINE * bool(self.per)  # of what the map is
        return PAGE - title - around - LINE * len(self.wholes)

    @property
    def table_height(self) -> float:
        """The height in millimetres of the table of its communes. With a column of ratios its head
        takes two lines more, and so do long names one."""
        if not self.per:
            return TABLE + LINE * ceil(len(self.lines) / COLUMNS)
        columns = in_columns(self.lines, COLUMNS)
        heights = [sum(ceil(len(line.name) / NAME_LINE) for line in column) for column in columns]
        return TABLE + LINE * (2 + max(heights, default=0))

    @property
    def parts(self) -> list[Part]:
        """The tables to print, territory then communes, without empty ones."""
        title = "Territoire et regroupements de communes" if len(self.wholes) > 1 else "Territoire"
        whole = Part(title, "Territoire", self.wholes)
        communes = Part("Communes", "Commune", self.lines)
        return [part for part in (whole, communes) if part.lines]


def in_columns(lines: list[PlaceLine], columns: int) -> list[list[PlaceLine]]:
    """Return the lines in at most ``columns`` equal columns, the last perhaps shorter."""
    depth = -(-len(lines) // columns)
    return [lines[at : at + depth] for at in range(0, len(lines), depth)]


def take_snapshots(read: Sequence[CommuneYear]) -> list[CommunesSnapshot]:
    """Return the snapshot of each, anchored « communes-1 », « communes-2 »… in their order."""
    return [_take_snapshot(commune_year, at) for at, commune_year in enumerate(read, start=1)]


def _take_snapshot(commune_year: CommuneYear, at: int) -> CommunesSnapshot:
    """Return the snapshot of a year; ``at``, from 1, is its place in the document."""
    table = table_of([commune_year], is_by_size=False)
    is_divided = commune_year.denominators is not None
    return CommunesSnapshot(
        title=commune_year.definition.title,
        unit=commune_year.definition.unit,
        year=commune_year.year,
        lead=" ".join(filter(None, [commune_year.lead, commune_year.disclosed.total_caveat])),
        source=commune_year.source,
        wholes=[_place_line(row, is_divided=is_divided) for row in table.wholes],
        lines=[_place_line(row, is_divided=is_divided) for row in table.communes],
        map=commune_year.map if commune_year.ground else None,
        anchor=f"communes-{at}",
        is_protected=is_protected(commune_year.definition, commune_year.entry.rule),
        per=commune_year.per,
    )


def _place_line(row: PlaceRow, *, is_divided: bool) -> PlaceLine:
    """Return a row of one figure as a line; « ≈ » before a rounded one."""
    [figure] = row.figures
    ratio = _text_of(row.ratio) if row.ratio and row.ratio.is_number else NO_RATIO
    return PlaceLine(
        row.name, _text_of(figure), figure.is_number, row.note, ratio if is_divided else ""
    )


def _text_of(figure: DisclosedFigure) -> str:
    return f"≈ {figure.text}" if figure.is_rounded and figure.is_number else figure.words
