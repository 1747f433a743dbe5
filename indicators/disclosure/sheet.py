"""The figures of one indicator and year, as they are given: what a table is made of. Of an
indicator of the whole territory that adds up with others, its table has this one figure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from agreements.models import Version
from conventions.models import Commune, Coverage, Sector
from ctg_portal.search import fold
from indicators.collection.models import CampaignIndicator
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure.figure import is_protected, terms_of
from indicators.disclosure.stamps import perimeters_of, stamps_of
from indicators.disclosure.tables import (
    TERRITORY,
    Earlier,
    Key,
    Pattern,
    Relation,
    Rule,
    Terms,
    digest_of,
    digest_of_single,
    plain,
    summed,
    terms_in,
    tried,
)
from indicators.values.models import Absence, Value

# In how many communes two counts are the same, to be taken for one; all, where there are fewer.
ALIKE = 3
# Which part of those where any is counted may differ, and one at least: what is mistyped in one is
# the same count.
UNLIKE = Decimal("0.2")


def commune_place(pk: int) -> str:
    return f"c{pk}"


def sector_place(pk: int) -> str:
    return f"s{pk}"


@dataclass
class Sheet:
    """``coverages``: the communes of the year's perimeter, none where they are not asked.
    ``values``: those that are given, by commune, None for the whole territory. ``stamp``: of their
    rows, where it was asked for. ``agreed``: its definitions that were in force since that of the
    year was frozen (``know_agreed``)."""

    entry: CampaignIndicator
    coverages: list[Coverage]
    values: dict[int | None, Value] = field(default_factory=dict)
    stamp: str = ""
    agreed: list[Definition] = field(default_factory=list)

    @cached_property
    def definition(self) -> Definition:
        return Definition.of(self.entry.version)

    @property
    def definitions(self) -> list[Definition]:
        return [self.definition, *self.agreed]

    @cached_property
    def parts(self) -> list[tuple[str, ...]]:
        """The series that add up to it, by each definition that says so of some."""
        found = [sorted(str(link["id"]) for link in one.parts) for one in self.definitions]
        return [*dict.fromkeys(tuple(named) for named in found if named)]

    @property
    def communes(self) -> list[Commune]:
        return [coverage.commune for coverage in self.coverages]

    @cached_property
    def sectors_named(self) -> list[Sector]:
        found = {coverage.sector for coverage in self.coverages if coverage.sector}
        return sorted(found, key=lambda sector: (sector.rank, sector.name))

    @property
    def is_protected(self) -> bool:
        """Whether a rule holds for its figures: then they are told by an ``Audit`` alone."""
        rule = self.entry.rule
        has_rule = bool(rule.masking_threshold or rule.rounding_base)
        return self.definition.is_confidential and has_rule and not self.is_published

    @property
    def is_published(self) -> bool:
        """Whether all its figures are those of a public statistic: everybody knows them anyway, and
        what they come to."""
        return bool(self.values) and all(value.is_public for value in self.values.values())

    @property
    def is_reserved(self) -> bool:
        """Whether the texts beside its figures are their provider's."""
        return is_protected(self.definition, self.entry.rule)

    @property
    def rule(self) -> Rule:
        if not self.is_protected:
            return Rule()
        return Rule(self.entry.rule.masking_threshold, self.entry.rule.rounding_base)

    def value(self, commune: Commune) -> Value | None:
        return self.values.get(commune.pk)

    @cached_property
    def placed(self) -> dict[str, Value | None]:
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

    @property
    def series(self) -> str:
        return str(self.entry.indicator_id)

    def key(self, place: str) -> Key:
        return Key(self.series, self.entry.campaign.year, place)

    def has(self, key: Key) -> bool:
        return key.series == self.series

    def counts(self, value: Value | None) -> Terms | None:
        """What a value counts; None where there is none, or a ratio without its terms."""
        if value is None or value.number is None:
            return None
        if self.definition.is_ratio and value.numerator is None:
            return None
        return terms_of(value, self.definition)

    @cached_property
    def given(self) -> dict[Key, Terms]:
        """The figures of its places that count."""
        found = {self.key(place): self.counts(value) for place, value in self.placed.items()}
        return {key: terms for key, terms in found.items() if terms is not None}

    @cached_property
    def sectors(self) -> dict[str, str | None]:
        return {
            commune_place(c.commune_id): sector_place(c.sector_id) if c.sector_id else None
            for c in self.coverages
        }

    @cached_property
    def sums(self) -> dict[Key, Terms]:
        """What sectors and territory come to, as far as their communes are known."""
        return summed(self.given, self.sectors) if self.definition.is_aggregated else {}

    @property
    def totals(self) -> dict[Key, Terms]:
        """The territory's figure, where it was given beside those of communes."""
        terms = self.counts(self.values.get(None)) if self.entry.is_by_commune else None
        return {self.key(TERRITORY): terms} if terms else {}

    @property
    def is_whole(self) -> bool:
        """Whether something is given at each place, if only why there is no figure."""
        return None not in self.placed.values()

    @property
    def is_settled(self) -> bool:
        """Whether it may be told to others. Until each commune's is given, or the year is closed,
        sums would grow by what each one brings."""
        is_over = self.entry.is_by_commune and self.entry.campaign.is_closed
        return self.is_whole or is_over

    @cached_property
    def published(self) -> dict[Key, Terms]:
        """The figures that are those of a public statistic: known, whatever is masked."""
        return {
            self.key(place): terms
            for place, value in (self.placed | {TERRITORY: self.values.get(None)}).items()
            if value is not None and value.is_public
            if (terms := self.counts(value)) is not None
        }

    @cached_property
    def digest(self) -> str:
        """Of all that decides what is masked."""
        if not self.entry.is_by_commune:
            return digest_of_single(self.rule, self.given.get(self.key(TERRITORY)))
        told = [
            [self.rule.threshold, self.rule.base, self.definition.is_aggregated],
            sorted((place, sector or "") for place, sector in self.sectors.items()),
            sorted((key.place, plain(terms)) for key, terms in (self.given | self.totals).items()),
        ]
        if self.published:
            told.append(sorted(key.place for key in self.published))
        return digest_of(told)

    @cached_property
    def counted(self) -> list[set[str]]:
        """What each of its terms counts, as it is spelled for comparing: how it was called as the
        year was frozen, and in force since."""
        is_ratio = self.definition.is_ratio
        terms = ("numerator", "denominator") if is_ratio else ("title",)
        alike = [one.content for one in self.definitions if one.is_ratio == is_ratio]
        return [{fold(content[term]) for content in alike} - {""} for term in terms]

    def tells(self, names: set[str], place: str) -> list[Decimal]:
        """What it tells of a count that is called one of these, at a place: of the whole territory
        also what its communes come to."""
        counted = [i for i, called in enumerate(self.counted) if names & called]
        if place == TERRITORY:
            given = list((self.totals or self.given).values())
        else:
            given = [self.by_place[place]] if place in self.by_place else []
        return [sum(terms[i] for terms in given) for i in counted if given]

    def patterns(self, other: "Sheet") -> list[Pattern]:
        """The counts that both tell: they are called the same, or are the same of the communes that
        both have."""
        found = []
        for i, names in enumerate(self.counted):
            for j, called in enumerate(other.counted):
                if names & called or self._counts_the_same(i, other, j):
                    both = {(self.series, i): 1, (other.series, j): -1}
                    found.append(Pattern(self.entry.campaign.year, both))
        return found

    def _counts_the_same(self, term: int, other: "Sheet", theirs: int) -> bool:
        """Whether the numbers say so: of all communes that both have, or, of enough that are not
        none, of most."""
        if not (self.entry.is_by_commune and other.entry.is_by_commune):
            return False
        places = self.by_place.keys() & other.by_place.keys()
        counts = [(self.by_place[at][term], other.by_place[at][theirs]) for at in places]
        if all(one == two for one, two in counts):
            return len(counts) >= max(1, min(ALIKE, len(self.coverages)))
        counted = [pair for pair in counts if any(pair)]
        alike = sum(one == two for one, two in counted)
        return alike >= ALIKE and len(counted) - alike <= max(1, UNLIKE * len(counted))

    @cached_property
    def by_place(self) -> dict[str, Terms]:
        return {key.place: terms for key, terms in self.given.items()}

    @property
    def tried(self) -> tuple[Relation, ...]:
        """Where sums are not told, a total that is given may well be the sum: who looks for a
        commune's figure will try."""
        return () if self.definition.is_aggregated else tried(self.given, self.totals)

    @property
    def stated(self) -> Terms | None:
        """Its baseline, where it is of this very year: everybody reads it with the definition."""
        definition = self.definition
        is_of_year = definition.baseline_year == self.entry.campaign.year
        is_count = is_of_year and definition.baseline is not None and not definition.is_ratio
        return (definition.baseline,) if is_count else None

    @property
    def told_anyway(self) -> list[Earlier]:
        """Those of its figures that are known, whatever is masked."""
        known = [{self.key(TERRITORY): self.stated}] if self.stated else []
        if not self.is_protected:
            has_totals = self.definition.is_aggregated
            table = Earlier(self.given, frozenset(), self.sectors, has_totals, self.totals)
            return [table, *(Earlier(of, frozenset(), {}, has_totals=False) for of in known)]
        known += [self.published] if self.published else []
        return [Earlier(of, frozenset(), self.sectors, has_totals=False) for of in known]

    def earlier(self, audit) -> Earlier:
        given = {self.key(place): terms_in(terms) for place, terms in audit.given.items()}
        masked = {self.key(place_of(mask)) for mask in audit.masks.all()}
        totals = {key: given.pop(key) for key in [self.key(TERRITORY)] if key in given}
        rounded = {self.key(place): terms_in(terms) for place, terms in audit.rounded.items()}
        return Earlier(
            given,
            frozenset(masked),
            audit.sectors,
            self.definition.is_aggregated,
            totals,
            rounded,
            audit.base,
        )


