"""Read the part of an indicator's page that compares communes: a year's map, and a table over
years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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
from indicators.series.reading import Series
from indicators.values.plausibility import format_change

YEARS_SHOWN = 4
ENDS = 3  # how many are named at each end
# Where the pages of communes lie, from an indicator and from a year alike.
COMMUNES = "../../territoire/"
FEW = 12  # up to so many communes the table is open


@dataclass(frozen=True)
class Line:
    """A commune, a sector or the territory over the years. ``moved``: the change since the year
    before, if both figures may be read; ``note``: the number of communes covered, if not all."""

    name: str
    figures: list[DisclosedFigure]
    moved: str = ""
    note: str = ""
    code: str = ""
    sector: str = ""


@dataclass(frozen=True)
class Table:
    """The figures of an indicator over some years, sorted by those of the last one."""

    years: list[int]
    wholes: list[Line]
    communes: list[Line]
    definition: Definition

    @property
    def base(self) -> str:
        """The address of communes' pages, before their code."""
        return COMMUNES

    def matching(self, search: str) -> list[Line]:
        """Return the communes whose name holds the search; all if it is empty."""
        words = fold(search.strip())
        return [line for line in self.communes if words in fold(line.name)]

    @property
    def has_secrets(self) -> bool:
        """Whether the legend explains secret figures."""
        lines = [*self.wholes, *self.communes]
        return any(
            figure.is_masked and not figure.is_pending for line in lines for figure in line.figures
        )

    @property
    def has_moves(self) -> bool:
        return any(line.moved for line in [*self.wholes, *self.communes])


def table_of(read: Sequence[CommuneYear], *, is_by_size: bool = True) -> Table:
    """Return the table of the communes of the last of these years. Communes without a number come
    last, by name: nothing reveals which of two masked ones is larger."""
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

    def line(name, figures, *, is_alike: bool, **columns) -> Line:
        return Line(name, figures, moved(figures, is_alike), **columns)

    def same_place(sector: Sector | None = None) -> bool:
        return before is None or before.perimeter.place_of(sector) == last.perimeter.place_of(
            sector
        )

    def as_many(commune: Commune) -> bool:
        return before is None or before.perimeter.within(commune) == last.perimeter.within(commune)

    figures = [commune_year.whole for commune_year in read]
    wholes = [
        line("Tout le territoire", figures, is_alike=same_place(), note=last.whole.partial_words)
    ]
    for sector in last.perimeter.sectors:
        figures = [commune_year.sector_figure(sector) for commune_year in read]
        note = figures[-1].partial_words
        wholes.append(line(sector.name, figures, is_alike=same_place(sector), note=note))
    communes = [
        line(
            coverage.commune.name,
            [commune_year.figure(coverage.commune) for commune_year in read],
            is_alike=as_many(coverage.commune),
            code=coverage.commune.insee_code,
            sector=coverage.sector.name if coverage.sector else "",
        )
        for coverage in last.perimeter.coverages
    ]
    if is_by_size:
        communes.sort(key=_by_size)
    wholes = [line for line in wholes if any(not f.is_missing for f in line.figures)]
    return Table([commune_year.year for commune_year in read], wholes, communes, last.definition)


def _by_size(line: Line):
    figure = line.figures[-1]
    return (not figure.is_number, -figure.number if figure.is_number else 0)


