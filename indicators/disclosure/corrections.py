"""Decide what is shown of tables after their first disclosure. The rule is monotone.

What was masked stays masked, and counts in totals as it did when it was masked; what was read is
not taken back. A later page depends on the first one and on figures that are shown, so it reveals
nothing more of a masked one. The provider reads which figures are shown otherwise than they are
counted now (``DisclosedTable.outdated``). Pure Python.
"""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from indicators.disclosure.cascade import is_sum, nearest, round_counts
from indicators.disclosure.families import Links, Tables, mask_tables
from indicators.disclosure.masking import (
    TERRITORY,
    Counts,
    Draw,
    Perimeter,
    Place,
    Reason,
)

# What a figure that was shown and has become small counts in totals, whatever it is.
IMPUTED_COUNT = 2


@dataclass(frozen=True)
class DisclosedTable:
    """A table as everybody reads it. ``shown``: by commune; ``counted``: what a masked one counts
    in totals (nothing, where it came late); ``reasons``: of all masked places, totals included;
    ``rounding_base``: of a table that is rounded."""

    shown: Counts = field(default_factory=dict)
    counted: Counts = field(default_factory=dict)
    reasons: Mapping[Place, Reason] = field(default_factory=dict)
    rounding_base: int | None = None

    @property
    def used(self) -> Counts:
        """The number that each commune contributes to totals."""
        return {**self.counted, **self.shown}

    def outdated(self, counts: Counts) -> set[Place]:
        """Return the communes given today for which another number, or none, is shown or counted in
        totals; in a rounded table, a number that is a base away or more."""
        used, far = self.used, self.rounding_base or 1
        return {
            commune
            for commune, count in counts.items()
            if commune not in used or abs(used[commune] - count) >= far
        }

    def show(self, commune: Place, count: int) -> "DisclosedTable":
        return replace(self, shown={**self.shown, commune: count})

    def mask(self, masked: Mapping[Place, Reason]) -> "DisclosedTable":
        """Return the table with more masked places. What was shown there still counts in totals."""
        return replace(
            self,
            shown={c: count for c, count in self.shown.items() if c not in masked},
            counted={
                c: count for c, count in self.used.items() if c in masked or c in self.counted
            },
            reasons={**masked, **self.reasons},
        )


@dataclass(frozen=True)
class DisclosedTables:
    """Linked tables as everybody reads them: what is stored.

    ``threshold``: the strictest that any of them was under. ``links``, ``public`` and
    ``given_totals``: as in ``Tables``.
    """

    perimeter: Perimeter
    threshold: int
    tables: Mapping[str, DisclosedTable] = field(default_factory=dict)
    links: Links = field(default_factory=Links)
    public: Mapping[str, Collection[Place]] = field(default_factory=dict)
    given_totals: Collection[str] = ()

    def totals(self, name: str) -> dict[Place, int]:
        """Return the totals that are shown of a table, by sector and ``TERRITORY``.

        A masked total is not shown, nor the territory's if it was disclosed before its table, nor,
        over masked counts, one that has become small.
        """
        table = self.tables[name]
        hidden = {*table.reasons, *({TERRITORY} if name in self.given_totals else ())}
        is_count = table.rounding_base is None and name not in self.links.people
        small = range(1, self.threshold if is_count and table.reasons else 0)
        totals = self.perimeter.totals(table.used)
        return {p: total for p, total in totals.items() if p not in hidden and total not in small}

    def outdated(self, counts: Mapping[str, Counts]) -> dict[str, set[Place]]:
        """Return, by table, the communes for which another number is shown or counted than is given
        today."""
        return {name: table.outdated(counts.get(name, {})) for name, table in self.tables.items()}

    def with_tables(self, tables: Mapping[str, DisclosedTable]) -> "DisclosedTables":
        return replace(self, tables={**self.tables, **tables})


