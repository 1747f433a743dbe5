"""Decide what is masked of linked tables: numerators and denominators, parts and their totals.

Links are declared, never inferred from numbers. A table has one base at most, so that linked tables
form trees. They are decided from the root: a base by itself, then its parts, which are masked
wherever it is. Several tables of one count are one table, whatever their titles.
"""

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from conventions.parties.secrecy import LEAST_THRESHOLD
from ctg_portal.rules import Refusal
from indicators.disclosure.masking import (
    TERRITORY,
    Counts,
    Draw,
    Family,
    Perimeter,
    Place,
    Reason,
    Reasons,
    mask,
)


@dataclass(frozen=True)
class Total:
    """A table that is the total of others, or the denominator of a share of one: what ``parts``
    count is counted in ``base`` too."""

    base: str
    parts: frozenset[str]


@dataclass(frozen=True)
class Links:
    """What was declared of the tables of a year. ``people``: by table of amounts, averages or
    medians, the table of the people or households that it is over; None where none is named."""

    totals: Collection[Total] = ()
    people: Mapping[str, str | None] = field(default_factory=dict)

    def total_of(self, part: str) -> Total | None:
        """Return the total that a table is a part of."""
        return next((total for total in self.totals if part in total.parts), None)

    def depth(self, table: str) -> int:
        """Return how many totals a table is counted in."""
        total = self.total_of(table)
        return 0 if total is None else 1 + self.depth(total.base)

    def descendants(self, table: str) -> set[str]:
        """Return the parts of a table, their parts, and so on."""
        parts = {part for total in self.totals if total.base == table for part in total.parts}
        return parts.union(*map(self.descendants, parts))

    def restricted_to(self, tables: Collection[str]) -> "Links":
        """Return the links between these tables only. The parts of a base that is left out become
        parts of the total that it was itself counted in, if any."""
        totals = list(self.totals)
        absent = {total.base for total in totals} - {*tables}
        for base in sorted(absent, key=self.depth, reverse=True):
            descendants = [total.parts for total in totals if total.base == base]
            above = [total for total in totals if base in total.parts]
            totals = [t for t in totals if t.base != base and base not in t.parts]
            for total in above:
                rest = total.parts - {base}
                totals += [Total(total.base, rest | descendants[0])]
                totals += [Total(total.base, parts) for parts in descendants[1:]]
        return replace(self, totals=totals)

    def declare(self, total: Total) -> "Links":
        """Return these links and a further total. Totals of one base that share a part become one
        total of all their parts."""
        same = [t for t in self.totals if t.base == total.base and t.parts & total.parts]
        merged = Total(total.base, total.parts.union(*(other.parts for other in same)))
        return replace(self, totals=[*(t for t in self.totals if t not in same), merged])


def may_declare(total: Total, links: Links) -> Refusal | None:
    """Return why tables may not be declared the parts of a total, or None.

    A part has one base only: what it leaves of two could not be protected at once.
    """
    for part in sorted(total.parts):
        other = links.total_of(part)
        if other is not None and other.base != total.base:
            return Refusal(
                f"« {part} » est déjà compté dans « {other.base} ». Le secret statistique protège "
                f"un chiffre dans un seul total : retirez d’abord ce premier lien."
            )
        if total.base == part or total.base in links.descendants(part):
            return Refusal(f"« {total.base} » ne peut pas être compté dans lui-même.")
    return None


def strictest(thresholds: Iterable[int | None]) -> int:
    """Return the strictest threshold of linked tables, bases included, given those of their
    providers (None: a provider without a rule)."""
    return max([LEAST_THRESHOLD, *(threshold for threshold in thresholds if threshold)])


