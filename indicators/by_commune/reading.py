"""Read the figures of indicators commune by commune, year by year, as everybody may read them.

They come from ``disclosed_by_commune`` only: what is counted, compared, drawn or written to a file
here is made of what everybody may read.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from conventions.models import Commune, Convention, Coverage, Sector
from conventions.territory.naming import code_of_today
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.by_commune.drawing import FigureMap, Ground, format_range, ground_of, map_of
from indicators.by_commune.ratios import per_hundred, ratio_definition
from indicators.definitions.adding_up import is_summable
from indicators.definitions.definition import Definition, round_to
from indicators.definitions.models import Indicator, Population
from indicators.disclosure import LEFT_OUT, NOTHING, DisclosedFigure
from indicators.disclosure.reading import FiguresByCommune, disclosed_by_commune
from indicators.figures.campaigns import CampaignIndicator
from indicators.statistics.populations import SMALLEST, Denominating, Denominators

# With fewer figures than this, none is compared with their median.
ENOUGH_FOR_MEDIAN = 3
NO_POPULATION = (
    "La population des communes n’est pas connue : les chiffres des communes ne se comparent pas."
)


@dataclass(frozen=True)
class Perimeter:
    """The communes covered by a year's figures, by name, with their sectors."""

    year: int
    coverages: Sequence[Coverage]

    @cached_property
    def sectors(self) -> list[Sector]:
        """The sectors that have communes, by rank and name."""
        sectors = {coverage.sector for coverage in self.coverages if coverage.sector}
        return sorted(sectors, key=lambda sector: (sector.rank, sector.name))

    @cached_property
    def ground(self) -> Ground | None:
        return ground_of(self.coverages)

    def place_of(self, sector: Sector | None = None) -> frozenset[str]:
        """Return the codes of today's communes in a sector; None: in the whole territory."""
        return frozenset(
            code_of_today(coverage.commune.insee_code)
            for coverage in self.coverages
            if sector is None or coverage.sector_id == sector.pk
        )

    def within(self, commune: Commune) -> int:
        """Return how many communes of the perimeter are this one, or have merged into it."""
        return self._counts_by_code_of_today[commune.insee_code]

    @cached_property
    def _counts_by_code_of_today(self) -> Counter[str]:
        return Counter(code_of_today(coverage.commune.insee_code) for coverage in self.coverages)

    def has(self, commune: Commune) -> bool:
        return any(coverage.commune_id == commune.pk for coverage in self.coverages)


