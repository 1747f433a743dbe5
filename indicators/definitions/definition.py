"""Read the definition of an indicator from a version: what the figures of a year were measured
by."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from agreements.models import Version
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import number
from ctg_portal.text.numbers import Asked
from indicators.definitions.models import Aggregation, Calculation, Direction, Grain, Kind

# A change of one of these is a break in the series: the figures before and after differ in kind.
MEASURING = ("definition", "scope", "calculation", "numerator", "denominator", "factor", "unit")


# Of a figure in these nothing is counted one by one: it has decimals.
TERM_DECIMALS = 2  # decimals, of hours or amounts
NOT_COUNTED = {"%", "€", "k€", "m€", "euro", "euros", "point", "points"}


# Units that count people or households, in the singular.
PEOPLE = {
    "personne", "enfant", "jeune", "famille", "foyer", "habitant", "allocataire", "menage",
    "beneficiaire", "situation", "adolescent", "parent", "eleve", "assistant",
}  # fmt: skip
NUMBER_WORDS = {"nombre", "de", "d"}


def counts_people(unit: str, title: str, calculation: str) -> bool:
    """Return whether figures count people or households, by the first word of the unit; of a ratio
    in %, by any word of its title."""
    if calculation == Calculation.RATIO:
        words = _words(title) if unit.strip() == "%" else []
    else:
        words = [word for word in _words(unit) if word not in NUMBER_WORDS][:1]
    return not PEOPLE.isdisjoint(words)


def _words(text: str) -> list[str]:
    """Return the words of a text in the form in which they are compared, in the singular: « Enfants
    » becomes « enfant »."""
    return [word.rstrip("s") for word in fold(text).replace("’", " ").replace("'", " ").split()]


def is_counted(unit: str) -> bool:
    """Return whether figures in this unit count people or things one by one: « places » do, those
    in %, euros or points do not."""
    return not NOT_COUNTED.intersection(unit.lower().split()[:1])


def asked_in(unit: str, decimals: int | None, calculation: str, *, allows_negative: bool) -> Asked:
    """Return how a figure of an indicator is typed: its unit; without decimals if it is no ratio
    and has none, as a whole number if it also counts one by one, and below zero if it may be."""
    is_whole = decimals == 0 and calculation == Calculation.DIRECT and is_counted(unit)
    known_decimals = 0 if decimals == 0 and calculation == Calculation.DIRECT else None
    return Asked(unit.strip() or None, is_whole, known_decimals, allows_negative)


def decimal(text) -> Decimal | None:
    return None if text in (None, "") else Decimal(text)


def round_to(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Aim:
    """A target: ``year`` absent means by the end of the convention."""

    year: int | None
    value: Decimal


@dataclass(frozen=True)
class Definition:
    """What a version of an indicator says. ``content`` is its canonical content."""

    content: dict

    @classmethod
    def of(cls, version: Version) -> "Definition":
        return cls(version.content)

    def __getattr__(self, name):
        """Return a field of the commitment as the canonical content holds it."""
        content = self.__dict__.get("content", {})
        if name in content:
            return content[name]
        raise AttributeError(name)

    @property
    def is_ratio(self) -> bool:
        return self.calculation == Calculation.RATIO

    @property
    def is_by_commune(self) -> bool:
        return self.grain == Grain.COMMUNE

    @property
    def is_aggregated(self) -> bool:
        """Whether the whole territory's figure is made of those of its communes."""
        return self.aggregation != Aggregation.NONE

    @property
    def is_context(self) -> bool:
        """Whether it describes the setting: by its kind, or because no direction is wanted."""
        return self.kind == Kind.CONTEXT or self.direction == Direction.NEUTRAL

    @property
    def is_percentage(self) -> bool:
        return self.unit.strip() == "%"

    def asked(self, name: str = "figure") -> Asked:
        """Return how the figure is typed, or, by the name of the term (« numerator »), a term of
        its ratio, whose description stands for its unit."""
        if name == "figure":
            return asked_in(
                self.unit, self.decimals, self.calculation, allows_negative=self.allows_negative
            )
        return Asked(
            self.content[name] or None, decimals=TERM_DECIMALS, allows_negative=self.allows_negative
        )

    @cached_property
    def baseline(self) -> Decimal | None:
        return decimal(self.content["baseline_value"])

    @cached_property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """The lowest and the highest plausible value; None for no bound."""
        return decimal(self.content["minimum"]), decimal(self.content["maximum"])

    @cached_property
    def aims(self) -> list[Aim]:
        """The targets by year, the final one last."""
        with_value = [target for target in self.content["targets"] if target["value"] is not None]
        aims = [Aim(target["year"], Decimal(target["value"])) for target in with_value]
        return sorted(aims, key=lambda aim: (aim.year is None, aim.year or 0))

    def aim_for(self, year: int) -> Aim | None:
        """Return the target that a year is measured against: its own, else the next one, else the
        last; None without targets."""
        ahead = [aim for aim in self.aims if aim.year is None or aim.year >= year]
        return next(iter(ahead), None) or (self.aims[-1] if self.aims else None)

    @cached_property
    def measuring(self) -> tuple[str | int | None, ...]:
        """The fields that make figures comparable: years where they are equal form one series."""
        return tuple(self.content.get(name) for name in MEASURING)

    def rounded(self, value: Decimal) -> Decimal:
        return round_to(value, self.decimals)

    def show(self, value: Decimal | None) -> str:
        """Return a figure with its decimals, and a percent sign but no other unit: « 1 234,5 »;
        empty for None."""
        if value is None:
            return ""
        return number(value, self.decimals) + ("\u202f%" if self.is_percentage else "")
