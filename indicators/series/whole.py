"""The whole territory's figure, where it is asked of each commune: given by who provides it, or
made of those of its communes. It is read here alone, for pages, reports and files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Max, Min, Q, Sum, When
from django.db.models import Value as Literal

from conventions.models import Convention
from conventions.territory.naming import code_of_today
from conventions.territory.reading import perimeters_of
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from indicators.definitions.definition import Definition
from indicators.definitions.models import FINEST
from indicators.disclosure.figure import format_coverage
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Absence, ShownValue, Value, ValueState


@dataclass(frozen=True)
class Computed:
    """A figure of the territory that nobody gave: it has what ``disclose`` asks of a value.
    ``is_public``: of figures that are all of one public statistic; ``rounding_base``: to which that
    rounded each; ``absence``: why there is no number."""

    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    provisional: bool
    is_verified: bool
    is_public: bool = False
    source: str = ""
    absence: str = ""
    rounding_base: int = 0

    is_shown = True
    reason = comment = ""
    commune_id = None

    @property
    def is_absent(self) -> bool:
        return bool(self.absence)


@dataclass(frozen=True)
class CommuneTotals:
    """The totals of the figures that communes were given: their sums, of how many communes
    (``given``, of ``asked``), whether all are verified, and one of them provisional. « Sans objet »
    is given, and adds nothing; « non disponible » is missing. ``absence``: of the whole, where no
    commune has a number and each says why. ``is_public``: whether all are of a public statistic;
    ``source``, ``rounding_base``: its mention, and to what it rounds. ``communes``: of which
    communes of today, by code, they are asked."""

    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    given: int
    asked: int
    is_verified: bool
    is_provisional: bool
    absence: str = ""
    is_public: bool = False
    source: str = ""
    rounding_base: int = 0
    communes: frozenset[str] = frozenset()

    @property
    def is_partial(self) -> bool:
        return self.given < self.asked

    @property
    def share(self) -> str:
        """The words « 41 communes sur 47 »."""
        return format_coverage(self.given, self.asked)

    def whole(self, definition: Definition) -> Computed | None:
        """Return their sum, or the ratio of their sums, or their common absence; None where a ratio
        has no denominator, or no commune a number."""
        number = self.number
        if self.absence:
            return Computed(
                None, None, None, self.is_provisional, self.is_verified,
                is_public=self.is_public, source=self.source, absence=self.absence,
            )  # fmt: skip
        if definition.is_ratio:
            if not self.denominator:
                return None
            number = self.numerator / self.denominator * definition.factor
        if number is None:
            return None
        return Computed(
            number.quantize(FINEST),
            self.numerator if definition.is_ratio else None,
            self.denominator if definition.is_ratio else None,
            self.is_provisional,
            self.is_verified,
            # The total of what is published is shown as such, and under no other rule.
            is_public=self.is_public,
            source=self.source and f"{self.source} ; total de {self.share}",
            rounding_base=self.rounding_base,
        )


@dataclass(frozen=True)
class Whole:
    """The territory's figure of an indicator by commune. ``value``: the one that counts, given or
    computed; ``totals``: those of its communes, where any is given; ``is_given``: whether its
    provider gives it."""

    value: Value | ShownValue | Computed | None
    totals: CommuneTotals | None = None
    is_given: bool = False

    @property
    def partial(self) -> str:
        """The words « 41 communes sur 47 » for a computed total of some communes only; empty for
        others, and for a common absence."""
        totals = None if self.is_given else self.totals
        is_partial = totals and totals.is_partial and not totals.absence
        return totals.share if is_partial else ""

    @property
    def communes(self) -> frozenset[str]:
        """The communes, by code of today, of which a figure that nobody gave is the sum; empty for
        a figure that its provider gave."""
        return frozenset() if self.is_given or not self.totals else self.totals.communes

    def difference(self, definition: Definition) -> Decimal | None:
        """Return how much more the figure given is than the total of its communes, both rounded as
        shown (negative if less); None where they are equal, one is missing or the total is partial.
        """
        if not (self.is_given and self.totals) or self.totals.is_partial:
            return None
        computed = self.totals.whole(definition)
        if computed is None or computed.number is None or self.value.number is None:
            return None
        difference = definition.rounded(self.value.number) - definition.rounded(computed.number)
        return difference or None


def wholes_of(
    convention: Convention,
    entries: Iterable[CampaignIndicator],
    given: Mapping[int, Value | ShownValue],
) -> dict[int, Whole]:
    """Return the figure of the territory for each of these entries that is asked by commune, by its
    primary key: the one given, else the total if the indicator's figures are summed, else none.
    ``given``: the values of the territory itself, by entry. No query without such an entry."""
    tables = [entry for entry in entries if entry.is_by_commune]
    if not tables:
        return {}
    totals_by_entry = _totals(convention, tables)
    wholes = {}
    for entry in tables:
        definition, own = Definition.of(entry.version), given.get(entry.pk)
        totals = totals_by_entry.get(entry.pk)
        if own is not None or totals is None or not definition.is_aggregated:
            wholes[entry.pk] = Whole(own, totals, is_given=own is not None)
        else:
            wholes[entry.pk] = Whole(totals.whole(definition), totals)
    return wholes


def _totals(convention: Convention, tables: list[CampaignIndicator]) -> dict[int, CommuneTotals]:
    """Return the totals of the shown values of communes of the year's perimeter, by the entry's
    primary key; an entry without any such value is not in it. The database adds up."""
    years = {entry.pk: entry.campaign.year for entry in tables}
    coverages = perimeters_of(convention, tuple(sorted(set(years.values()))))
    perimeters = {year: [row.commune_id for row in rows] for year, rows in coverages.items()}
    codes = {
        year: frozenset(code_of_today(row.commune.insee_code) for row in rows)
        for year, rows in coverages.items()
    }
    totals = {}
    within = tuple((year, tuple(pks)) for year, pks in perimeters.items())
    for row in _sums_in(convention, tuple(sorted(years)), within):
        is_public = row["published"] == row["all_of"]
        # The mentions of one release differ by what they say of a commune that others have joined.
        mentions = [row["source_of"], *([row["last_source_of"]] if row["releases"] > 1 else [])]
        # Of how many, whatever was counted when something was given.
        year = years[row["campaign_indicator"]]
        asked = len(perimeters[year])
        totals[row["campaign_indicator"]] = CommuneTotals(
            row["sum_of"], row["numerators"], row["denominators"], row["covered"],
            asked, bool(row["verified"]), bool(row["provisionals"]), _absence(row, asked),
            *((True, " · ".join(mentions), row["base_of"]) if is_public else ()),
            communes=codes[year],
        )  # fmt: skip
    return totals


@cached(Subject.FIGURES)
def _sums_in(
    convention: Convention, tables: tuple[int, ...], within: tuple[tuple[int, tuple[int, ...]], ...]
) -> list[dict[str, Any]]:
    """Add up the shown values of communes, of each of the ``tables`` by primary key; ``within``:
    the communes that count, by year. One query."""
    counted = Q()
    for year, communes in within:
        counted |= Q(campaign_indicator__campaign__year=year, commune__in=communes)
    values = Value.objects.by_commune().shown().filter(counted, campaign_indicator__in=tables)
    without_object = Q(absence=Absence.NOT_APPLICABLE)
    is_covered = Q(number__isnull=False) | without_object
    is_verified = Case(When(state=ValueState.VERIFIED, then=Literal(1)), default=Literal(0))
    sums = values.order_by().values("campaign_indicator").annotate(
        sum_of=Sum("number"), numerators=Sum("numerator"), denominators=Sum("denominator"),
        covered=Count("pk", filter=is_covered), verified=Min(is_verified),
        provisionals=Count("pk", filter=Q(provisional=True)), all_of=Count("pk"),
        numbers=Count("number"), without_object=Count("pk", filter=without_object),
        published=Count("release"), releases=Count("release", distinct=True),
        source_of=Min("source"), last_source_of=Max("source"),
        base_of=Min("release__rounding_base"),
    )  # fmt: skip
    return list(sums)


def _absence(row: Mapping[str, Any], asked: int) -> str:
    """Return the common absence of a total (``row``: the counts of its values): « sans objet »
    where each commune says so, « non disponible » where each says why, if not the same; else
    empty."""
    if row["numbers"] or row["all_of"] < asked:
        return ""
    is_all = row["without_object"] == row["all_of"]
    return Absence.NOT_APPLICABLE if is_all else Absence.NOT_AVAILABLE
