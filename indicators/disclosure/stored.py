"""The protected figures of a year that hang together: as they are given, as tables that secrecy is
decided of, and as they are kept (``Disclosure``)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from conventions.parties.secrecy import ROUNDING_BASE
from indicators.definitions.definition import is_counted
from indicators.disclosure.corrections import DisclosedTable, DisclosedTables
from indicators.disclosure.declared import Relatives
from indicators.disclosure.families import Tables, strictest
from indicators.disclosure.masking import TERRITORY, Perimeter, Place, Reason, Reasons
from indicators.disclosure.models import Disclosure
from indicators.disclosure.places import Terms, commune_place, plain, sector_place
from indicators.disclosure.sheet import Sheet

# The place of a figure of the whole territory, which is no sum of others.
WHOLE = "whole"


@dataclass(frozen=True)
class RelatedSheets:
    """``sheets`` of indicators of a year that hang together, one of them at least protected.
    ``beside``: those of the other grain that count the same: of the whole territory what these do
    by commune, or the reverse."""

    relatives: Relatives
    sheets: list[Sheet]
    beside: list[Sheet] = field(default_factory=list)

    def tables_of(self, sheet: Sheet) -> list[str]:
        """Return the names of the counts that its figures are made of."""
        return self.relatives.declared.tables_of(sheet.entry)

    @cached_property
    def protected(self) -> list[Sheet]:
        """Those that others read as they are disclosed."""
        return [s for s in self.sheets if s.is_protected or s.entry.disclosed]

    @cached_property
    def is_by_commune(self) -> bool:
        return self.sheets[0].entry.is_by_commune

    @cached_property
    def perimeter(self) -> Perimeter:
        """The communes as they are today, the least populated first."""
        if not self.is_by_commune:
            return Perimeter([WHOLE])
        coverages = sorted(
            self.sheets[0].coverages,
            key=lambda one: (one.commune.population or 0, one.commune.insee_code),
        )
        sectors = {
            commune_place(one.commune_id): sector_place(one.sector_id)
            for one in coverages
            if one.sector_id
        }
        return Perimeter([commune_place(one.commune_id) for one in coverages], sectors)

    @cached_property
    def threshold(self) -> int:
        """The strictest, bases included."""
        return strictest(sheet.entry.rule.threshold for sheet in self.protected)

    @cached_property
    def rounding_base(self) -> int | None:
        """To what all are rounded; None where one of their providers does not round, so that they
        are masked."""
        rounds = [bool(sheet.entry.rule.rounding_base) for sheet in self.protected]
        return ROUNDING_BASE if rounds and all(rounds) else None

    @cached_property
    def _terms(self) -> dict[str, list[tuple[Sheet, int]]]:
        """By table, the sheets that have it, each with which of its terms it is. Where two give one
        count, the one that gives it for itself comes first."""
        found: dict[str, list[tuple[Sheet, int]]] = {}
        for sheet in sorted(self.sheets, key=lambda one: (one.definition.is_ratio, one.entry.pk)):
            for rank, name in enumerate(self.tables_of(sheet)):
                found.setdefault(name, []).append((sheet, rank))
        return found

    def counts(self, names: Collection[str]) -> dict[str, dict[Place, int]]:
        """Return what is given in tables today, in whole numbers, by commune."""
        found = {}
        for name in names:
            counts: dict[Place, int] = {}
            for sheet, rank in self._terms[name]:
                for place, terms in sheet.given.items():
                    counts.setdefault(place or WHOLE, int(terms[rank]))
            found[name] = counts
        return found

    def tables(self, sheets: Iterable[Sheet]) -> Tables:
        """Return the tables of some of these, and those that are not protected, as they are given
        today."""
        open_to_all = [one for one in self.sheets if one not in self.protected]
        names = {name for one in [*sheets, *open_to_all] for name in self.tables_of(one)}
        public = {
            name: {
                place or WHOLE
                for sheet, _ in self._terms[name]
                for place in (sheet.given if sheet in open_to_all else sheet.public)
            }
            for name in names
        }
        links = self.relatives.links
        # Of an amount or an average, no commune's is shown.
        uncounted = {n: None for n in names if self.is_by_commune and not self._is_counted(n)}
        links = type(links)(links.totals, uncounted)
        return Tables(self.counts(names), self.threshold, links, public, self._given_totals & names)

    @property
    def _given_totals(self) -> set[str]:
        """The tables of which everybody reads already what the whole territory comes to."""
        if not self.is_by_commune:
            return set()
        shown = [s for s in self.beside if not s.is_protected or _shows_whole(s.entry.disclosed)]
        return {name for sheet in shown if sheet.given for name in self.tables_of(sheet)}

    def _masked_beside(self, sheet: Sheet) -> bool:
        """Whether the communes of a figure of the whole territory have their total masked."""
        names = set(self.tables_of(sheet))
        rows = [s.entry.disclosed for s in self.beside if names & set(self.tables_of(s))]
        return any(row is not None and TERRITORY in row.reasons for row in rows)

    def _is_counted(self, name: str) -> bool:
        """Whether a table counts one by one; of an amount or an average no commune's is shown."""
        return all(
            terms[rank] == terms[rank].to_integral_value() and terms[rank] >= 0
            for sheet, rank in self._terms[name]
            if sheet.definition.is_ratio or is_counted(sheet.definition.unit)
            for terms in sheet.given.values()
        ) and any(
            sheet.definition.is_ratio or is_counted(sheet.definition.unit)
            for sheet, _ in self._terms[name]
        )

    # As they are kept ---------------------------------------------------------------------------

    def disclosed(self) -> DisclosedTables | None:
        """Return what was disclosed of them; None where nothing was."""
        rows = [(s, s.entry.disclosed) for s in self.protected if s.entry.disclosed]
        if not rows:
            return None
        tables: dict[str, DisclosedTable] = {}
        for sheet, row in sorted(rows, key=lambda one: one[0].definition.is_ratio):
            for rank, name in enumerate(self.tables_of(sheet)):
                tables.setdefault(name, _table_of(row, rank, is_whole=not self.is_by_commune))
        kept = rows[0][1].perimeter
        perimeter = Perimeter([place for place, _ in kept], {c: s for c, s in kept if s})
        return DisclosedTables(
            perimeter if self.is_by_commune else self.perimeter,
            max(row.threshold or 0 for _, row in rows) or self.threshold,
            tables,
            self.tables([sheet for sheet, _ in rows]).links,
            self.tables([sheet for sheet, _ in rows]).public,
        )

    def keep(self, sheet: Sheet, tables: DisclosedTables) -> Disclosure:
        """Return what is disclosed of an indicator, to be saved."""
        names = self.tables_of(sheet)
        of_terms = [tables.tables[name] for name in names]
        reasons: Reasons = {}
        for table in of_terms:
            reasons |= {place: why for place, why in table.reasons.items() if place not in reasons}
        if sheet.entry.disclosed:
            kept = sheet.entry.disclosed.reasons.items()
            reasons |= {p or self.territory_place: Reason(why) for p, why in kept}
        else:
            reasons |= self._unlike(sheet, tables)
        reasons |= self._given_otherwise(sheet, tables, reasons)
        if not self.is_by_commune and self._masked_beside(sheet):
            reasons[WHOLE] = Reason.RELATED
        if self.relatives.is_tangled:
            reasons = dict.fromkeys(tables.perimeter.places, Reason.RELATED)
        row = getattr(sheet.entry, "disclosure", None) or Disclosure(campaign_indicator=sheet.entry)
        row.base = of_terms[0].rounding_base
        row.threshold = None if row.base else tables.threshold
        communes = tables.perimeter.communes if self.is_by_commune else []
        row.perimeter = [[commune, tables.perimeter.sector_of.get(commune)] for commune in communes]
        row.given = plain_terms(sheet.given)
        row.shown = _joined(
            [{p: n for p, n in t.shown.items() if p not in reasons} for t in of_terms]
        )
        row.shown |= {
            place: row.given[place]
            for place, terms in row.shown.items()
            if place in row.given
            and [int(Decimal(term)) for term in row.given[place]] == [int(term) for term in terms]
        }  # with the decimals of an amount
        row.counted = _joined([table.used for table in of_terms])
        row.counted = {p: terms for p, terms in row.counted.items() if p not in row.shown}
        totals = self._totals(sheet, tables)
        row.totals = {p: terms for p, terms in totals.items() if p not in reasons}
        is_place = {*row.perimeter_places, *totals, WHOLE}
        row.reasons = {
            place.replace(WHOLE, ""): why.value
            for place, why in reasons.items()
            if place in is_place
        }
        return row

    def _totals(self, sheet: Sheet, tables: DisclosedTables) -> dict[str, list[str]]:
        """What sectors and the territory come to, masked or not; the territory as it was given,
        where it was."""
        names, totals = self.tables_of(sheet), {}
        if not self.is_by_commune:
            return {}
        if sheet.definition.is_aggregated:
            used = [tables.perimeter.totals(tables.tables[name].used) for name in names]
            totals = _joined(used)
            if any(name in tables.links.people for name in names):
                kept = getattr(sheet.entry, "disclosure", None)
                exact = sheet.sums.get(TERRITORY)
                totals[TERRITORY] = kept.totals.get(TERRITORY) if kept else plain(exact or ())
        if sheet.total is not None:
            totals[TERRITORY] = plain(sheet.total)
        return totals

    @property
    def territory_place(self) -> Place:
        return TERRITORY if self.is_by_commune else WHOLE

    def unlike(self, sheet: Sheet) -> set[Place]:
        """Return the places of which another indicator gives another figure of the same count."""
        found = set()
        for rank, name in enumerate(self.tables_of(sheet)):
            for other, at in self._terms[name]:
                for place in sheet.given.keys() & other.given.keys():
                    if sheet.given[place][rank] != other.given[place][at]:
                        found.add(place or WHOLE)
        return found

    def _unlike(self, sheet: Sheet, tables: DisclosedTables) -> Reasons:
        """Two figures of one count that differ are masked there, with what they add up to."""
        masked: Reasons = dict.fromkeys(self.unlike(sheet), Reason.RELATED)
        for place in [*masked]:
            masked |= dict.fromkeys(tables.perimeter.totals_over(place), Reason.RELATED)
        return masked

    def _given_otherwise(self, sheet: Sheet, tables: DisclosedTables, reasons: Reasons) -> Reasons:
        """A total that was given and is not the sum, beside a masked commune, is masked."""
        if sheet.total is None or not any(c in reasons for c in tables.perimeter.communes):
            return {}
        used = [tables.tables[name].used.values() for name in self.tables_of(sheet)]
        is_sum = tuple(map(sum, used)) == sheet.total
        return {} if is_sum else {TERRITORY: Reason.RELATED}


