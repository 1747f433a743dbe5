"""Decide which cells of a table by commune are suppressed, once, when it is first disclosed.

Cell suppression: small counts are *primary* suppressions, cells masked to protect them *secondary*
(complementary) ones. Pure Python; the rule can be followed by hand, and a draw decides between
cells that would do as well (decision record 82).

A reader knows every figure that is shown, that a masked one is a count, and how sums come about. A
small count must remain possible as anything from 1 to ``threshold`` − 1. In a sum of which ``m``
counts are masked that come to ``R``, each may be as much as R − (m − 1), and as little as 1 where
there are two: so a second masked cell is enough, unless the sum is too small itself.
"""

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from indicators.disclosure.places import TERRITORY

# A commune, a sector or the territory: each has a key of its own.
Place = str
Counts = Mapping[Place, int]
Draw = Callable[[Sequence[Any]], Any]

# Among how many of the least populated communes, or smallest sectors, a draw chooses.
CANDIDATES = 3


class Reason(StrEnum):
    """Why a figure is masked: it is small (primary suppression), it protects another cell of its
    table (secondary), or a linked table is masked there (related)."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    RELATED = "related"

    def label(self, threshold: int | None, related: Sequence[str] = ()) -> str:
        """Return the reason as its provider reads it.

        ``threshold``: of the disclosure; ``related``: titles of the linked tables, if known.
        """
        if self == Reason.PRIMARY:
            return f"masqué : moins de {threshold}" if threshold else "masqué"
        if self == Reason.SECONDARY:
            return "masqué : protège un autre chiffre"
        if related:
            return "masqué comme " + ", ".join(f"« {title} »" for title in related)
        return "masqué comme un chiffre auquel il est lié"


Reasons = dict[Place, Reason]


@dataclass(frozen=True)
class Perimeter:
    """The communes of a year, the least populated first, and the sector of each that has one.

    Communes without a sector form one together, None: its total is not shown, and follows from the
    others.
    """

    communes: Sequence[Place]
    sector_of: Mapping[Place, Place] = field(default_factory=dict)

    @cached_property
    def sectors(self) -> dict[Place | None, list[Place]]:
        """The communes of each sector, and (None) those without one."""
        sectors: dict[Place | None, list[Place]] = {}
        for commune in self.communes:
            sectors.setdefault(self.sector_of.get(commune), []).append(commune)
        return sectors

    @property
    def places_of_totals(self) -> list[Place]:
        """The sectors that have a total, and the territory."""
        return [*(sector for sector in self.sectors if sector is not None), TERRITORY]

    @property
    def places(self) -> set[Place]:
        """The communes and sectors, and the territory."""
        return {*self.communes, *self.places_of_totals}

    def communes_of(self, total: Place) -> list[Place]:
        """Return the communes of which a sector, or the territory, is the total."""
        return list(self.communes) if total == TERRITORY else self.sectors.get(total, [])

    def totals_over(self, commune: Place) -> list[Place]:
        """Return the totals in which a commune counts."""
        sector = self.sector_of.get(commune)
        return [TERRITORY] if sector is None else [sector, TERRITORY]

    def totals(self, counts: Counts) -> dict[Place, int]:
        """Return what sectors and territory come to, over the communes that have a count."""
        totals: dict[Place, int] = {}
        for commune in self.communes:
            for total in self.totals_over(commune) if commune in counts else ():
                totals[total] = totals.get(total, 0) + counts[commune]
        return totals


@dataclass(frozen=True)
class Family:
    """Counts that are masked at the same communes.

    ``parts``: a table each, by commune. Together with what none of them counts (the rest) they come
    to ``base`` at each commune: girls and boys to children, places that are adapted to places. A
    table without relatives is one part and no base. A commune that a table does not have was not
    given; with a base, all tables have the same. ``hides_zeros``: of a table whose total was
    disclosed before, zeros are as secret as small counts.
    """

    parts: Sequence[Counts]
    threshold: int
    base: Counts = field(default_factory=dict)
    hides_zeros: bool = False

    @cached_property
    def rest(self) -> Counts:
        """The rest: what is left of the base at each commune once the parts are subtracted."""
        return {
            commune: count - sum(part.get(commune, 0) for part in self.parts)
            for commune, count in self.base.items()
        }

    @cached_property
    def tables(self) -> list[Counts]:
        """The counts of the family: the parts and, with a base, the rest and the base."""
        return [*self.parts, self.rest, self.base] if self.base else [*self.parts]

    def sums_over(self, communes: Iterable[Place]) -> list[int]:
        """Return the sum of each table, rest and base included, over communes; tables that have
        none of them are left out."""
        given = [[table[c] for c in communes if c in table] for table in self.tables]
        return [sum(counts) for counts in given if counts]

    def aggregated(self, groups: Mapping[Place | None, Collection[Place]]) -> "Family":
        """Return the family with its communes added up into groups, each a place of the new one."""

        def sums(table: Counts) -> dict[Any, int]:
            given = {
                name: [table[c] for c in group if c in table] for name, group in groups.items()
            }
            return {name: sum(counts) for name, counts in given.items() if counts}

        parts = [sums(part) for part in self.parts]
        return Family(parts, self.threshold, sums(self.base), self.hides_zeros)

    def is_small(self, count: int) -> bool:
        """Return whether a count is secret. A rest below zero, given by mistake, is too."""
        return count < self.threshold and (count != 0 or self.hides_zeros)

    def has_small(self, communes: Iterable[Place]) -> bool:
        """Return whether the sum of any table over these communes is small."""
        return any(map(self.is_small, self.sums_over(communes)))

    def is_empty(self, commune: Place) -> bool:
        """Return whether nothing but zeros is given there. They are shown, so they protect
        nothing."""
        return not any(self.sums_over([commune]))

    def is_safe(self, masked: Collection[Any]) -> bool:
        """Return whether the sums over the masked places, table by table, may be known: each small
        count among them remains possible as anything from 1 to the threshold − 1."""
        if not self.base:
            return all(self._is_count_safe(part, masked) for part in self.parts)
        return self._is_count_safe(self.base, masked) and all(
            self._is_share_safe(share, masked) for share in [*self.parts, self.rest]
        )

    def _is_count_safe(self, counts: Counts, masked: Collection[Place]) -> bool:
        """Return whether a table is safe by itself: none of its masked counts is small, or two at
        least are masked and come to enough."""
        masked = [place for place in masked if place in counts]
        if not any(self.is_small(counts[place]) for place in masked):
            return True
        # Where zeros are shown, each of the masked ones is known to be 1 at least.
        known = 0 if self.hides_zeros else len(masked) - 1
        return len(masked) > 1 and sum(counts[c] for c in masked) >= self.threshold - 1 + known

    def _is_share_safe(self, counts: Counts, masked: Collection[Place]) -> bool:
        """Return whether a part, or the rest, is safe among masked places.

        One who is in the part may change places with one of the same base who is not, at another
        commune: all sums stay as they are.
        """
        masked = [place for place in masked if place in counts]
        small = [place for place in masked if self.is_small(counts[place])]
        if not small:
            return True
        if len(masked) < 2 or sum(counts[place] for place in masked) < self.threshold - 1:
            return False
        outside = sum(self.base[place] - counts[place] for place in masked)
        return all(
            outside - (self.base[place] - counts[place]) >= counts[place] - 1 for place in small
        )


def mask(
    family: Family,
    perimeter: Perimeter,
    *,
    related: Collection[Place] = (),
    draw: Draw = random.choice,
) -> Reasons:
    """Return the reason of each masked place of a family: communes, sectors, ``TERRITORY``.

    ``related``: places masked in its base, or masked before. ``draw`` chooses among a few
    candidates, so the result must be stored and not drawn again. If the family hides zeros, the
    territory's total is disclosed already and stays.
    """
    reasons = dict.fromkeys(related, Reason.RELATED)
    for commune in perimeter.communes:
        if family.has_small([commune]):
            reasons[commune] = Reason.PRIMARY
    suppression = _SecondarySuppression(family, perimeter, reasons, draw)
    for sector in perimeter.sectors:
        suppression.protect_sector(sector)
    suppression.protect_territory()
    return reasons


@dataclass
class _SecondarySuppression:
    """Adds to ``reasons`` what protects the small counts in the sums over sectors and territory."""

    family: Family
    perimeter: Perimeter
    reasons: Reasons
    draw: Draw
    # Sectors of which no total is shown: what is masked in them is known together alone.
    masked_sectors: set[Place | None] = field(default_factory=set)

    def protect_sector(self, sector: Place | None) -> None:
        """Mask complementary communes of a sector, drawn one at a time, until it is safe; the whole
        sector if its total is small or masked already, or none is left."""
        communes = self.perimeter.sectors[sector]
        if sector in self.reasons or self.family.has_small(communes):
            self.mask_sector(sector, Reason.PRIMARY)
            return
        while not self.family.is_safe(self.masked_among(communes)):
            companions = self.companions_among(communes)
            if not companions:
                self.mask_sector(sector, Reason.SECONDARY)
                return
            self.reasons[self.draw(companions[:CANDIDATES])] = Reason.SECONDARY

    def protect_territory(self) -> None:
        """Mask a small total of the territory; else whole sectors, drawn one at a time, until what
        is masked in them is safe, then the territory's total (unless it is disclosed) if none is
        left."""
        sectors = self.perimeter.sectors
        is_disclosed = self.family.hides_zeros
        if self.family.has_small(self.perimeter.communes) and not is_disclosed:
            self.reasons.setdefault(TERRITORY, Reason.PRIMARY)
        by_sector = self.family.aggregated(sectors)
        while TERRITORY not in self.reasons:
            hidden = [
                c for sector in self.masked_sectors for c in self.masked_among(sectors[sector])
            ]
            if self.family.is_safe(hidden) and by_sector.is_safe(self.masked_sectors):
                return
            others = [
                sector
                for sector, communes in sectors.items()
                if sector not in self.masked_sectors
                and any(not self.family.is_empty(commune) for commune in communes)
            ]
            if not others:
                if not is_disclosed:
                    self.reasons[TERRITORY] = Reason.SECONDARY
                return
            others.sort(key=lambda sector: len(sectors[sector]))
            self.mask_sector(self.draw(others[:CANDIDATES]), Reason.SECONDARY)

    def mask_sector(self, sector: Place | None, reason: Reason) -> None:
        """Mask the total of a sector for ``reason``, if it has one, and all its communes that are
        not empty as secondary. ``sector``: None for the communes of no sector. What is masked
        already keeps its reason."""
        self.masked_sectors.add(sector)
        if sector is not None:
            self.reasons.setdefault(sector, reason)
        for commune in self.companions_among(self.perimeter.sectors[sector]):
            self.reasons[commune] = Reason.SECONDARY

    def masked_among(self, communes: Iterable[Place]) -> list[Place]:
        return [commune for commune in communes if commune in self.reasons]

    def companions_among(self, communes: Iterable[Place]) -> list[Place]:
        """Return the communes that may still be masked as complementary cells, the least populated
        first."""
        return [c for c in communes if c not in self.reasons and not self.family.is_empty(c)]
