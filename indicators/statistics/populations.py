"""Read how many people or households live in communes, by which counts are compared."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from conventions.models import Convention, Coverage
from conventions.territory.naming import former_communes
from indicators.definitions.models import Population
from indicators.figures.releases import PublicFigure, Release
from indicators.statistics.filling import mention
from indicators.statistics.source import Measure, measuring_population

# Communes with fewer are left out of comparisons: one person more or less would decide.
SMALLEST = 30
OWN_POPULATIONS = "populations du territoire de la convention"


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


class Denominating:
    """Reads the denominators of a convention for several years, each census once."""

    def __init__(self, convention: Convention):
        self.convention = convention
        self._releases: dict[str, list[Release]] = {}
        self._counted: dict[tuple[int, str], dict[str, Decimal]] = {}

    def of(
        self, coverages: Collection[Coverage], population: Population, year: int
    ) -> Denominators | None:
        """Return the denominators for figures of ``year``: of a census in use that counts this
        population, the last one up to that year, else the first; inhabitants of the territory's
        communes if none does. None where these are not known either."""
        codes = {coverage.commune.insee_code for coverage in coverages}
        return self._read_census(codes, population, year) or self._read_inhabitants(coverages)

    def _read_census(
        self, codes: set[str], population: Population, year: int
    ) -> Denominators | None:
        """Return what a census counts in the communes with these codes; None without a census, or
        if it has none of them."""
        measuring = measuring_population(population)
        if measuring is None:
            return None
        source, measure = measuring
        if source.key not in self._releases:
            in_use = Release.objects.counting_for(self.convention).from_sources([source.key])
            self._releases[source.key] = sorted(in_use, key=attrgetter("year"))
        releases = self._releases[source.key]
        if not releases:
            return None
        until = [release for release in releases if release.year <= year]
        release = until[-1] if until else releases[0]
        counts = _counts_of(codes, self._counted_in(release, measure))
        return Denominators(population, counts, mention(release)) if counts else None

    def _counted_in(self, release: Release, measure: Measure) -> dict[str, Decimal]:
        """Return what a census counts of a measure, by code, in the convention's communes and in
        those that have become part of them."""
        key = (release.pk, measure.code)
        if key not in self._counted:
            rows = PublicFigure.objects.for_communes().filter(
                release=release, measure=measure.code, place__in=self._places, number__isnull=False
            )
            self._counted[key] = dict(rows.values_list("place", "number"))
        return self._counted[key]

    @cached_property
    def _places(self) -> set[str]:
        """The codes of the convention's communes, and of those that have become part of them."""
        own = set(self.convention.communes.values_list("insee_code", flat=True))
        return own | {former.insee_code for former in former_communes() if former.became in own}

    def _read_inhabitants(self, coverages: Collection[Coverage]) -> Denominators | None:
        """Return the inhabitants of the territory's communes; None if no population is known."""
        known = {
            coverage.commune.insee_code: Decimal(coverage.commune.population)
            for coverage in coverages
            if coverage.commune.population is not None
        }
        source = self.convention.population_source.strip() or OWN_POPULATIONS
        mention_of_source = f"Habitants : {source}"
        return Denominators(Population.INHABITANTS, known, mention_of_source) if known else None


def _counts_of(codes: set[str], counted: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return the counts of the communes with these codes, with those that have become part of them.
    A commune that a later census counts together with another of them is left out."""
    apart = [former for former in former_communes() if former.insee_code in codes]
    joint = {former.became for former in apart if former.insee_code not in counted}
    counts = {code: counted[code] for code in (codes & counted.keys()) - joint}
    for former in former_communes():
        if former.became in counts and former.insee_code not in codes:
            counts[former.became] += counted.get(former.insee_code, Decimal(0))
    return counts