def place_of(mask) -> str:
    if mask.commune_id:
        return commune_place(mask.commune_id)
    return sector_place(mask.sector_id) if mask.sector_id else TERRITORY


def know_agreed(sheets: Iterable[Sheet]) -> None:
    """Have the sheets know what was agreed of their indicators since their definitions were frozen
    for the year, in force today or no more. Who has read that holds it for true of the years
    before."""
    sheets = list(sheets)
    indicators = Indicator.objects.filter(pk__in=[sheet.entry.indicator_id for sheet in sheets])
    found: dict[int, list[Version]] = {}
    for version in Version.objects.of_subjects(indicators).once_in_force().order_by("number"):
        found.setdefault(version.object_id, []).append(version)
    for sheet in sheets:
        later = found.get(sheet.entry.indicator_id, [])
        frozen = sheet.entry.version
        sheet.agreed = [Definition.of(one) for one in later if one.number > frozen.number]


def stamped_sheets(entries: Iterable[CampaignIndicator]) -> list[Sheet]:
    """The sheets of indicators, with the stamps of their rows."""
    entries = list(entries)
    stamps = stamps_of(entries)  # before what they are of
    return [replace(sheet, stamp=stamps[sheet.entry.pk].told) for sheet in read_sheets(entries)]


def read_sheets(entries: Iterable[CampaignIndicator]) -> list[Sheet]:
    """The sheets of indicators, in a query for all values and some for the perimeter of the
    years with figures by commune. The entries come with their campaign, version and
    provider."""
    entries = list(entries)
    values: dict[int, dict[int | None, Value]] = {entry.pk: {} for entry in entries}
    for value in Value.objects.shown().filter(campaign_indicator__in=values):
        values[value.campaign_indicator_id][value.commune_id] = value
    places = Coverage.objects.select_related("commune", "sector")
    perimeters = perimeters_of(entries, places)
    return [
        Sheet(entry, perimeters[entry.campaign_id] if entry.is_by_commune else [], values[entry.pk])
        for entry in entries
    ]
