"""Read the part of an indicator's page that compares communes: a year's map, and a table over
years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from urllib.parse import urlencode

from conventions.models import Commune, Sector
from ctg_portal.search.rows import fold
from indicators.by_commune.drawn import Drawing
from indicators.by_commune.reading import CommuneYear, years_by_commune
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure import DisclosedFigure
from indicators.disclosure.reading import HiddenCorrection
from indicators.series.mentions import merge_mentions
from indicators.series.reading import Series
from indicators.statistics.populations import Denominators
from indicators.values.plausibility import format_change

YEARS_SHOWN = 3
ENDS = 3  # how many are named at each end
# Where the pages of communes lie, from an indicator and from a year alike.
COMMUNES = "../../territoire/"
FEW = 12  # up to so many communes the table is open


@dataclass(frozen=True)
class PlaceRow:
    """A commune, a sector or the territory over the years. ``figures``: one a year; ``moved``: the
    change since the year before, empty if it may not be computed; ``note``: of how many communes
    the last figure is, if not all; ``ratio``: the last figure for 100 of a population, None where
    nothing is divided."""

    name: str
    figures: list[DisclosedFigure]
    moved: str = ""
    note: str = ""
    code: str = ""
    sector: str = ""
    ratio: DisclosedFigure | None = None

    @property
    def compared(self) -> DisclosedFigure:
        """The figure by which the place is compared with others."""
        return self.ratio or self.figures[-1]


@dataclass(frozen=True)
class CommunesTable:
    """The figures of an indicator over some years. ``wholes``: the territory and its sectors;
    ``communes``: by falling last figure or, for a file, by name; ``providers``: the source of each
    year's figures that have none of their own; ``denominators``: what divides the last figures,
    None where nothing does."""

    years: list[int]
    wholes: list[PlaceRow]
    communes: list[PlaceRow]
    definition: Definition
    providers: list[str]
    denominators: Denominators | None = None

    @property
    def per(self) -> str:
        """« pour 100 habitants »; empty where nothing is divided."""
        return self.denominators.label if self.denominators else ""

    @property
    def base(self) -> str:
        return COMMUNES

    def matching(self, search: str) -> list[PlaceRow]:
        """Return the communes whose folded name contains ``search``; all if it is empty."""
        words = fold(search.strip())
        return [line for line in self.communes if words in fold(line.name)]

    def sources(self, line: PlaceRow) -> str:
        """Return the source mentions of a row's figures, and of what divides its ratio, each once;
        empty without a figure."""
        given = zip(line.figures, self.providers, strict=True)
        mentions = [*merge_mentions(f.source or own for f, own in given if not f.is_missing)]
        if self.denominators is not None and line.ratio is not None and line.ratio.is_number:
            mentions.append(self.denominators.source)
        return " · ".join(mentions)

    @property
    def has_secrets(self) -> bool:
        """Whether a figure of any row or year is secret, so that the legend explains it."""
        lines = [*self.wholes, *self.communes]
        return any(
            figure.is_masked and not figure.is_pending for line in lines for figure in line.figures
        )

    @property
    def has_moves(self) -> bool:
        return any(line.moved for line in [*self.wholes, *self.communes])


def table_of(read: Sequence[CommuneYear], *, is_by_size: bool = True) -> CommunesTable:
    """Return the table of the communes covered in the last of these years, which are in order.
    ``is_by_size``: the highest last figure first, as it is compared, communes without a number last
    by name, so that nothing tells which of two masked ones is larger; else by name.

    A change is left empty across a new definition, for a place of other communes, and for partial
    totals. Rows of the territory and sectors with no figure at all are left out.
    """
    last = read[-1]
    before = read[-2] if len(read) > 1 else None

    def moved(figures: list[DisclosedFigure], is_alike: bool) -> str:
        if before is None or before.definition.measuring != last.definition.measuring:
            return ""
        if not is_alike:  # a sum of other communes, or a commune that others have become part of
            return ""
        earlier, latest = figures[-2:]
        if earlier.partial or latest.partial:  # a total of some communes is compared with nothing
            return ""
        return format_change(latest.number, earlier.number, last.definition)

    def row(
        name: str, figures: list[DisclosedFigure], ratio: DisclosedFigure | None, *,
        is_alike: bool, **columns: str,
    ) -> PlaceRow:  # fmt: skip
        return PlaceRow(name, figures, moved(figures, is_alike), ratio=ratio, **columns)

    def is_same_place(sector: Sector | None = None) -> bool:
        own = last.perimeter.place_of(sector)
        return before is None or before.perimeter.place_of(sector) == own

    def has_as_many_communes(commune: Commune) -> bool:
        """Return whether no commune has joined or left this one since the year before."""
        return before is None or before.perimeter.within(commune) == last.perimeter.within(commune)

    figures = [commune_year.whole for commune_year in read]
    wholes = [
        row(
            "Tout le territoire", figures, last.ratio_of(), is_alike=is_same_place(),
            note=last.whole.partial_words,
        )
    ]  # fmt: skip
    for sector in last.perimeter.sectors:
        figures = [commune_year.sector_figure(sector) for commune_year in read]
        note = figures[-1].partial_words
        ratio = last.ratio_of(sector)
        wholes.append(row(sector.name, figures, ratio, is_alike=is_same_place(sector), note=note))
    communes = [
        row(
            coverage.commune.name,
            [commune_year.figure(coverage.commune) for commune_year in read],
            last.ratio(coverage.commune),
            is_alike=has_as_many_communes(coverage.commune),
            code=coverage.commune.insee_code,
            sector=coverage.sector.name if coverage.sector else "",
        )
        for coverage in last.perimeter.coverages
    ]
    if is_by_size:
        communes.sort(key=lambda row: -row.compared.number if row.compared.is_number else inf)
    wholes = [line for line in wholes if any(not f.is_missing for f in line.figures)]
    years = [commune_year.year for commune_year in read]
    providers = [commune_year.entry.provider.source for commune_year in read]
    return CommunesTable(years, wholes, communes, last.definition, providers, last.denominators)


@dataclass(frozen=True)
class Comparison:
    """The communes in the last year of ``read`` (drawn), beside the years before (table).
    ``search``: a commune's name, or part of it, to highlight."""

    read: Sequence[CommuneYear]
    search: str = ""

    @property
    def shown(self) -> CommuneYear:
        return self.read[-1]

    @property
    def year(self) -> int:
        return self.shown.year

    @cached_property
    def drawing(self) -> Drawing | None:
        """The last year's map, None without outlines; highlights the only match of the search."""
        if self.shown.ground is None:
            return None
        matches = self.table.matching(self.search) if self.search else []
        own = matches[0].name if len(matches) == 1 else ""
        return Drawing(self.shown.ground, self.shown.map, base=COMMUNES, own_name=own)

    @property
    def heading(self) -> str:
        """« de 11 à 47 en 2023 »; empty without a number."""
        range_text = self.shown.range_text
        return f"{range_text} en {self.year}" if range_text else ""

    @cached_property
    def table(self) -> CommunesTable:
        return table_of(self.read)

    @cached_property
    def _numbered(self) -> list[PlaceRow]:
        """Return the communes whose compared figure is a number; none where communes are not
        compared."""
        if not self.shown.is_comparable:
            return []
        return [line for line in self.table.communes if line.compared.is_number]

    @property
    def highest(self) -> list[PlaceRow]:
        """The rows of the highest figures, falling; empty for fewer than 2 × ``ENDS`` numbers."""
        return self._numbered[:ENDS] if len(self._numbered) >= 2 * ENDS else []

    @property
    def highest_title(self) -> str:
        """« Les plus hauts, pour 100 habitants »."""
        return ", ".join(filter(None, ["Les plus hauts", self.shown.per]))

    @property
    def lowest_title(self) -> str:
        """« Les plus bas »; « hors secret » if figures are masked, as these may be lower."""
        title = "Les plus bas hors secret" if self.shown.masked else "Les plus bas"
        return ", ".join(filter(None, [title, self.shown.per]))

    @property
    def lowest(self) -> list[PlaceRow]:
        """The rows of the lowest readable figures, rising; empty for fewer than 2 × ``ENDS``."""
        return self._numbered[: -ENDS - 1 : -1] if len(self._numbered) >= 2 * ENDS else []