@dataclass(frozen=True)
class CommuneYear:
    """The figures of one indicator in one year, commune by commune, as everybody may read them.

    Communes are compared by ``compared``: what adds up is divided by ``denominators``, a ratio or
    rate stands as it is. ``denominators``: None where nothing is divided, or no population known.
    All that compares is made of disclosed figures: what is masked has no ratio.
    """

    entry: CampaignIndicator
    definition: Definition
    perimeter: Perimeter
    disclosed: FiguresByCommune
    denominators: Denominators | None = None

    @property
    def year(self) -> int:
        return self.perimeter.year

    @cached_property
    def source(self) -> str:
        """The source mentions of its figures, each once; its provider's if it has none."""
        figures = [self.whole, *(figure for _, figure in self.figures)]
        sources = sorted({self.source_of(figure) for figure in figures if not figure.is_missing})
        # What a figure says more of the same source, « total de 3 communes », is its own.
        distinct = [s for s in sources if not any(s.startswith(f"{t} ; ") for t in sources)]
        own = distinct or [self.entry.provider.source]
        return " · ".join([*own, *([self.denominators.source] if self.denominators else [])])

    def source_of(self, figure: DisclosedFigure) -> str:
        """Return the mention beside a figure of it: its own source, else its provider's."""
        return figure.source or self.entry.provider.source

    def figure(self, commune: Commune) -> DisclosedFigure:
        """Return the commune's figure; ``NOTHING`` if it was never given."""
        return self.disclosed.communes.get(commune.pk, NOTHING)

    def sector_figure(self, sector: Sector) -> DisclosedFigure:
        return self.disclosed.sectors.get(sector.pk, NOTHING)

    @property
    def whole(self) -> DisclosedFigure:
        return self.disclosed.territory

    @cached_property
    def figures(self) -> list[tuple[Commune, DisclosedFigure]]:
        """Each commune with its figure, by name, those without one included."""
        return [(c.commune, self.figure(c.commune)) for c in self.perimeter.coverages]

    @property
    def is_comparable(self) -> bool:
        """Whether communes are compared: not by a count of which no population is known."""
        return self.denominators is not None or not adds_up(self.definition)

    @cached_property
    def compared(self) -> list[tuple[Commune, DisclosedFigure]]:
        """Each commune with the figure by which it is compared, by name."""
        return [(c, self.ratio(c) or figure) for c, figure in self.figures]

    @property
    def compared_definition(self) -> Definition:
        """The definition of what is compared: the unit « places pour 100 habitants »."""
        if self.denominators is None:
            return self.definition
        return ratio_definition(self.definition, self.denominators)

    def ratio(self, commune: Commune) -> DisclosedFigure | None:
        """Return the commune's figure for 100 of the population; None where nothing is divided."""
        if self.denominators is None:
            return None
        return per_hundred(self.figure(commune), self.denominators.of(commune.insee_code))

    def ratio_of(self, sector: Sector | None = None) -> DisclosedFigure | None:
        """Return the ratio of the territory, or of a sector; None where nothing is divided, or the
        total is of some communes only."""
        figure = self.whole if sector is None else self.sector_figure(sector)
        if self.denominators is None or figure.partial or figure.is_below:
            return None
        codes = [
            coverage.commune.insee_code
            for coverage in self.perimeter.coverages
            if sector is None or coverage.sector_id == sector.pk
        ]
        return per_hundred(figure, self.denominators.total(codes))

    @cached_property
    def numbers(self) -> list[Decimal]:
        """The numbers that are compared: no masked, missing or absent figure."""
        if not self.is_comparable:
            return []
        numbers = (figure.number for _, figure in self.compared if figure.is_number)
        return [number for number in numbers if number is not None]

    @cached_property
    def median(self) -> Decimal | None:
        """The rounded median of ``numbers``; None with fewer than ``ENOUGH_FOR_MEDIAN``."""
        if len(self.numbers) < ENOUGH_FOR_MEDIAN:
            return None
        return round_to(median(self.numbers), self.compared_definition.decimals)

    @property
    def per(self) -> str:
        """« pour 100 habitants »; empty where nothing is divided."""
        return self.denominators.label if self.denominators else ""

    @property
    def median_text(self) -> str:
        """The median with its unit, and what it is divided by; empty without a median."""
        text = self.compared_definition.show(self.median)
        return f"{text} {self.per}".strip() if text else ""

    @property
    def range_text(self) -> str:
        """« de 11 à 47 pour 100 habitants »; empty without a number."""
        if not self.numbers:
            return ""
        return f"{format_range(self.numbers, self.compared_definition)} {self.per}".strip()

    @property
    def is_given(self) -> bool:
        """Whether a commune gave a number or stated an absence."""
        return self.disclosed.is_given

    @property
    def lead(self) -> str:
        """Sentences on median, secret communes and partial total; while pending, only why."""
        if self.disclosed.is_pending:
            return self.disclosed.pending_note
        sentences = []
        if self.median is not None:
            sentences.append(f"Médiane des communes : {self.median_text}.")
        sentences += self._limits_of_ratios
        if self.masked:
            sentences.append(f"Secrets : {plural(self.masked, 'commune,communes')}.")
        if self.whole.is_number and self.whole.partial:
            sentences.append(f"Le chiffre du territoire est {self.whole.partial_words}.")
        return " ".join(sentences)

    @property
    def _limits_of_ratios(self) -> list[str]:
        """Sentences on communes left out (population small or not known, figure covered), and on
        another population than the definition names, which nobody has loaded."""
        if self.denominators is None:
            return [] if self.is_comparable else [NO_POPULATION]
        sentences, population = [], self.denominators.population
        left_out = [
            figure for commune, figure in self.figures if self._is_left_out(commune, figure)
        ]
        covered = [figure for figure in left_out if figure.is_below]
        if few := len(left_out) - len(covered):
            communes = plural(few, "commune,communes")
            known = f"moins de {SMALLEST} {population.label}, ou un nombre qui n’est pas connu"
            sentences.append(f"Rapport non calculé : {communes} ({known}).")
        if covered:
            communes = plural(len(covered), "commune,communes")
            words = enumerate_words(sorted({figure.text for figure in covered}))
            sentences.append(f"Rapport non calculé : {communes} (chiffre « {words} »).")
        if population != (wanted := Population(self.definition.reference_population)):
            sentences.append(
                f"Le rapport est pour 100 {population.label} : aucun recensement chargé ne compte "
                f"les {wanted.label}."
            )
        return sentences

    def _is_left_out(self, commune: Commune, figure: DisclosedFigure) -> bool:
        """Return whether a commune has a number, but its ratio is not computed."""
        ratio = self.ratio(commune)
        return figure.is_number and ratio is not None and ratio.kind == LEFT_OUT

    @property
    def masked(self) -> int:
        """The number of communes whose figure is masked, pending ones included."""
        return sum(figure.is_masked for _, figure in self.figures)

    @cached_property
    def map(self) -> FigureMap:
        """The map of the figures that are compared: the ratios, where there are any."""
        figures = [(commune.insee_code, figure) for commune, figure in self.compared]
        definition = self.compared_definition
        return map_of(figures, definition, self.year, has_median=self.is_comparable)

    @property
    def ground(self) -> Ground | None:
        return self.perimeter.ground