def disclose(
    tables: Tables,
    perimeter: Perimeter,
    *,
    before: DisclosedTables | None = None,
    rounding_base: int | None = None,
    draw: Draw = random.choice,
) -> DisclosedTables:
    """Return tables as they are first disclosed; those of ``before`` stay as they are.

    ``tables`` has all of them as they are counted today, under the strictest threshold.
    ``rounding_base``: given if all providers round; what cannot be rounded is masked instead.
    ``draw`` chooses among equally good suppressions.
    """
    if before:
        perimeter = before.perimeter
        tables = replace(tables, threshold=max(tables.threshold, before.threshold))
    disclosed = DisclosedTables(
        perimeter, tables.threshold, before.tables if before else {}, tables.links, tables.public,
        tables.given_totals,
    )  # fmt: skip
    if rounding_base:
        if rounded := _round(tables, disclosed, rounding_base):
            return disclosed.with_tables(rounded)
        tables = replace(tables, threshold=max(tables.threshold, rounding_base))
        disclosed = replace(disclosed, threshold=tables.threshold)
    outdated = disclosed.outdated(tables.counts)
    tables = replace(tables, outdated=outdated)
    # Beside a rounded table nothing is shown exactly: both together would reveal more than either.
    hidden = {
        name: perimeter.places if table.rounding_base else {*table.reasons, *outdated[name]}
        for name, table in disclosed.tables.items()
    }
    reasons = mask_tables(tables, perimeter, disclosed=hidden, draw=draw)
    first = {}
    for name, why in reasons.items():
        unprotectable = tables.unprotectable(name)
        counts = {c: count for c, count in tables.counts[name].items() if c not in unprotectable}
        first[name] = DisclosedTable(counts).mask(why)
    return disclosed.with_tables(first)


def _round(tables: Tables, disclosed: DisclosedTables, base: int) -> dict[str, DisclosedTable]:
    """Return the tables rounded to multiples of ``base``: one alone, or parts and the total that is
    their sum, which becomes the sum of the rounded parts. Empty for other tables (given totals,
    other links, public figures, amounts and averages) and where anything is disclosed already."""
    counts, communes = tables.counts, disclosed.perimeter.communes
    if disclosed.tables or tables.given_totals or tables.links.people.keys() & counts.keys():
        return {}
    if len(counts) == 1:
        [name] = counts
        rounded = {name: round_counts(counts[name], communes, base, tables.public.get(name, ()))}
    else:
        linked = [
            total for total in tables.links.totals if counts.keys() == {total.base, *total.parts}
        ]
        if any(tables.public.values()) or not linked or len(tables.links.totals) > 1:
            return {}
        [total] = linked
        if not is_sum(counts[total.base], [counts[part] for part in total.parts]):
            return {}
        rounded = {part: round_counts(counts[part], communes, base) for part in total.parts}
        rounded[total.base] = {
            commune: sum(rounded[part][commune] for part in total.parts)
            for commune in counts[total.base]
        }
    return {name: DisclosedTable(shown, rounding_base=base) for name, shown in rounded.items()}


def correct(
    disclosed: DisclosedTables, commune: Place, counts: Mapping[str, int]
) -> DisclosedTables:
    """Return the tables after a correction, or a late figure, at a commune. ``counts``: today's
    number of each table that has a figure there, corrected or not; one at least."""
    is_alone = len(disclosed.tables) == 1 and not disclosed.given_totals
    if is_alone:
        [(name, count)] = counts.items()
        table = _correct_alone(disclosed, disclosed.tables[name], commune, count)
        return disclosed.with_tables({name: table})
    return _correct_linked(disclosed, commune, counts)


def _correct_alone(
    disclosed: DisclosedTables, table: DisclosedTable, commune: Place, count: int
) -> DisclosedTable:
    """Return the only table after a correction: in a rounded table the nearest multiple is shown.

    Else a masked figure stays so, and moves totals only if it grew by the threshold or more; one
    that is small is masked, and counts as ``IMPUTED_COUNT`` if it was shown, as nothing if it is
    late.
    """
    [name] = disclosed.tables
    is_small = 0 < count < disclosed.threshold and commune not in disclosed.public.get(name, ())
    if table.rounding_base:
        is_public = commune in disclosed.public.get(name, ())
        return table.show(commune, count if is_public else nearest(count, table.rounding_base))
    if commune in table.reasons:
        # A mistake that hid a great many is corrected in the totals; downwards it would reveal one.
        counted = table.counted.get(commune)
        if counted is not None and count - counted >= disclosed.threshold:
            return replace(table, counted={**table.counted, commune: count})
        return table
    if not is_small:
        return table.show(commune, count)
    if commune in table.shown:
        table = table.show(commune, IMPUTED_COUNT)
    return table.mask({commune: Reason.PRIMARY})