@dataclass
class CommunesPart:
    """The part of an indicator's page about communes. ``asked``: the query parameters, a year
    (``annee``) and a name (``commune``); ``read``: the years with figures, the earliest first;
    ``reader``: who may read some raw, or None."""

    indicator: Indicator
    asked: Mapping[str, str]
    read: list[CommuneYear]
    reader: Contributor | None = None

    @classmethod
    def of(
        cls, series: Series, asked: Mapping[str, str], reader: Contributor | None = None
    ) -> "CommunesPart | None":
        """Return the part for a series as the query string ``asked`` wants it; None if no commune
        ever gave a figure or absence. The figures are those of everybody; ``reader`` decides what
        can be done beside them."""
        indicator = series.indicator
        entries = [row.entry for row in series.cells if row.entry and row.entry.is_by_commune]
        read = years_by_commune(indicator.convention, entries).get(indicator.pk, [])
        given = [row for row in read if row.is_given]
        return cls(indicator, asked, given, reader) if given else None

    @cached_property
    def years(self) -> list[int]:
        return [commune_year.year for commune_year in reversed(self.read)]

    @cached_property
    def comparison(self) -> Comparison:
        """The year asked, else the last closed, else the last; with up to ``YEARS_SHOWN`` years."""
        by_year = {str(commune_year.year): commune_year for commune_year in self.read}
        closed = [read for read in self.read if read.entry.campaign.is_closed]
        shown = by_year.get(self.asked.get("annee", "")) or (closed or self.read)[-1]
        until_shown = [read for read in self.read if read.year <= shown.year]
        return Comparison(until_shown[-YEARS_SHOWN:], self.search)

    @property
    def corrections(self) -> list[HiddenCorrection]:
        """The corrections of the compared year that other readers do not see; empty unless
        ``reader`` reads its raw figures."""
        shown = self.comparison.shown
        if self.reader is None or not self.reader.reads_raw(shown.entry):
            return []
        return replace(shown.disclosed, is_raw=True).hidden_corrections

    @property
    def search(self) -> str:
        return self.asked.get("commune", "").strip()

    @property
    def query(self) -> str:
        return urlencode({"commune": self.search}) if self.search else ""

    @cached_property
    def lines(self) -> list[PlaceRow]:
        return self.comparison.table.matching(self.search)

    @property
    def is_long(self) -> bool:
        return len(self.comparison.table.communes) > FEW

    @property
    def is_open(self) -> bool:
        return bool(self.search) or not self.is_long


@dataclass(frozen=True)
class YearPart:
    """The indicators by commune of one year. ``asked``: the key of the one to draw, as text; the
    first is drawn for an unknown one, none where it is empty."""

    read: Sequence[CommuneYear]
    asked: str = ""

    @property
    def shown(self) -> CommuneYear | None:
        """The indicator drawn, or None."""
        if not self.asked:
            return None
        by_indicator = {str(read.entry.indicator_id): read for read in self.read}
        return by_indicator.get(self.asked) or self.read[0]

    @cached_property
    def comparison(self) -> Comparison | None:
        """The indicator drawn, for this year alone; None without one."""
        return Comparison([self.shown]) if self.shown else None

    @property
    def is_open(self) -> bool:
        return bool(self.asked)