def adds_up(definition: Definition) -> bool:
    """Return whether its figures are counts or amounts, which say nothing of a commune until they
    are divided by its population."""
    return is_summable(definition.title, definition.unit, definition.calculation)


def read_by_commune(
    convention: Convention,
    indicators: Iterable[Indicator],
    *,
    year: int | None = None,
    until: int | None = None,
) -> dict[int, list[CommuneYear]]:
    """Return, by key of the indicator, the years in which an opened campaign asked it of each
    commune, the earliest first; only ``year``, or up to ``until``. No key without such a year."""
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
    """Return entries read already (``CampaignIndicatorQuerySet.with_rules``) commune by commune, by
    key of the indicator, in the order given; they get this ``convention`` object."""
    entries = list(asked)
    for entry in entries:
        entry.campaign.convention = convention
    read: dict[int, list[CommuneYear]] = {}
    for commune_year in commune_years(entries):
        read.setdefault(commune_year.entry.indicator_id, []).append(commune_year)
    return read


def commune_years(entries: Iterable[CampaignIndicator]) -> list[CommuneYear]:
    """Return entries of one convention commune by commune, in the same order, with the figures as
    disclosed; those of a year share one perimeter. The caller has loaded campaign, convention,
    version, provider and disclosure."""
    entries = list(entries)
    disclosed = disclosed_by_commune(entries)
    # The maps of a year have one ground.
    perimeters: dict[int, Perimeter] = {}
    definitions: dict[int, Definition] = {}
    denominating: Denominating | None = None
    divided: dict[tuple[int, Population], Denominators | None] = {}
    years = []
    for entry in entries:
        if entry.version_id not in definitions:
            definitions[entry.version_id] = Definition.of(entry.version)
        year, figures = entry.campaign.year, disclosed[entry.pk]
        perimeter = perimeters.setdefault(year, Perimeter(year, figures.coverages))
        definition, denominators = definitions[entry.version_id], None
        if adds_up(definition):
            denominating = denominating or Denominating(entry.campaign.convention)
            key = (year, Population(definition.reference_population))
            if key not in divided:
                divided[key] = denominating.of(perimeter.coverages, key[1], year)
            denominators = divided[key]
        years.append(CommuneYear(entry, definition, perimeter, figures, denominators))
    return years
