"""Convert the protected figures of a year between their three forms: sheets as given, tables that
secrecy is decided of, and stored rows (``Disclosure``)."""

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
from indicators.disclosure.places import Terms, commune_place, encode_terms, sector_place
from indicators.disclosure.sheet import Sheet
from indicators.figures.disclosures import Disclosure

# The place of a figure of the whole territory, which is no sum of others.
WHOLE = "whole"


@dataclass(frozen=True)
class RelatedSheets:
    """The sheets of linked indicators of a year, one at least protected. ``other_grain``: sheets of
    the other grain that count the same: whole territory against communes, or the reverse."""

    relatives: Relatives
    sheets: list[Sheet]
    other_grain: list[Sheet] = field(default_factory=list)

    def tables_of(self, sheet: Sheet) -> list[str]:
        """Return the names of the counts behind the figures of a sheet."""
        return self.relatives.declared.tables_of(sheet.entry)

    @cached_property
    def protected(self) -> list[Sheet]:
        """The sheets that others read only as disclosed."""
        return [s for s in self.sheets if s.is_protected or s.entry.disclosed]

    @cached_property
    def is_by_commune(self) -> bool:
        return self.sheets[0].entry.is_by_commune

    @cached_property
    def perimeter(self) -> Perimeter:
        """The communes of the year as they are today, the least populated first; for figures of the
        territory, one place ``WHOLE``."""
        if not self.is_by_commune:
            return Perimeter([WHOLE])
        coverages = sorted(
            self.sheets[0].coverages,
            key=lambda coverage: (coverage.commune.population or 0, coverage.commune.insee_code),
        )
        sectors = {
            commune_place(coverage.commune_id): sector_place(coverage.sector_id)
            for coverage in coverages
            if coverage.sector_id
        }
        return Perimeter([commune_place(coverage.commune_id) for coverage in coverages], sectors)

    @cached_property
    def threshold(self) -> int:
        """The strictest threshold of the providers of protected sheets."""
        return strictest(sheet.entry.rule.threshold for sheet in self.protected)

    @cached_property
    def rounding_base(self) -> int | None:
        """The base to which all protected sheets are rounded; None if one provider does not round:
        then all are masked."""
        rounds = [bool(sheet.entry.rule.rounding_base) for sheet in self.protected]
        return ROUNDING_BASE if rounds and all(rounds) else None

    @cached_property
    def _terms(self) -> dict[str, list[tuple[Sheet, int]]]:
        """The sheets of each table, each with the rank of its term. A sheet that gives the count
        itself comes before one that has it as a term of a ratio."""
        by_table: dict[str, list[tuple[Sheet, int]]] = {}
        for sheet in sorted(
            self.sheets, key=lambda sheet: (sheet.definition.is_ratio, sheet.entry.pk)
        ):
            for rank, name in enumerate(self.tables_of(sheet)):
                by_table.setdefault(name, []).append((sheet, rank))
        return by_table

    def counts(self, names: Collection[str]) -> dict[str, dict[Place, int]]:
        """Return today's figures as given, unprotected, cut to whole numbers: by table, then by
        commune, ``WHOLE`` for the territory. Of several sheets the first with a place counts."""
        by_table = {}
        for name in names:
            counts: dict[Place, int] = {}
            for sheet, rank in self._terms[name]:
                for place, terms in sheet.given.items():
                    counts.setdefault(place or WHOLE, int(terms[rank]))
            by_table[name] = counts
        return by_table

    def tables(self, sheets: Iterable[Sheet]) -> Tables:
        """Return the tables of ``sheets`` and of all unprotected sheets, with today's numbers."""
        open_to_all = [sheet for sheet in self.sheets if sheet not in self.protected]
        names = {name for sheet in [*sheets, *open_to_all] for name in self.tables_of(sheet)}
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
        """The tables whose total for the whole territory everybody reads already, as another
        indicator gives it; none for figures of the whole territory themselves."""
        if not self.is_by_commune:
            return set()
        names: set[str] = set()
        for sheet in self.other_grain:
            row = sheet.entry.disclosed
            if sheet.given and (not sheet.is_protected or (row and TERRITORY in row.shown)):
                names.update(self.tables_of(sheet))
        return names

    def _is_total_masked(self, sheet: Sheet) -> bool:
        """Return whether a disclosed table by commune that counts the same as the sheet of the
        whole territory has the territory's total masked."""
        names = set(self.tables_of(sheet))
        rows = [s.entry.disclosed for s in self.other_grain if names & set(self.tables_of(s))]
        return any(row is not None and TERRITORY in row.reasons for row in rows)

    def _is_counted(self, name: str) -> bool:
        """Return whether a table counts one by one: whole numbers from 0 of a unit that is counted,
        or terms of a ratio. Of an amount or an average, no commune's figure is shown."""
        return all(
            terms[rank] == terms[rank].to_integral_value() and terms[rank] >= 0
            for sheet, rank in self._terms[name]
            if sheet.definition.is_ratio or is_counted(sheet.definition.unit)
            for terms in sheet.given.values()
        ) and any(
            sheet.definition.is_ratio or is_counted(sheet.definition.unit)
            for sheet, _ in self._terms[name]
        )

    def disclosed(self) -> DisclosedTables | None:
        """Return the tables as they were disclosed, over the perimeter and under the threshold
        stored then; None if nothing was."""
        rows = [(s, s.entry.disclosed) for s in self.protected if s.entry.disclosed]
        if not rows:
            return None
        tables: dict[str, DisclosedTable] = {}
        for sheet, row in sorted(rows, key=lambda item: item[0].definition.is_ratio):
            for rank, name in enumerate(self.tables_of(sheet)):
                tables.setdefault(name, _table_of(row, rank, is_whole=not self.is_by_commune))
        stored_perimeter = rows[0][1].perimeter
        perimeter = Perimeter(
            [place for place, _ in stored_perimeter], {c: s for c, s in stored_perimeter if s}
        )
        return DisclosedTables(
            perimeter if self.is_by_commune else self.perimeter,
            max(row.threshold or 0 for _, row in rows) or self.threshold,
            tables,
            self.tables([sheet for sheet, _ in rows]).links,
            self.tables([sheet for sheet, _ in rows]).public,
        )

    def build_disclosure(self, sheet: Sheet, tables: DisclosedTables) -> Disclosure:
        """Return the row that stores what everybody reads of an indicator: its row of before,
        changed, or a new one. It is not saved. ``tables``: as they are to be read."""
        names = self.tables_of(sheet)
        term_tables = [tables.tables[name] for name in names]
        reasons: Reasons = {}
        for table in term_tables:
            reasons |= {place: why for place, why in table.reasons.items() if place not in reasons}
        if sheet.entry.disclosed:
            stored_reasons = sheet.entry.disclosed.reasons.items()
            territory = TERRITORY if self.is_by_commune else WHOLE
            reasons |= {p or territory: Reason(why) for p, why in stored_reasons}
        else:
            for place in self.conflicting_places(sheet):
                conflicting = [place, *tables.perimeter.totals_over(place)]
                reasons |= dict.fromkeys(conflicting, Reason.RELATED)
        reasons |= self._mask_differing_total(sheet, tables, reasons)
        if not self.is_by_commune and self._is_total_masked(sheet):
            reasons[WHOLE] = Reason.RELATED
        if self.relatives.is_tangled:
            reasons = dict.fromkeys(tables.perimeter.places, Reason.RELATED)
        row = getattr(sheet.entry, "disclosure", None) or Disclosure(campaign_indicator=sheet.entry)
        row.base = term_tables[0].rounding_base
        row.threshold = None if row.base else tables.threshold
        communes = tables.perimeter.communes if self.is_by_commune else []
        row.perimeter = [[commune, tables.perimeter.sector_of.get(commune)] for commune in communes]
        row.given = encode_given(sheet.given)
        row.shown = _encode_common(
            [{p: n for p, n in t.shown.items() if p not in reasons} for t in term_tables]
        )
        row.shown |= {
            place: row.given[place]
            for place, terms in row.shown.items()
            if place in row.given
            and [int(Decimal(term)) for term in row.given[place]] == [int(term) for term in terms]
        }  # with the decimals of an amount
        row.counted = _encode_common([table.used for table in term_tables])
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
        """Return the totals of sectors and territory as stored terms, masked or not; the
        territory's as it was given, if it was. Empty for a figure of the whole territory."""
        names, totals = self.tables_of(sheet), {}
        if not self.is_by_commune:
            return {}
        if sheet.definition.is_aggregated:
            used = [tables.perimeter.totals(tables.tables[name].used) for name in names]
            totals = _encode_common(used)
            if any(name in tables.links.people for name in names):
                stored = getattr(sheet.entry, "disclosure", None)
                exact = sheet.sums.get(TERRITORY)
                totals[TERRITORY] = (
                    stored.totals.get(TERRITORY) if stored else encode_terms(exact or ())
                )
        if sheet.total is not None:
            totals[TERRITORY] = encode_terms(sheet.total)
        return totals

    def conflicting_places(self, sheet: Sheet) -> set[Place]:
        """Return the places where another sheet of the group gives another number of a count of
        this sheet."""
        places = set()
        for rank, name in enumerate(self.tables_of(sheet)):
            for other, at in self._terms[name]:
                for place in sheet.given.keys() & other.given.keys():
                    if sheet.given[place][rank] != other.given[place][at]:
                        places.add(place or WHOLE)
        return places

    def _mask_differing_total(
        self, sheet: Sheet, tables: DisclosedTables, reasons: Reasons
    ) -> Reasons:
        """Return the reason of the territory's total if it must be masked as well: it was given, is
        not the sum of what communes count, and one of them is in ``reasons``; else nothing."""
        if sheet.total is None or not any(c in reasons for c in tables.perimeter.communes):
            return {}
        used = [tables.tables[name].used.values() for name in self.tables_of(sheet)]
        is_sum = tuple(map(sum, used)) == sheet.total
        return {} if is_sum else {TERRITORY: Reason.RELATED}