@dataclass(frozen=True)
class Tables:
    """Tables that hang together, as they are counted at one time, under the strictest threshold.

    ``counts``: by table and commune, of those that are given. ``public``: the communes of which a
    table has figures of a public statistic, which everybody knows. ``given_totals``: the tables of
    which the territory's total was disclosed before them. ``outdated``: by table that is disclosed,
    the communes at which it shows or counts another number than it has today, or none.
    """

    counts: Mapping[str, Counts]
    threshold: int
    links: Links = field(default_factory=Links)
    public: Mapping[str, Collection[Place]] = field(default_factory=dict)
    given_totals: Collection[str] = ()
    outdated: Mapping[str, Collection[Place]] = field(default_factory=dict)

    @cached_property
    def links_between_given(self) -> Links:
        return self.links.restricted_to(self.counts)

    def is_public(self, table: str) -> bool:
        """Return whether everybody knows all that is given of a table; false if nothing is."""
        return bool(self.counts[table]) and self.counts[table].keys() <= {
            *self.public.get(table, ())
        }

    def known(self, table: str, commune: Place) -> int:
        """Return how much of a count everybody knows from public statistics: all of it, else the
        sum of what is public of its parts (the largest, of several totals), else 0."""
        if commune in self.public.get(table, ()) and table in self.counts:
            return self.counts[table][commune]
        return max([0, *(self._known_of(t, commune) for t in self.links.totals if t.base == table)])

    def _known_of(self, total: Total, commune: Place) -> int:
        """Return how much of a total everybody knows through its parts, at any depth."""
        return sum(self.known(part, commune) for part in total.parts)

    def unprotectable(self, table: str) -> set[Place]:
        """Return the communes where a figure cannot be protected with its relatives, so that it is
        masked and counts in no total: a relative is missing there, or public there while not
        public everywhere, or its disclosed base shows another number than today's."""
        communes = {*self.counts[table]}
        unprotectable: set[Place] = set()
        if len(self.counts) > 1:
            unprotectable = unprotectable.union(
                *(self.public.get(other, ()) for other in self.counts if not self.is_public(other))
            )
        if total := self.links_between_given.total_of(table):
            relatives = [
                self.counts[other] for other in (total.base, *total.parts) if other in self.counts
            ]
            complete = communes.intersection(*relatives)
            outdated = {*self.outdated.get(total.base, ())}
            unprotectable |= self.unprotectable(total.base) | outdated | (communes - complete)
        return unprotectable & communes - {*self.public.get(table, ())}

    def family(self, unit: Collection[str]) -> Family:
        """Return the counts of tables masked together and of their base, less what is public of
        them; without the communes that are public or cannot be protected."""
        parts = []
        for table in unit:
            left_out = {*self.unprotectable(table), *self.public.get(table, ())}
            counts = self.counts[table].items()
            parts.append({c: n - self.known(table, c) for c, n in counts if c not in left_out})
        total = self.links_between_given.total_of(min(unit))
        if total is None:
            hides_zeros = any(table in self.given_totals for table in unit)
            return Family(parts, self.threshold, hides_zeros=hides_zeros)
        given = self.counts[total.base]
        communes = set().union(*parts)
        base = {commune: given[commune] - self._known_of(total, commune) for commune in communes}
        return Family(parts, self.threshold, base)

    def has_small(self, commune: Place) -> bool:
        """Return whether a protected count is small at a commune (1 to the threshold − 1), or what
        a base leaves there once its parts are subtracted is (below zero too, but not zero)."""
        for table in self.counts.keys() - self.links.people.keys():
            is_protected = commune not in self.public.get(table, ())
            if is_protected and 0 < self.counts[table].get(commune, 0) < self.threshold:
                return True
        given = [table for table, counts in self.counts.items() if commune in counts]
        rests = [
            self.counts[total.base][commune] - sum(self.counts[p][commune] for p in parts)
            for total in self.links.restricted_to(given).totals
            if (parts := total.parts.intersection(given))
        ]
        return any(rest != 0 and rest < self.threshold for rest in rests)


