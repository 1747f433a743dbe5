"""The part of an indicator's page that compares communes: a year's map, and a table over years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from conventions.models import Commune, Sector
from ctg_portal.search import fold
from indicators.by_commune.drawn import Drawing
from indicators.by_commune.reading import CommuneYear, years_by_commune
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure import DisclosedFigure
from indicators.disclosure.reading import Unfollowed
from indicators.series.reading import Series
from indicators.values.plausibility import told_move

YEARS_TOLD = 4
ENDS = 3  # how many are named at each end
# Where the pages of communes lie, from an indicator and from a year alike.
COMMUNES = "../../territoire/"
FEW = 12  # up to so many communes the table is open


@dataclass(frozen=True)
class Line:
    """A commune, a sector or the territory over the years. ``moved``: since the year before, where
    both figures may be read; ``note``: of how many communes it is, where of some."""

    name: str
    figures: list[DisclosedFigure]
    moved: str = ""
    note: str = ""
    code: str = ""
    sector: str = ""


@dataclass(frozen=True)
class Table:
    """The figures of an indicator over some years, the last one told in order of size."""

    years: list[int]
    wholes: list[Line]
    communes: list[Line]
    definition: Definition

    @property
    def base(self) -> str:
        """Where the page of a commune lies, before its code."""
        return COMMUNES

    def called(self, sought: str) -> list[Line]:
        """The communes whose name holds these words; all without any."""
        words = fold(sought.strip())
        return [line for line in self.communes if words in fold(line.name)]

    @property
    def has_secrets(self) -> bool:
        """Whether its legend tells of them."""
        lines = [*self.wholes, *self.communes]
        return any(one.is_masked and not one.is_pending for line in lines for one in line.figures)

    @property
    def has_moves(self) -> bool:
        return any(line.moved for line in [*self.wholes, *self.communes])


def table_of(read: Sequence[CommuneYear], *, is_by_size: bool = True) -> Table:
    """Of the communes of the last of these years. Communes without a number come last, by name:
    nothing tells which of two that are masked is larger."""
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
        return told_move(latest.number, earlier.number, last.definition)

    def line(name, figures, *, is_alike: bool, **told) -> Line:
        return Line(name, figures, moved(figures, is_alike), **told)

    def same_place(sector: Sector | None = None) -> bool:
        return before is None or before.perimeter.place_of(sector) == last.perimeter.place_of(
            sector
        )

    def as_many(commune: Commune) -> bool:
        return before is None or before.perimeter.within(commune) == last.perimeter.within(commune)

    figures = [one.whole for one in read]
    wholes = [
        line("Tout le territoire", figures, is_alike=same_place(), note=last.whole.partial_words)
    ]
    for sector in last.perimeter.sectors:
        figures = [one.of_sector(sector) for one in read]
        note = figures[-1].partial_words
        wholes.append(line(sector.name, figures, is_alike=same_place(sector), note=note))
    communes = [
        line(
            coverage.commune.name,
            [one.figure(coverage.commune) for one in read],
            is_alike=as_many(coverage.commune),
            code=coverage.commune.insee_code,
            sector=coverage.sector.name if coverage.sector else "",
        )
        for coverage in last.perimeter.coverages
    ]
    if is_by_size:
        communes.sort(key=_by_size)
    wholes = [line for line in wholes if any(not f.is_missing for f in line.figures)]
    return Table([one.year for one in read], wholes, communes, last.definition)


def _by_size(line: Line):
    figure = line.figures[-1]
    return (not figure.is_number, -figure.number if figure.is_number else 0)


@dataclass(frozen=True)
class Comparison:
    """The communes compared in the last of these years of an indicator, beside those before;
    ``sought``: the name by which one of them is looked for."""

    read: Sequence[CommuneYear]
    sought: str = ""

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
        found = self.table.called(self.sought) if self.sought else []
        own = found[0].name if len(found) == 1 else ""
        return Drawing(self.shown.ground, self.shown.map, base=COMMUNES, own_name=own)

    @property
    def heading(self) -> str:
        """« de 11 à 47 en 2023 »; empty without a figure."""
        told = self.shown.range_told
        return f"{told} en {self.year}" if told else ""

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
    def lowest_told(self) -> str:
        """Where small figures are masked, the lowest that are shown are not the lowest."""
        return "Les plus bas, hors secret" if self.shown.masked else "Les plus bas"

    @property
    def lowest(self) -> list[Line]:
        return self._numbered[: -ENDS - 1 : -1] if len(self._numbered) >= 2 * ENDS else []


@dataclass
class ByCommune:
    """The years of an indicator. ``asked``: what the address asks for: one of them (``annee``),
    communes by name (``commune``). ``reader``: who may read more of it than everybody."""

    indicator: Indicator
    asked: Mapping[str, str]
    read: list[CommuneYear]
    reader: Contributor | None = None

    @classmethod
    def of(
        cls, series: Series, asked: Mapping[str, str], reader: Contributor | None = None
    ) -> "ByCommune | None":
        """None where no figure of a commune was ever given."""
        indicator = series.indicator
        entries = [one.entry for one in series.cells if one.entry and one.entry.is_by_commune]
        read = years_by_commune(indicator.convention, entries).get(indicator.pk, [])
        given = [one for one in read if one.is_given]
        return cls(indicator, asked, given, reader) if given else None

    @cached_property
    def years(self) -> list[int]:
        """The latest first."""
        return [one.year for one in reversed(self.read)]

    @cached_property
    def comparison(self) -> Comparison:
        """Of the year that is asked for, else of the last one that is closed, else of the last."""
        by_year = {str(one.year): one for one in self.read}
        closed = [one for one in self.read if one.entry.campaign.is_closed]
        shown = by_year.get(self.asked.get("annee", "")) or (closed or self.read)[-1]
        compared = [one for one in self.read if one.year <= shown.year][-YEARS_TOLD:]
        return Comparison(compared, self.sought)

    @property
    def corrections(self) -> list[Unfollowed]:
        """Those of the year compared that others do not read, for who reads it as it was given."""
        shown = self.comparison.shown
        if self.reader is None or not self.reader.reads_raw(shown.entry):
            return []
        return replace(shown.disclosed, is_raw=True).unfollowed

    @property
    def sought(self) -> str:
        return self.asked.get("commune", "").strip()

    @property
    def query(self) -> str:
        """What a file of these communes asks for."""
        return urlencode({"commune": self.sought}) if self.sought else ""

    @cached_property
    def lines(self) -> list[Line]:
        """Those of the communes that are looked for, or all."""
        return self.comparison.table.called(self.sought)

    @property
    def is_long(self) -> bool:
        """Whether one looks for a commune rather than read all of them."""
        return len(self.comparison.table.communes) > FEW

    @property
    def is_open(self) -> bool:
        return bool(self.sought) or not self.is_long


@dataclass(frozen=True)
class OfYear:
    """The indicators by commune of a year, of which one is drawn: the one that is asked for, else
    the first."""

    read: Sequence[CommuneYear]
    asked: str = ""

    @cached_property
    def comparison(self) -> Comparison:
        by_indicator = {str(one.entry.indicator_id): one for one in self.read}
        return Comparison([by_indicator.get(self.asked) or self.read[0]])

    @property
    def others(self) -> list[CommuneYear]:
        """Those that are not drawn."""
        return [one for one in self.read if one is not self.comparison.shown]

    @property
    def is_open(self) -> bool:
        return bool(self.asked)
