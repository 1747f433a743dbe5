"""The figures of one indicator and year, as they are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from conventions.models import Commune, Coverage, Sector
from conventions.territory.reading import perimeters_of
from indicators.definitions.definition import Definition
from indicators.disclosure.figure import is_masked_or_rounded, is_protected, terms_of
from indicators.disclosure.places import TERRITORY, Terms, commune_place, sector_place
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Absence, ShownValue, Value, ValueState


@dataclass
class Sheet:
    """``coverages``: the communes of the year's perimeter, none where they are not asked.
    ``values``: those that are given, by commune, None for the whole territory."""

    entry: CampaignIndicator
    coverages: list[Coverage]
    values: dict[int | None, ShownValue] = field(default_factory=dict)

    @cached_property
    def definition(self) -> Definition:
        return Definition.of(self.entry.version)

    @property
    def communes(self) -> list[Commune]:
        return [coverage.commune for coverage in self.coverages]

    @cached_property
    def sectors_named(self) -> list[Sector]:
        found = {coverage.sector for coverage in self.coverages if coverage.sector}
        return sorted(found, key=lambda sector: (sector.rank, sector.name))

    @property
    def is_protected(self) -> bool:
        """Whether a rule holds for its figures: then they are shown as they were disclosed."""
        return is_masked_or_rounded(self.definition, self.entry.rule) and not self.is_published

    @property
    def is_published(self) -> bool:
        """Whether all its figures are those of a public statistic: everybody knows them anyway, and
        what they come to."""
        return bool(self.values) and all(value.is_public for value in self.values.values())

    @property
    def is_reserved(self) -> bool:
        """Whether the texts beside its figures are their provider's."""
        return is_protected(self.definition, self.entry.rule)

    def value(self, commune: Commune) -> ShownValue | None:
        return self.values.get(commune.pk)

    @cached_property
    def placed(self) -> dict[str, ShownValue | None]:
        """What is given at each place of its table."""
        if not self.entry.is_by_commune:
            return {TERRITORY: self.values.get(None)}
        return {commune_place(commune.pk): self.value(commune) for commune in self.communes}

    def is_covered(self, place: str) -> bool:
        """Whether sums hold what it has there: a number, or nothing to be counted."""
        value = self.placed.get(place)
        return value is not None and (
            value.number is not None or value.absence == Absence.NOT_APPLICABLE
        )

    def communes_in(self, sector: Sector) -> list[Commune]:
        return [c.commune for c in self.coverages if c.sector_id == sector.pk]

    def terms(self, value: ShownValue | None) -> Terms | None:
        """Return what a value counts; None where there is none, or a ratio without its terms."""
        if value is None or value.number is None:
            return None
        if self.definition.is_ratio and value.numerator is None:
            return None
        return terms_of(value, self.definition)

    @cached_property
    def given(self) -> dict[str, Terms]:
        """The terms that are given, by place."""
        found = {place: self.terms(value) for place, value in self.placed.items()}
        return {place: terms for place, terms in found.items() if terms is not None}

    @property
    def total(self) -> Terms | None:
        """The territory's figure, where it was given beside those of communes."""
        return self.terms(self.values.get(None)) if self.entry.is_by_commune else None

    @cached_property
    def public(self) -> set[str]:
        """The places of which the figure is that of a public statistic."""
        placed = self.placed | {TERRITORY: self.values.get(None)}
        return {place for place, value in placed.items() if value is not None and value.is_public}

    @cached_property
    def sectors(self) -> dict[str, str | None]:
        """The sector of each commune, by place."""
        return {
            commune_place(c.commune_id): sector_place(c.sector_id) if c.sector_id else None
            for c in self.coverages
        }

    @cached_property
    def sums(self) -> dict[str, Terms]:
        """What sectors and territory come to, as far as their communes are known."""
        return summed(self.given, self.sectors) if self.definition.is_aggregated else {}

    @property
    def is_whole(self) -> bool:
        """Whether something is given at each place, if only why there is no figure."""
        return None not in self.placed.values()

    @property
    def is_verified(self) -> bool:
        """Whether its provider has confirmed all that is given."""
        given = [value for value in self.values.values() if not value.is_public]
        return all(value.state == ValueState.VERIFIED for value in given)


def summed(given: Mapping[str, Terms], sectors: Mapping[str, str | None]) -> dict[str, Terms]:
    """Return what terms by commune come to, by sector and for the territory."""
    found: dict[str, Terms] = {}
    for place, terms in given.items():
        for total in {sectors.get(place), TERRITORY} - {None}:
            before = found.get(total, (0,) * len(terms))
            found[total] = tuple(one + other for one, other in zip(before, terms, strict=True))
    return found


def read_sheets(entries: Iterable[CampaignIndicator]) -> list[Sheet]:
    """Return the sheets of indicators, in a query for all values and some for the perimeter of the
    years with figures by commune. The entries come with their campaign, version, provider and
    disclosure (``with_rules``)."""
    entries = list(entries)
    values: dict[int, dict[int | None, ShownValue]] = {entry.pk: {} for entry in entries}
    for value in ShownValue.read(Value.objects.filter(campaign_indicator__in=values)):
        values[value.campaign_indicator_id][value.commune_id] = value
    perimeters = _perimeters(entries)
    return [
        Sheet(entry, perimeters[entry.campaign_id] if entry.is_by_commune else [], values[entry.pk])
        for entry in entries
    ]


def _perimeters(entries: Iterable[CampaignIndicator]) -> dict[int, list[Coverage]]:
    """Return the communes that figures of a year are of, by the campaign's primary key; those of
    campaigns of which an indicator is asked by commune."""
    campaigns = {entry.campaign_id: entry.campaign for entry in entries if entry.is_by_commune}
    years: dict = {}
    for campaign in campaigns.values():
        years.setdefault(campaign.convention, set()).add(campaign.year)
    found = {one: perimeters_of(one, tuple(sorted(asked))) for one, asked in years.items()}
    return {pk: found[one.convention][one.year] for pk, one in campaigns.items()}