def mask_tables(
    tables: Tables,
    perimeter: Perimeter,
    *,
    disclosed: Mapping[str, Collection[Place]] | None = None,
    masked: Mapping[str, Collection[Place]] | None = None,
    draw: Draw = random.choice,
) -> dict[str, Reasons]:
    """Return, by table not disclosed yet, the reason of each masked place. Amounts and averages are
    masked where the people they are over are, everywhere but in the total if none are named.

    ``disclosed``: by disclosed table, the places where it is masked or does not show today's
    number. ``masked``: places of the others that stay masked in any case.
    """
    disclosed = disclosed or {}
    covered = {**(masked or {}), **disclosed}
    reasons: dict[str, Reasons] = {}
    units: dict[Total | str, list[str]] = {}
    links = tables.links_between_given
    for table in sorted(tables.counts, key=links.depth):
        if table not in disclosed and table not in links.people:
            units.setdefault(links.total_of(table) or table, []).append(table)
    for total, unit in units.items():
        unit_reasons = _mask_unit(tables, perimeter, total, unit, disclosed, covered, draw)
        for table in unit:
            known = tables.public.get(table, ())
            shown = unit_reasons if tables.is_public(table) else known
            reasons[table] = {
                place: why for place, why in unit_reasons.items() if place not in shown
            }
            covered[table] = unit_reasons.keys()
    for amount, people in links.people.items():
        if amount in disclosed or amount not in tables.counts:
            continue
        if people not in covered:
            hidden = perimeter.places - {TERRITORY}
            reasons[amount] = dict.fromkeys(hidden, Reason.RELATED)
        elif people in disclosed:
            reasons[amount] = _mask_late(tables, perimeter, [amount], covered[people])
        else:
            reasons[amount] = dict.fromkeys(covered[people], Reason.RELATED)
    return reasons


def _mask_unit(
    tables: Tables,
    perimeter: Perimeter,
    total: Total | str,
    unit: list[str],
    disclosed: Mapping[str, Collection[Place]],
    covered: Mapping[str, Collection[Place]],
    draw: Draw,
) -> Reasons:
    """Return the reasons of a unit, tables masked at the same places: parts of one total, or one
    table that is no part. They are those of a late table if a relative is disclosed, and cover
    everything if a total was disclosed before and the table has relatives or gaps."""
    everywhere = perimeter.places
    is_complete = tables.counts[unit[0]].keys() >= {*perimeter.communes}
    if tables.given_totals and (len(tables.counts) > 1 or not is_complete):
        return dict.fromkeys(everywhere, Reason.RELATED)
    family = tables.family(unit)
    relatives = set().union(*map(tables.links.descendants, unit))
    related = {place for table in unit for place in covered.get(table, ())}
    related = related.union(*map(tables.unprotectable, unit))
    if isinstance(total, Total):
        relatives |= total.parts
        base_places = {*covered.get(total.base, ())}
        related |= base_places
        # Where a base is masked and its parts count nowhere, their totals would give what it has in
        # its own.
        counted = {*tables.counts.get(total.base, ())}
        for commune in base_places & counted - family.base.keys():
            related |= {*perimeter.totals_over(commune)}
    if relatives := relatives & disclosed.keys():
        related |= {place for table in relatives for place in disclosed[table]}
        return _mask_late(tables, perimeter, unit, related)
    return mask(family, perimeter, related=related, draw=draw)


def _mask_late(
    tables: Tables, perimeter: Perimeter, unit: Collection[str], related: Collection[Place]
) -> Reasons:
    """Return the reasons of tables whose relatives were disclosed before.

    They are masked wherever the relatives are, where a count is small today, and in each total over
    such a commune: it would be one more linear equation.
    """
    reasons = dict.fromkeys(related, Reason.RELATED)
    for commune in perimeter.communes:
        if any(commune in tables.counts[table] for table in unit):
            if tables.has_small(commune):
                reasons.setdefault(commune, Reason.PRIMARY)
            if commune in reasons:
                for over in perimeter.totals_over(commune):
                    reasons.setdefault(over, Reason.SECONDARY)
    if reasons.keys() & perimeter.sectors.keys():
        reasons.setdefault(TERRITORY, Reason.SECONDARY)
    return reasons