@dataclass(frozen=True)
class Comparison:
    """The communes compared in the last of these years of an indicator, beside those before;
    ``search``: the name by which one of them is looked for."""

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
        if self.shown.ground is None:
            return None
        matches = self.table.matching(self.search) if self.search else []
        own = matches[0].name if len(matches) == 1 else ""
        return Drawing(self.shown.ground, self.shown.map, base=COMMUNES, own_name=own)

    @property
    def heading(self) -> str:
        """The words « de 11 à 47 en 2023 »; empty without a figure."""
        range_text = self.shown.range_text
        return f"{range_text} en {self.year}" if range_text else ""

    @cached_property
    def table(self) -> Table:
        return table_of(self.read)

    @cached_property
    def _numbered(self) -> list[Line]:
        return [line for line in self.table.communes if line.figures[-1].is_number]

    @property
    def highest(self) -> list[Line]:
        return self._numbered[:ENDS] if len(self._numbered) >= 2 * ENDS else []

    @property
    def lowest_title(self) -> str:
        """The title of the lowest figures: if small ones are masked, those shown are not the
        lowest."""
        return "Les plus bas, hors secret" if self.shown.masked else "Les plus bas"

    @property
    def lowest(self) -> list[Line]:
        return self._numbered[: -ENDS - 1 : -1] if len(self._numbered) >= 2 * ENDS else []


@dataclass
class CommunesPart:
    """The years of an indicator by commune. ``asked``: what the address asks for, a year
    (``annee``) and communes by name (``commune``). ``reader``: who may read more of it than
    everybody."""

    indicator: Indicator
    asked: Mapping[str, str]
    read: list[CommuneYear]
    reader: Contributor | None = None

    @classmethod
    def of(
        cls, series: Series, asked: Mapping[str, str], reader: Contributor | None = None
    ) -> "CommunesPart | None":
        """Return the part of a series, or None if no figure of a commune was ever given."""
        indicator = series.indicator
        entries = [row.entry for row in series.cells if row.entry and row.entry.is_by_commune]
        read = years_by_commune(indicator.convention, entries).get(indicator.pk, [])
        given = [row for row in read if row.is_given]
        return cls(indicator, asked, given, reader) if given else None

    @cached_property
    def years(self) -> list[int]:
        """The years, the latest first."""
        return [commune_year.year for commune_year in reversed(self.read)]

    @cached_property
    def comparison(self) -> Comparison:
        """The comparison of the year that is asked for, else of the last closed one, else of the
        last."""
        by_year = {str(commune_year.year): commune_year for commune_year in self.read}
        closed = [
            commune_year for commune_year in self.read if commune_year.entry.campaign.is_closed
        ]
        shown = by_year.get(self.asked.get("annee", "")) or (closed or self.read)[-1]
        compared = [commune_year for commune_year in self.read if commune_year.year <= shown.year][
            -YEARS_SHOWN:
        ]
        return Comparison(compared, self.search)

    @property
    def corrections(self) -> list[HiddenCorrection]:
        """The corrections of the compared year that others do not read, for who reads it as
        given."""
        shown = self.comparison.shown
        if self.reader is None or not self.reader.reads_raw(shown.entry):
            return []
        return replace(shown.disclosed, is_raw=True).hidden_corrections

    @property
    def search(self) -> str:
        return self.asked.get("commune", "").strip()

    @property
    def query(self) -> str:
        """The query of the file of these communes."""
        return urlencode({"commune": self.search}) if self.search else ""

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the communes that are looked for, or all."""
        return self.comparison.table.matching(self.search)

    @property
    def is_long(self) -> bool:
        """Whether the table is long enough to offer a search."""
        return len(self.comparison.table.communes) > FEW

    @property
    def is_open(self) -> bool:
        return bool(self.search) or not self.is_long


@dataclass(frozen=True)
class YearPart:
    """The indicators by commune of a year, of which one is drawn: the one that is asked for, else
    the first."""

    read: Sequence[CommuneYear]
    asked: str = ""

    @cached_property
    def comparison(self) -> Comparison:
        by_indicator = {
            str(commune_year.entry.indicator_id): commune_year for commune_year in self.read
        }
        return Comparison([by_indicator.get(self.asked) or self.read[0]])

    @property
    def others(self) -> list[CommuneYear]:
        """The indicators that are not drawn."""
        return [
            commune_year for commune_year in self.read if commune_year is not self.comparison.shown
        ]

    @property
    def is_open(self) -> bool:
        return bool(self.asked)
