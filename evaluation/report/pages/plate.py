"""Lay out the figures by commune: one plate of small maps and one compact table."""

from dataclasses import dataclass
from functools import cached_property

from evaluation.report.content import ReportContent
from indicators.by_commune.drawing import MASKED, SHADE
from indicators.by_commune.snapshot import NO_RATIO, CommunesSnapshot, PlaceLine
from indicators.series.mentions import merge_mentions
from indicators.statistics.source import shorten_mention

MOST_MAPS, MOST_COLUMNS = 9, 11
NO_FIGURE = ""


@dataclass(frozen=True)
class TableRow:
    """A commune, a sector or the territory with a figure for each column."""

    name: str
    figures: list[str]
    is_whole: bool = False


@dataclass(frozen=True)
class CommunesTable:
    """Indicators side by side; ``columns``: their titles."""

    indicators: list[CommunesSnapshot]

    @property
    def rows(self) -> list[TableRow]:
        """The territory and its sectors, then the communes, each once."""
        return [*self._rows("wholes", is_whole=True), *self._rows("lines", is_whole=False)]

    @property
    def whole_rows(self) -> list[TableRow]:
        """The rows, each figure with its ratio: « 25 (8,2) »."""
        return [*self._rows("wholes", is_whole=True, has_ratios=True),
                *self._rows("lines", is_whole=False, has_ratios=True)]  # fmt: skip

    def _rows(self, part: str, *, is_whole: bool, has_ratios: bool = False) -> list[TableRow]:
        by_indicator = [
            {line.name: _figure_of(line, has_ratios) for line in getattr(row, part)}
            for row in self.indicators
        ]
        names = list(dict.fromkeys(name for row in by_indicator for name in row))
        if not is_whole:
            names.sort(key=_sorted_name)
        return [
            TableRow(name, [row.get(name, NO_FIGURE) for row in by_indicator], is_whole)
            for name in names
        ]


def _figure_of(line: PlaceLine, has_ratio: bool) -> str:
    shows_ratio = has_ratio and line.ratio and line.ratio != NO_RATIO
    return f"{line.figure} ({line.ratio})" if shows_ratio else line.figure


def _sorted_name(name: str) -> str:
    return name.lower().translate(str.maketrans("éèêëàâîïôöûüç", "eeeeaaiioouuc"))


@dataclass(frozen=True)
class Plate:
    """The indicators by commune of a content."""

    content: ReportContent

    @property
    def indicators(self) -> list[CommunesSnapshot]:
        return self.content.communes

    @cached_property
    def maps(self) -> list[CommunesSnapshot]:
        """The indicators worth a map: those of ratios, and the first of counts, for all counts draw
        the population again; none where more than half of the communes are masked."""
        shaded, counted = [], []
        for row in self.indicators:
            if row.map is None or self.content.ground is None:
                continue
            masked = sum(mark.kind == MASKED for mark in row.map.marks)
            if masked * 2 > len(row.map.marks):
                continue
            has_shades = any(mark.kind == SHADE for mark in row.map.marks)
            if row.map.is_shaded and has_shades:
                shaded.append(row)
            elif not row.map.is_shaded and any(mark.radius for mark in row.map.marks):
                counted.append(row)
        chosen = [*counted[:1], *shaded][:MOST_MAPS]
        return [row for row in self.indicators if row in chosen]

    @property
    def sources(self) -> list[str]:
        return merge_mentions(shorten_mention(row.source, is_named=True) for row in self.indicators)

    @property
    def year(self) -> int:
        return self.indicators[0].year

    @property
    def count(self) -> int:
        """The number of communes."""
        return max((len(row.lines) for row in self.indicators), default=0)

    @property
    def table(self) -> CommunesTable:
        """The compact table: the indicators on maps, then others while there is room."""
        rest = [row for row in self.indicators if row not in self.maps]
        chosen = [*self.maps, *rest][:MOST_COLUMNS]
        return CommunesTable([row for row in self.indicators if row in chosen])

    @property
    def is_cut(self) -> bool:
        """Whether the compact table leaves indicators to the annex."""
        return len(self.indicators) > MOST_COLUMNS
