"""A table of one provider's counts, as all that is published of it hangs together.

Nothing here knows the database. A table has figures (an indicator, a year, a place) and what a
reader can compute from one to another: the sum over communes of a sub-territory and of the
territory, the terms of a ratio, totals over years, and what was published of it before.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

# The place of a figure of the whole territory; every other place is a commune or a sub-territory.
TERRITORY = ""

Terms = tuple[Decimal, ...]


class Key(NamedTuple):
    """Which figure: of what, when, where. ``place``: a commune, a sub-territory or ``TERRITORY``;
    each has its own name in the table."""

    series: str
    year: int
    place: str


@dataclass(frozen=True)
class Rule:
    """A provider's rule: counts from 1 to ``threshold`` − 1 are masked, and 0 as well unless
    ``is_zero_open``; or all counts are rounded to ``base``. Neither: everything is shown."""

    threshold: int | None = None
    base: int | None = None
    is_zero_open: bool = True

    @property
    def masks(self) -> bool:
        return bool(self.threshold)

    @property
    def rounds(self) -> bool:
        return bool(self.base)

    @property
    def least(self) -> int:
        """The least count that is masked; nobody takes what is masked for less."""
        return 1 if self.is_zero_open else 0

    @property
    def most(self) -> int:
        """Up to what a masked small count must remain possible. With a threshold of 2 a masked
        count would always be 1: it must remain possible that it is not."""
        return max(self.threshold - 1, self.least + 1)

    def is_small(self, count: Decimal) -> bool:
        return self.masks and 0 <= count < self.threshold and (count > 0 or not self.is_zero_open)


@dataclass(frozen=True)
class Relation:
    """An equation that a reader knows besides the sums over places: coefficients by figure, whose
    sum is zero for each of their terms; a total over years is the figures of the years, each with
    1, and that of the total with −1."""

    coefficients: Mapping[Key, int]


class Count(NamedTuple):
    """One term of a figure: the count itself, or the numerator (0) or denominator (1) of a
    ratio."""

    figure: Key
    term: int = 0


@dataclass(frozen=True)
class Tie:
    """An equation between single counts, whose weighted sum is known."""

    coefficients: Mapping[Count, int]

    @property
    def names(self) -> set[tuple[str, int]]:
        return {count.figure[:2] for count in self.coefficients}


@dataclass(frozen=True)
class Pattern:
    """The same equation between indicators of a year at each place where it holds: one count that
    two of them tell, or several that add up to another. It holds of what was published before as
    well. ``coefficients``: by series and term."""

    year: int
    coefficients: Mapping[tuple[str, int], int]

    @property
    def names(self) -> list[tuple[str, int]]:
        return [(series, self.year) for series, _ in self.coefficients]

    def instead(self, series: str, other: str) -> "Pattern":
        """The same with another indicator in the place of one."""
        named = {(other if s == series else s, t): c for (s, t), c in self.coefficients.items()}
        return Pattern(self.year, named)

    def keys(self, figures: Iterable[Key]) -> list[set[Key]]:
        """Those of the figures that it joins, place by place."""
        at: dict[str, set[Key]] = {}
        names = set(self.names)
        for key in figures:
            if key[:2] in names:
                at.setdefault(key.place, set()).add(key)
        return [keys for keys in at.values() if len(keys) > 1]


@dataclass(frozen=True)
class Earlier:
    """What was published before of some figures of the table, as they were then: ``given`` with the
    sums, and the ``totals`` that the provider gave, of which ``masked`` were not shown. A figure
    that has not changed since stays known, or unknown, as it was. ``rounded``: what was told
    instead, to ``base``: that they are less than a base away is known."""

    given: Mapping[Key, Terms]
    masked: frozenset[Key]
    sectors: Mapping[str, str | None]
    has_totals: bool = True
    totals: Mapping[Key, Terms] = field(default_factory=dict)
    rounded: Mapping[Key, Terms] = field(default_factory=dict)
    base: int | None = None


@dataclass(frozen=True)
class Table:
    """``given``: the figures of communes, a count, or the numerator and denominator of a ratio.
    ``sectors``: to which sub-territory each commune belongs, if to any.

    Absent and missing figures are not in it: everybody is told which they are, and the sums are
    those of the others. ``has_totals``: whether sums over places are shown, but of the series
    ``unsummed``. ``totals``: those of the territory that the provider gave; how far they are from
    the sum is told to everybody. ``former``: what the figures of a table may come to that were told
    of another before, the one with −1. ``untold``: the series that are shown to nobody, and that
    others leave: children who are no girls. ``rules``: of the series that have another rule than
    the table's. ``is_lenient``: nobody is taken to know how far from each other numbers are that
    do not add up.
    """

    given: Mapping[Key, Terms]
    sectors: Mapping[str, str | None] = field(default_factory=dict)
    has_totals: bool = True
    totals: Mapping[Key, Terms] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    ties: tuple[Tie, ...] = ()
    former: tuple[Tie, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    unsummed: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    is_lenient: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def summed(self) -> dict[Key, Terms]:
        """Those given of which sums are shown."""
        if not self.has_totals:
            return {}
        return {key: terms for key, terms in self.given.items() if key.series not in self.unsummed}

    @property
    def figures(self) -> dict[Key, Terms]:
        """All figures that there are: those given, then the sums over sub-territories and over the
        territory."""
        return {**self.given, **summed(self.summed, self.sectors), **self.totals}

    def only(self, names: Iterable[tuple[str, int]]) -> "Table":
        """The part of it that is about these (series, year)."""
        names = set(names)

        def theirs(found):
            return {key: terms for key, terms in found.items() if key[:2] in names}

        return replace(
            self,
            given=theirs(self.given),
            totals=theirs(self.totals),
            relations=tuple(r for r in self.relations if theirs(r.coefficients)),
            ties=tuple(tie for tie in self.ties if tie.names & names),
            former=tuple(tie for tie in self.former if tie.names & names),
            patterns=tuple(p for p in self.patterns if names.intersection(p.names)),
            earlier=tuple(
                replace(
                    e, given=theirs(e.given), totals=theirs(e.totals), rounded=theirs(e.rounded)
                )
                for e in self.earlier
            ),
        )


def plain(terms: Terms) -> list[str]:
    """As JSON keeps them: the same number is always the same text."""
    return [format(term.normalize(), "f") for term in terms]


def terms_in(kept: Iterable[str]) -> Terms:
    return tuple(Decimal(term) for term in kept)


def digest_of(told: list) -> str:
    """What tells these figures, under their rule, from any others."""
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def digest_of_single(rule: Rule, terms: Terms | None) -> str:
    """Of the one figure of the whole territory."""
    return digest_of([rule.threshold, rule.base, plain(terms or ())])


def tried(given: Iterable[Key], totals: Iterable[Key]) -> tuple[Relation, ...]:
    """What a reader tries where no sums are told: a total that was given may well be the sum."""
    given = list(given)
    parts = {total: [key for key in given if key[:2] == total[:2]] for total in totals}
    return tuple(Relation(dict.fromkeys(of, 1) | {total: -1}) for total, of in parts.items() if of)


def summed(given: Mapping[Key, Terms], sectors: Mapping[str, str | None]) -> dict[Key, Terms]:
    """The sums of figures over sub-territories and over the territory; of terms, for a ratio."""
    sums: dict[Key, list[Decimal]] = {}
    for key, terms in given.items():
        for place in {sectors.get(key.place), TERRITORY} - {None}:
            total = sums.setdefault(key._replace(place=place), [Decimal(0)] * len(terms))
            for i, term in enumerate(terms):
                total[i] += term
    return {key: tuple(total) for key, total in sums.items()}


def sums_of(keys: Iterable[Key], sectors: Mapping[str, str | None]) -> dict[Key, list[Key]]:
    """Of what each total is the sum: a sub-territory of its communes, the territory of its
    sub-territories and of the communes that are in none."""
    parts: dict[Key, list[Key]] = {}
    for key in keys:
        sector = sectors.get(key.place)
        territory = parts.setdefault(key._replace(place=TERRITORY), [])
        if sector is None:
            territory.append(key)
            continue
        above = key._replace(place=sector)
        if above not in parts:
            territory.append(above)
        parts.setdefault(above, []).append(key)
    return parts