def _shows_whole(row: Disclosure | None) -> bool:
    return row is not None and TERRITORY in row.shown


def plain_terms(given: Mapping[Place, Terms]) -> dict[Place, list[str]]:
    """Return what is given by place as it is kept."""
    return {place: plain(terms) for place, terms in given.items()}


def is_drawn(row: Disclosure, given: Mapping[Place, Terms]) -> bool:
    """Whether what was drawn for a preview is of the figures as they are given now."""
    return row.given == plain_terms(given)


def outdated_in(row: Disclosure, given: Mapping[Place, Terms]) -> set[Place]:
    """Return the places of which everybody reads, or totals count, another number than is given
    today, or none."""
    found: set[Place] = set()
    ranks = range(max(map(len, given.values()), default=0))
    for rank in ranks:
        counts = {place or WHOLE: int(terms[rank]) for place, terms in given.items()}
        found |= _table_of(row, rank, is_whole=False).outdated(counts)
    return {place.replace(WHOLE, "") for place in found}


def _table_of(row: Disclosure, rank: int, *, is_whole: bool) -> DisclosedTable:
    """Return a table as it was kept, of one term of an indicator."""

    def counts(kept: Mapping[str, list[str]]) -> dict[Place, int]:
        return {place or WHOLE: int(Decimal(terms[rank])) for place, terms in kept.items()}

    reasons = {
        WHOLE if is_whole and place == TERRITORY else place: Reason(why)
        for place, why in row.reasons.items()
    }
    return DisclosedTable(counts(row.shown), counts(row.counted), reasons, row.base)


def _joined(of_terms: Sequence[Mapping[Place, int]]) -> dict[str, list[str]]:
    """Return numbers by place as terms, of the places that all have."""
    places = set.intersection(*(set(counts) for counts in of_terms))
    return {
        place.replace(WHOLE, ""): plain(Decimal(counts[place]) for counts in of_terms)
        for place in sorted(places)
    }
