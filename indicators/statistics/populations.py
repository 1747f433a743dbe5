"""Read how many people or households live in communes, by which counts are compared."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from conventions.models import Convention, Coverage
from conventions.territory.naming import former_communes
from indicators.definitions.models import Population
from indicators.figures.releases import PublicFigure, Release
from indicators.statistics.filling import mention
from indicators.statistics.source import measuring_population

# Communes with fewer are left out of comparisons: one person more or less would decide.
SMALLEST = 30


@dataclass(frozen=True)
class Denominators:
    """How many of a population each commune has, by Insee code; one that is not known is left
    out. ``source``: the mention beside what is compared by it."""

    population: Population
    counts: dict[str, Decimal]
    source: str

    @property
    def label(self) -> str:
        """« pour 100 habitants »."""
        return f"pour 100 {self.population.label}"

    def of(self, code: str) -> Decimal | None:
        """Return the count of a commune; None if it is not known, or under ``SMALLEST``."""
        count = self.counts.get(code)
        return count if count is not None and count >= SMALLEST else None

    def total(self, codes: Collection[str]) -> Decimal | None:
        """Return the count of all these communes; None if one is not known, or they are few."""
        if not self.counts.keys() >= set(codes):
            return None
        total = sum((self.counts[code] for code in codes), Decimal(0))
        return total if total >= SMALLEST else None


def denominators_of(
    convention: Convention, coverages: Collection[Coverage], population: Population, year: int
) -> Denominators | None:
    """Return the denominators for figures of ``year``: of a release in use that counts this
    population, the last one up to that year, else the first; inhabitants of the territory's
    communes if none does. None where these are not known either."""
    codes = {coverage.commune.insee_code for coverage in coverages}
    counted = _published(convention, codes, population, year)
    return counted or _inhabitants(convention, coverages)


def _published(
    convention: Convention, codes: set[str], population: Population, year: int
) -> Denominators | None:
    """Return what a release counts in the communes with these codes, and in those that have become
    part of them; None without a release, or if it has none of them."""
    measuring = measuring_population(population)
    if measuring is None:
        return None
    source, measure = measuring
    releases = list(Release.objects.counting_for(convention).from_sources([source.key]))
    if not releases:
        return None
    earlier = [release for release in releases if release.year <= year]
    release = (
        max(earlier, key=lambda row: row.year)
        if earlier
        else min(releases, key=lambda row: row.year)
    )
    places = {code: code for code in codes} | {
        commune.insee_code: commune.became
        for commune in former_communes()
        if commune.became in codes and commune.insee_code not in codes
    }
    rows = PublicFigure.objects.for_communes().filter(
        release=release, measure=measure.code, place__in=places, number__isnull=False
    )
    counts: dict[str, Decimal] = defaultdict(Decimal)
    for place, number in rows.values_list("place", "number"):
        counts[places[place]] += number
    return Denominators(population, dict(counts), mention(release)) if counts else None


def _inhabitants(convention: Convention, coverages: Collection[Coverage]) -> Denominators | None:
    """Return the inhabitants of the territory's communes; None if no population is known."""
    known = {
        coverage.commune.insee_code: Decimal(coverage.commune.population)
        for coverage in coverages
        if coverage.commune.population is not None
    }
    source = convention.population_source.strip() or "populations du territoire de la convention"
    return Denominators(Population.INHABITANTS, known, f"Habitants : {source}") if known else None