def encode_given(given: Mapping[Place, Terms]) -> dict[Place, list[str]]:
    """Return the terms given, by place, as they are stored."""
    return {place: encode_terms(terms) for place, terms in given.items()}


def is_preview_current(row: Disclosure, given: Mapping[Place, Terms]) -> bool:
    """Return whether a preview was drawn of today's figures."""
    return row.given == encode_given(given)


def outdated_in(row: Disclosure, given: Mapping[Place, Terms]) -> set[Place]:
    """Return the places given today for which everybody reads, or totals count, another number or
    none."""
    places: set[Place] = set()
    ranks = range(max(map(len, given.values()), default=0))
    for rank in ranks:
        counts = {place or WHOLE: int(terms[rank]) for place, terms in given.items()}
        places |= _table_of(row, rank, is_whole=False).outdated(counts)
    return {place.replace(WHOLE, "") for place in places}


def _table_of(row: Disclosure, rank: int, *, is_whole: bool) -> DisclosedTable:
    """Return the stored table of one term of an indicator: 0 is the count or the numerator."""

    def counts(stored: Mapping[str, list[str]]) -> dict[Place, int]:
        return {place or WHOLE: int(Decimal(terms[rank])) for place, terms in stored.items()}

    reasons = {
        WHOLE if is_whole and place == TERRITORY else place: Reason(why)
        for place, why in row.reasons.items()
    }
    return DisclosedTable(counts(row.shown), counts(row.counted), reasons, row.base)


def _encode_common(counts_by_term: Sequence[Mapping[Place, int]]) -> dict[str, list[str]]:
    """Return numbers by place as stored terms, for the places that all tables have."""
    places = set.intersection(*(set(counts) for counts in counts_by_term))
    return {
        place.replace(WHOLE, ""): encode_terms(Decimal(counts[place]) for counts in counts_by_term)
        for place in sorted(places)
    }
