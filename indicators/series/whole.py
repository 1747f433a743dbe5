"""The whole territory's figure, where it is asked of each commune: given by who provides it, or
made of those of its communes. The one reading of it, for pages, reports and files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, Min, Q, Sum, When
from django.db.models import Value as Literal

from conventions.models import Convention
from conventions.territory.naming import code_of_today
from conventions.territory.reading import perimeters_of
from indicators.definitions.definition import Definition
from indicators.definitions.models import FINEST
from indicators.disclosure.figure import told_of
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Absence, ShownValue, Value, ValueState


@dataclass(frozen=True)
class Computed:
    """A figure of the territory that nobody gave: it has what ``disclose`` asks of a value.
    ``is_public``: of figures that are all of one public statistic; ``absence``: why there is no
    number."""

    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    provisional: bool
    is_verified: bool
    is_public: bool = False
    source: str = ""
    absence: str = ""

    is_shown = True
    reason = comment = ""

    @property
    def is_absent(self) -> bool:
        return bool(self.absence)


@dataclass(frozen=True)
class OfCommunes:
    """What the given figures of communes come to: their sums, of how many communes (``given``, of
    ``asked``), whether all are verified, and one of them provisional. « Sans objet » is given, and
    adds nothing; « non disponible » is missing. ``absence``: what it comes to where no commune has
    a number and each says why. ``release``, ``source``: of which public statistic all are, and how
    it is told. ``ground``: of which communes of today, by code, they are asked."""

    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    given: int
    asked: int
    is_verified: bool
    is_provisional: bool
    absence: str = ""
    release: int | None = None
    source: str = ""
    ground: frozenset[str] = frozenset()

    @property
    def is_partial(self) -> bool:
        return self.given < self.asked

    @property
    def told(self) -> str:
        """« 41 communes sur 47 »."""
        return told_of(self.given, self.asked)

    def whole(self, definition: Definition) -> Computed | None:
        """Their sum, or the ratio of their sums; or that there is none."""
        number = self.number
        if self.absence:
            return Computed(
                None, None, None, self.is_provisional, self.is_verified,
                is_public=self.release is not None, source=self.source, absence=self.absence,
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
            # The total of what is published is told as that, and under no other rule.
            is_public=self.release is not None,
            source=self.source and f"{self.source} ; total de {self.told}",
        )


@dataclass(frozen=True)
class Whole:
    """The territory's figure of an indicator by commune. ``value``: the one that counts, given or
    computed; ``of_communes``: what its communes come to, where any is given; ``is_given``: whether
    its provider gives it."""

    value: Value | ShownValue | Computed | None
    of_communes: OfCommunes | None = None
    is_given: bool = False

    @property
    def partial(self) -> str:
        """« 41 communes sur 47 », of a total of some communes only; empty for others."""
        of_communes = None if self.is_given else self.of_communes
        is_partial = of_communes and of_communes.is_partial and not of_communes.absence
        return of_communes.told if is_partial else ""

    @property
    def ground(self) -> frozenset[str]:
        """Where a figure that nobody gave is of, for it is the sum of what is there; empty of
        others, which who gives them answers for."""
        return frozenset() if self.is_given or not self.of_communes else self.of_communes.ground

    def difference(self, definition: Definition) -> Decimal | None:
        """How much more the figure given is than what all communes come to; None where both are
        alike, or cannot be compared."""
        if not (self.is_given and self.of_communes) or self.of_communes.is_partial:
            return None
        computed = self.of_communes.whole(definition)
        if computed is None or computed.number is None or self.value.number is None:
            return None
        difference = definition.rounded(self.value.number) - definition.rounded(computed.number)
        return difference or None


def wholes_of(
    convention: Convention,
    entries: Iterable[CampaignIndicator],
    given: Mapping[int, Value | ShownValue],
) -> dict[int, Whole]:
    """Of those of these entries that are asked by commune, the figure of the territory; ``given``:
    the values of the territory itself, by entry. Some queries, or none without such an entry."""
    tables = [entry for entry in entries if entry.is_by_commune]
    if not tables:
        return {}
    summed = _summed(convention, tables)
    found = {}
    for entry in tables:
        definition, own = Definition.of(entry.version), given.get(entry.pk)
        of_communes = summed.get(entry.pk)
        if own is not None or of_communes is None or not definition.is_aggregated:
            found[entry.pk] = Whole(own, of_communes, is_given=own is not None)
        else:
            found[entry.pk] = Whole(of_communes.whole(definition), of_communes)
    return found


def _summed(convention: Convention, tables: list[CampaignIndicator]) -> dict[int, OfCommunes]:
    years = {entry.pk: entry.campaign.year for entry in tables}
    coverages = perimeters_of(convention, tuple(sorted(set(years.values()))))
    perimeters = {year: [one.commune_id for one in coverages[year]] for year in coverages}
    grounds = {
        year: frozenset(code_of_today(one.commune.insee_code) for one in coverages[year])
        for year in coverages
    }
    of_perimeter = Q()
    for year, perimeter in perimeters.items():
        of_perimeter |= Q(campaign_indicator__campaign__year=year, commune__in=perimeter)
    values = Value.objects.by_commune().shown().filter(campaign_indicator__in=tables)
    without_object = Q(absence=Absence.NOT_APPLICABLE)
    is_covered = Q(number__isnull=False) | without_object
    is_verified = Case(When(state=ValueState.VERIFIED, then=Literal(1)), default=Literal(0))
    found = {}
    for row in values.filter(of_perimeter).order_by().values("campaign_indicator").annotate(
        sum_of=Sum("number"), numerators=Sum("numerator"), denominators=Sum("denominator"),
        covered=Count("pk", filter=is_covered), verified=Min(is_verified),
        provisionals=Count("pk", filter=Q(provisional=True)), all_of=Count("pk"),
        numbers=Count("number"), without_object=Count("pk", filter=without_object),
        published=Count("release"), releases=Count("release", distinct=True),
        release_of=Min("release"), source_of=Min("source"),
    ):  # fmt: skip
        is_public = row["releases"] == 1 and row["published"] == row["all_of"]
        # Of how many, whatever was counted when something was given.
        year = years[row["campaign_indicator"]]
        asked = len(perimeters[year])
        found[row["campaign_indicator"]] = OfCommunes(
            row["sum_of"], row["numerators"], row["denominators"], row["covered"],
            asked, bool(row["verified"]), bool(row["provisionals"]), _absence(row, asked),
            *((row["release_of"], row["source_of"]) if is_public else ()), ground=grounds[year],
        )  # fmt: skip
    return found


def _absence(row, asked: int) -> str:
    """« sans objet » where it is so of each commune; where each has an absence, there is no number
    to be had."""
    if row["numbers"] or row["all_of"] < asked:
        return ""
    is_all = row["without_object"] == row["all_of"]
    return Absence.NOT_APPLICABLE if is_all else Absence.NOT_AVAILABLE
