"""Read the figures of one indicator and year, as they are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from conventions.models import Commune, Convention, Coverage, Sector
from conventions.territory.reading import perimeters_of
from indicators.definitions.definition import Definition
from indicators.disclosure.figure import is_masked_or_rounded, is_protected, terms_of
from indicators.disclosure.places import TERRITORY, Terms, commune_place, sector_place
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Absence, ShownValue, Value, ValueState


@dataclass
class Sheet:
    """The figures of one indicator and year, as they are given.

    ``coverages``: the communes of the year's perimeter, empty if they are not asked. ``values``:
    the shown values by commune, None for the whole territory.
    """

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
    def named_sectors(self) -> list[Sector]:
        """The sectors of the year's communes, by rank and name."""
        sectors = {coverage.sector for coverage in self.coverages if coverage.sector}
        return sorted(sectors, key=lambda sector: (sector.rank, sector.name))

    @property
    def is_protected(self) -> bool:
        """Whether a rule holds for its figures: then they are shown as they were disclosed."""
        return is_masked_or_rounded(self.definition, self.entry.rule) and not self.is_published

    @property
    def is_published(self) -> bool:
        """Whether all its figures are those of a public statistic: everybody knows them anyway, and
        what they come to."""
        return bool(self.values) and all(value.is_public for value in self.values.values())

    def published_source(self, values: Iterable[ShownValue]) -> str:
        """Return the mention of the releases that all of its figures are from, these at least;
        empty if one is its provider's."""
        if not self.is_published:
            return ""
        sources: dict[int | None, list[str]] = {}
        for value in values:
            sources.setdefault(value.release_id, []).append(value.source)
        # Of a commune that others have joined, the mention says so at its end.
        return " · ".join(sorted(min(mentions) for mentions in sources.values()))

    @property
    def is_reserved(self) -> bool:
        """Whether the texts beside its figures are their provider's."""
        return is_protected(self.definition, self.entry.rule)

    def value(self, commune: Commune) -> ShownValue | None:
        return self.values.get(commune.pk)

    @cached_property
    def placed(self) -> dict[str, ShownValue | None]:
        """The value given at each place of its table, or None."""
        if not self.entry.is_by_commune:
            return {TERRITORY: self.values.get(None)}
        return {commune_place(commune.pk): self.value(commune) for commune in self.communes}

    def is_covered(self, place: str) -> bool:
        """Return whether a place counts in sums: it has a number, or nothing to be counted."""
        value = self.placed.get(place)
        return value is not None and (
            value.number is not None or value.absence == Absence.NOT_APPLICABLE
        )

    def terms(self, value: ShownValue | None) -> Terms | None:
        """Return what a value counts; None for none, an absence, or a ratio without its terms."""
        if value is None or value.number is None:
            return None
        if self.definition.is_ratio and value.numerator is None:
            return None
        return terms_of(value, self.definition)

    @cached_property
    def given(self) -> dict[str, Terms]:
        """The terms that are given, by place; a place without a number is not in it."""
        by_place = {place: self.terms(value) for place, value in self.placed.items()}
        return {place: terms for place, terms in by_place.items() if terms is not None}

    @property
    def total(self) -> Terms | None:
        """The territory's figure, where it was given beside those of communes."""
        return self.terms(self.values.get(None)) if self.entry.is_by_commune else None

    @cached_property
    def public(self) -> set[str]:
        """The places of which the figure is that of a public statistic, the territory included."""
        placed = self.placed | {TERRITORY: self.values.get(None)}
        return {place for place, value in placed.items() if value is not None and value.is_public}

    @cached_property
    def sectors(self) -> dict[str, str | None]:
        """The sector of each commune, both as places; None for a commune without one."""
        return {
            commune_place(c.commune_id): sector_place(c.sector_id) if c.sector_id else None
            for c in self.coverages
        }

    @cached_property
    def sums(self) -> dict[str, Terms]:
        """The sums for sectors and territory, over the communes that have a figure; none if the
        indicator's figures are not summed."""
        return sum_terms(self.given, self.sectors) if self.definition.is_aggregated else {}

    @property
    def is_whole(self) -> bool:
        """Whether something is given at each place, if only why there is no figure."""
        return None not in self.placed.values()

    @property
    def is_verified(self) -> bool:
        """Whether its provider has confirmed all that is given, figures of public statistics apart;
        true if nothing is."""
        given = [value for value in self.values.values() if not value.is_public]
        return all(value.state == ValueState.VERIFIED for value in given)


def sum_terms(given: Mapping[str, Terms], sectors: Mapping[str, str | None]) -> dict[str, Terms]:
    """Return the sums of terms given by commune, term by term, for each sector and the territory;
    ``sectors``: that of each commune."""
    sums: dict[str, Terms] = {}
    for place, terms in given.items():
        for total in {sectors.get(place), TERRITORY} - {None}:
            before = sums.get(total, (0,) * len(terms))
            sums[total] = tuple(term + other for term, other in zip(before, terms, strict=True))
    return sums


def read_sheets(entries: Iterable[CampaignIndicator]) -> list[Sheet]:
    """Return the sheets of indicators: one query for all values, some for the perimeters of years
    with figures by commune.

    The entries come with campaign, version, provider and disclosure (``with_rules``).
    """
    entries = list(entries)
    values: dict[int, dict[int | None, ShownValue]] = {entry.pk: {} for entry in entries}
    for value in ShownValue.read(Value.objects.filter(campaign_indicator__in=values)):
        values[value.campaign_indicator_id][value.commune_id] = value
    campaigns = {entry.campaign_id: entry.campaign for entry in entries if entry.is_by_commune}
    years: dict[Convention, set[int]] = {}
    for campaign in campaigns.values():
        years.setdefault(campaign.convention, set()).add(campaign.year)
    coverages = {item: perimeters_of(item, tuple(sorted(asked))) for item, asked in years.items()}
    perimeters = {pk: coverages[item.convention][item.year] for pk, item in campaigns.items()}
    return [
        Sheet(entry, perimeters[entry.campaign_id] if entry.is_by_commune else [], values[entry.pk])
        for entry in entries
    ]