def _correct_linked(
    disclosed: DisclosedTables, commune: Place, counts: Mapping[str, int]
) -> DisclosedTables:
    """Return linked tables after a correction at a commune.

    If one of them is masked there, or a count is small today, all stay as last disclosed: one that
    moved would reveal what the others leave. A late figure is masked there. A public one is always
    shown. Rounded tables show the nearest multiples, and their base the sum of these.
    """
    tables = disclosed.tables
    given = Tables(
        {name: {commune: count} for name, count in counts.items()},
        disclosed.threshold, disclosed.links, disclosed.public,
    )  # fmt: skip
    is_fixed = any(
        commune in table.reasons or (table.reasons and name in disclosed.given_totals)
        for name, table in tables.items()
    )
    rounded = {name: table.rounding_base for name, table in tables.items() if table.rounding_base}
    if rounded and not is_fixed and counts.keys() >= rounded.keys():
        shown = {name: nearest(counts[name], base) for name, base in rounded.items()}
        for total in disclosed.links.totals:
            if total.base in rounded:
                shown[total.base] = sum(shown[part] for part in total.parts)
        return disclosed.with_tables(
            {name: tables[name].show(commune, count) for name, count in shown.items()}
        )
    is_shown = not (is_fixed or rounded or given.has_small(commune))
    corrected = {}
    for name in counts.keys() & tables.keys():
        is_late = commune not in tables[name].used
        counted_in = disclosed.links.total_of(name)
        family = {counted_in.base, *counted_in.parts} if counted_in else set()
        relatives = family & tables.keys()
        is_public = commune in disclosed.public.get(name, ())
        if is_public or (is_shown and not (is_late and relatives - counts.keys())):
            corrected[name] = tables[name].show(commune, counts[name])
        elif is_late:
            corrected[name] = tables[name].mask({commune: Reason.RELATED})
    return disclosed.with_tables(corrected)


def tighten(
    disclosed: DisclosedTables, threshold: int, *, draw: Draw = random.choice
) -> DisclosedTables:
    """Return the tables under a stricter threshold: more is masked, no total moves.

    Under a laxer one nothing changes; rounded tables stay as they are too.
    """
    if threshold <= disclosed.threshold:
        return disclosed
    masking = {n: table for n, table in disclosed.tables.items() if not table.rounding_base}
    tables = Tables(
        {name: table.used for name, table in masking.items()},
        threshold, disclosed.links, disclosed.public, disclosed.given_totals,
    )  # fmt: skip
    masked = {name: table.reasons.keys() for name, table in masking.items()}
    reasons = mask_tables(tables, disclosed.perimeter, masked=masked, draw=draw)
    stricter = {name: masking[name].mask(why) for name, why in reasons.items()}
    return replace(disclosed, threshold=threshold).with_tables(stricter)


def regroup(
    disclosed: DisclosedTables, perimeter: Perimeter, merged: Mapping[Place, Place] | None = None
) -> DisclosedTables:
    """Return the tables over another perimeter: other sectors, or communes that merged.

    ``merged`` maps each former commune to the one it is part of. What was masked stays masked; a
    new sum is shown only if all that it adds up is shown, the territory's total as long as its
    communes stay.
    """
    merged = merged or {}
    former = disclosed.perimeter
    is_same_territory = {merged.get(c, c) for c in former.communes} == {*perimeter.communes}
    return replace(
        disclosed,
        perimeter=perimeter,
        tables={
            name: _regroup_table(table, former, perimeter, merged, is_same_territory)
            for name, table in disclosed.tables.items()
        },
        public={
            name: {merged.get(c, c) for c in known} for name, known in disclosed.public.items()
        },
    )


def _regroup_table(
    table: DisclosedTable,
    former: Perimeter,
    perimeter: Perimeter,
    merged: Mapping[Place, Place],
    is_same_territory: bool,
) -> DisclosedTable:
    """Return a table as ``regroup`` leaves it; a place without a former reason is masked as
    related."""
    used: dict[Place, int] = {}
    for commune, count in table.used.items():
        place = merged.get(commune, commune)
        used[place] = used.get(place, 0) + count
    reasons = {merged.get(c, c): Reason.RELATED for c in table.reasons if c in former.communes}
    for total in perimeter.places_of_totals:
        communes = perimeter.communes_of(total)
        was_shown = is_same_territory and total == TERRITORY and total not in table.reasons
        if not was_shown and any(c in reasons for c in communes):
            reasons[total] = Reason.RELATED
    former_reasons = {c: reason for c, reason in table.reasons.items() if c in reasons}
    counts = {c: count for c, count in used.items() if c in perimeter.communes}
    return DisclosedTable(counts, rounding_base=table.rounding_base).mask(
        {**reasons, **former_reasons}
    )
