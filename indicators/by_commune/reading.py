"""The figures of indicators commune by commune, year by year, as everybody may read them.

They come from ``disclosed_by_commune`` and from nowhere else: what is counted, compared, drawn or
written to a file here is made of what everybody may read.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from conventions.models import Commune, Convention, Coverage, Sector
from conventions.territory.naming import code_of_today
from ctg_portal.templatetags.french import plural
from indicators.by_commune.drawing import FigureMap, Ground, ground_of, map_of, range_told
from indicators.definitions.definition import Definition, round_to
from indicators.definitions.models import Indicator
from indicators.disclosure import NOTHING, DisclosedFigure
from indicators.disclosure.reading import ByCommune, disclosed_by_commune
from indicators.figures.campaigns import CampaignIndicator

# With fewer figures than this, none is told beside their median.
ENOUGH_FOR_MEDIAN = 3


@dataclass(frozen=True)
class Perimeter:
    """The communes that a year's figures are of, by name, and the sectors that they make."""

    year: int
    coverages: Sequence[Coverage]

    @cached_property
    def sectors(self) -> list[Sector]:
        found = {coverage.sector for coverage in self.coverages if coverage.sector}
        return sorted(found, key=lambda sector: (sector.rank, sector.name))

    @cached_property
    def ground(self) -> Ground | None:
        return ground_of(self.coverages)

    def place_of(self, sector: Sector | None = None) -> frozenset[str]:
        """Where the territory is, or one sector of it, by communes of today."""
        return frozenset(
            code_of_today(coverage.commune.insee_code)
            for coverage in self.coverages
            if sector is None or coverage.sector_id == sector.pk
        )

    def within(self, commune: Commune) -> int:
        """How many of its communes are, or have become part of, this one."""
        return self._of_today[commune.insee_code]

    @cached_property
    def _of_today(self) -> Counter[str]:
        return Counter(code_of_today(one.commune.insee_code) for one in self.coverages)

    def has(self, commune: Commune) -> bool:
        return any(coverage.commune_id == commune.pk for coverage in self.coverages)


@dataclass(frozen=True)
class CommuneYear:
    """One indicator in one year, commune by commune."""

    entry: CampaignIndicator
    definition: Definition
    perimeter: Perimeter
    disclosed: ByCommune

    @property
    def year(self) -> int:
        return self.perimeter.year

    @property
    def source(self) -> str:
        """The mention beside the figures (art. 5)."""
        return self.entry.provider.source

    def figure(self, commune: Commune) -> DisclosedFigure:
        return self.disclosed.communes.get(commune.pk, NOTHING)

    def of_sector(self, sector: Sector) -> DisclosedFigure:
        return self.disclosed.sectors.get(sector.pk, NOTHING)

    @property
    def whole(self) -> DisclosedFigure:
        return self.disclosed.territory

    @cached_property
    def figures(self) -> list[tuple[Commune, DisclosedFigure]]:
        return [(c.commune, self.figure(c.commune)) for c in self.perimeter.coverages]

    @cached_property
    def numbers(self) -> list[Decimal]:
        return [figure.number for _, figure in self.figures if figure.is_number]

    @cached_property
    def median(self) -> Decimal | None:
        """Of the figures that may be read; None with too few."""
        if len(self.numbers) < ENOUGH_FOR_MEDIAN:
            return None
        return round_to(median(self.numbers), self.definition.decimals)

    @property
    def median_told(self) -> str:
        return self.definition.show(self.median)

    @property
    def range_told(self) -> str:
        """« de 11 à 47 »; empty without a figure."""
        return range_told(self.numbers, self.definition) if self.numbers else ""

    @property
    def is_given(self) -> bool:
        """Whether the figure of a commune, or why there is none, has come."""
        return self.disclosed.is_given

    @property
    def lead(self) -> str:
        """What is to be known of the figures together."""
        if self.disclosed.is_pending:
            return self.disclosed.awaited
        told = []
        if self.median is not None:
            told.append(f"Médiane des communes : {self.median_told}.")
        if self.masked:
            told.append(f"Secrets : {plural(self.masked, 'commune,communes')}.")
        if self.whole.is_number and self.whole.partial:
            told.append(f"Le chiffre du territoire est {self.whole.partial_words}.")
        return " ".join(told)

    @property
    def masked(self) -> int:
        return sum(figure.is_masked for _, figure in self.figures)

    @cached_property
    def map(self) -> FigureMap:
        told = [(commune.insee_code, figure) for commune, figure in self.figures]
        return map_of(told, self.definition, self.year)

    @property
    def ground(self) -> Ground | None:
        return self.perimeter.ground


def read_by_commune(
    convention: Convention,
    indicators: Iterable[Indicator],
    *,
    year: int | None = None,
    until: int | None = None,
) -> dict[int, list[CommuneYear]]:
    """Of these indicators, by primary key, the years in which they were asked of each commune, the
    earliest first; of one ``year``, or of those up to one."""
    indicators = list(indicators)
    if not indicators:
        return {}
    asked = CampaignIndicator.objects.of(convention).by_commune()
    asked = asked.filter(campaign__opened_at__isnull=False, indicator__in=indicators)
    if year is not None:
        asked = asked.filter(campaign__year=year)
    if until is not None:
        asked = asked.filter(campaign__year__lte=until)
    # Each of these is one object, however many rows point to it.
    rows = asked.select_related("disclosure").order_by("campaign__year")
    return years_by_commune(convention, rows.prefetch_related("campaign", "provider", "version"))


def years_by_commune(
    convention: Convention, asked: Iterable[CampaignIndicator]
) -> dict[int, list[CommuneYear]]:
    """The same of entries of a convention that were asked of each commune, the earliest first, as
    they were read (``CampaignIndicatorQuerySet.with_rules``)."""
    entries = list(asked)
    for entry in entries:
        entry.campaign.convention = convention
    read: dict[int, list[CommuneYear]] = {}
    for one in commune_years(entries):
        read.setdefault(one.entry.indicator_id, []).append(one)
    return read


def commune_years(entries: Iterable[CampaignIndicator]) -> list[CommuneYear]:
    """These entries commune by commune, in the same order. They come with their campaign, its
    convention, version, provider and disclosure."""
    entries = list(entries)
    disclosed = disclosed_by_commune(entries)
    # The maps of a year have one ground.
    perimeters: dict[int, Perimeter] = {}
    definitions: dict[int, Definition] = {}
    found = []
    for entry in entries:
        if entry.version_id not in definitions:
            definitions[entry.version_id] = Definition.of(entry.version)
        year, told = entry.campaign.year, disclosed[entry.pk]
        perimeter = perimeters.setdefault(year, Perimeter(year, told.coverages))
        found.append(CommuneYear(entry, definitions[entry.version_id], perimeter, told))
    return found
