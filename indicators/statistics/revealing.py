"""Check whether a published figure of a whole territory would reveal a secret one by
differencing."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from agreements.models import Version
from conventions.models import Convention
from conventions.territory.departments import department_of
from ctg_portal.search.rows import fold
from indicators.definitions.definition import Definition
from indicators.definitions.models import Calculation, Indicator
from indicators.disclosure import is_protected
from indicators.disclosure.places import TERRITORY
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.releases import PlaceKind, PublicFigure, Release
from indicators.statistics.filling import Territory
from indicators.statistics.source import Measure, sources

YEAR_OF_COMMUNES = 2023


@dataclass
class IndicatorCount:
    """What an indicator counts, in any wording ever in force: a reader assumes it for every year.
    ``names``: folded titles or, of a ratio, terms; ``sums``: the sets of keys it totalled."""

    row: Indicator
    names: set[str] = field(default_factory=set)
    sums: set[frozenset[int]] = field(default_factory=set)

    @property
    def parts(self) -> set[int]:
        return set().union(*self.sums)

    def is_other_name_of(self, pk: int) -> bool:
        """Return whether it ever was the total of ``pk`` alone."""
        return frozenset([pk]) in self.sums

    def add(self, names: Iterable[str], parts: Iterable[int]) -> None:
        """Add the names, folded, and one set of parts; empty ones are ignored."""
        self.names |= {fold(name) for name in names} - {""}
        self.sums |= {frozenset(parts)} - {frozenset()}


def indicator_counts(convention: Convention) -> dict[int, IndicatorCount]:
    """Return what each indicator of a convention counts, by key: as its row says today (a draft
    too), and as each version that was ever in force said."""
    rows = Indicator.objects.of(convention).select_related("provider").prefetch_related("parts")
    counts = {row.pk: IndicatorCount(row) for row in rows}
    for row in rows:
        terms = {name: getattr(row, name) for name in ("title", "numerator", "denominator")}
        is_ratio = row.calculation == Calculation.RATIO
        counts[row.pk].add(_names_counted(terms, is_ratio), [part.pk for part in row.parts.all()])
    versions = Version.objects.about_rows(Indicator.objects.of(convention))
    for version in versions.exclude(in_force_at=None):
        definition = Definition.of(version)
        parts = [link["id"] for link in definition.parts]
        counts[version.object_id].add(
            _names_counted(definition.content, definition.is_ratio), parts
        )
    return counts


def _names_counted(content: Mapping[str, str], is_ratio: bool) -> list[str]:
    """Return the title; of a ratio, numerator and denominator instead."""
    return [content["numerator"], content["denominator"]] if is_ratio else [content["title"]]


@dataclass(frozen=True)
class RevealCheck:
    """The indicators and sheets that a published total could reveal.

    ``own``: keys of the indicators that the total measures; ``same``: these and others that count
    the same; ``never_asked``: keys of the same or linked by sums that would be secret and no
    campaign asks yet; ``sheets``: all that campaigns ask of these; ``over``: years that ask nothing
    more; ``filled``: years in which each commune's number is published.
    """

    own: set[int]
    same: set[int]
    never_asked: set[int]
    sheets: list[Sheet]
    over: set[int]
    filled: set[int]

    @classmethod
    def of(
        cls, counted: dict[int, IndicatorCount], measures: Iterable[Measure], filled: set[int]
    ) -> "RevealCheck":
        """Return the check for measures of one library entry. ``counted``: from
        ``indicator_counts``; ``filled``: from ``years_filled``."""
        measures = list(measures)
        codes = {measure.library for measure in measures} - {""}
        own = {pk for pk, count in counted.items() if count.row.library_code in codes}
        same = _same_counts(counted, own, {fold(measure.title) for measure in measures})
        family = _linked_by_sums(counted, same)
        conventions = {count.row.convention_id for count in counted.values()}
        campaigns = Campaign.objects.filter(convention__in=conventions)
        asked = CampaignIndicator.objects.filter(indicator__in=family)
        sheets = read_sheets(asked.with_relations())
        never_asked = family - {sheet.entry.indicator_id for sheet in sheets}
        return cls(
            own,
            same,
            {
                pk
                for pk in never_asked
                if (row := counted[pk].row).is_confidential
                and row.provider
                and row.provider.is_under_secrecy
            },
            sheets,
            {c.year for c in campaigns if c.is_closed and not c.is_from_file},
            filled,
        )

    def reveals(self, kind: str, year: int) -> bool:
        """Return whether publishing a year's figure of a place of this kind, the territory or part
        of it, would reveal a secret figure by differencing.

        It does if the same count has a secret that is not fully public; and if what adds up with it
        has one, unless the measured indicators are fully public themselves.
        """
        sheets = [sheet for sheet in self.sheets if sheet.entry.campaign.year == year]
        if year not in self.over:  # what the year has not asked yet may be asked as in another
            asked = {sheet.entry.indicator_id for sheet in sheets}
            sheets += [sheet for sheet in self.sheets if sheet.entry.indicator_id not in asked]
        fully_public = {
            sheet.entry.pk for sheet in sheets if self._is_fully_public(sheet, kind, year)
        }
        secret = self.never_asked | {
            sheet.entry.indicator_id
            for sheet in sheets
            if _is_reserved(sheet) and sheet.entry.pk not in fully_public
        }
        if secret & self.same:
            return True
        own = {sheet.entry.pk for sheet in sheets if sheet.entry.indicator_id in self.own}
        return bool(secret) and not (own and own <= fully_public)

    def _is_fully_public(self, sheet: Sheet, kind: str, year: int) -> bool:
        """Return whether everybody reads the number of each place of a sheet, or, for an
        intercommunalité, their total: the figure then adds nothing.

        One missing or secret place alone would follow from the others. In a year that has not asked
        for it, each commune's figure must be published.
        """
        given = {*sheet.given, *([TERRITORY] if sheet.total else [])}
        public = sheet.public & given if _is_reserved(sheet) else given
        if kind == PlaceKind.EPCI and TERRITORY in public:
            return True
        is_asked = sheet.entry.campaign.year == year or year in self.filled
        return is_asked and public >= sheet.placed.keys() > set()


def _same_counts(counted: dict[int, IndicatorCount], own: set[int], titles: set[str]) -> set[int]:
    """Return ``own`` with the indicators that count the same: of a name of theirs or of ``titles``,
    or the total of one alone, in either direction."""
    names = titles.union(*(counted[pk].names for pk in own))
    return own | {
        pk
        for pk, count in counted.items()
        if names & count.names
        or any(counted[ours].is_other_name_of(pk) or count.is_other_name_of(ours) for ours in own)
    }


def _linked_by_sums(counted: dict[int, IndicatorCount], start: set[int]) -> set[int]:
    """Return ``start`` and all linked to it, step by step: parts, totals, those of one name."""
    linked, fresh = set(), set(start)
    while fresh:
        linked |= fresh
        names = set().union(*(counted[pk].names for pk in fresh))
        parts = set().union(*(counted[pk].parts for pk in fresh))
        fresh = {
            pk
            for pk, count in counted.items()
            if pk in parts or names & count.names or count.parts & linked
        } - linked
    return linked


def _is_reserved(sheet: Sheet) -> bool:
    return is_protected(sheet.definition, sheet.entry)


def years_filled(
    territory: Territory, used: dict[int, Release], measures: dict[str, Measure]
) -> set[int]:
    """Return the years in which some release of ``used`` (by key) has a number for each commune of
    the territory. ``measures``: the measure that counts, by source."""
    own = {coverage.commune.insee_code for coverage in territory.coverages}
    figures = PublicFigure.objects.for_communes().filter(release__in=used, place__in=own)
    places_by_release = defaultdict(set)
    for row in figures.exclude(number=None):
        if row.measure == measures[used[row.release_id].source].code:
            places_by_release[row.release_id].add(row.place)
    return {used[pk].year for pk, places in places_by_release.items() if places >= own}


def is_part_of(territory: Territory, kind: str, place: str) -> bool:
    """Return whether a place has only communes of the territory, as far as is known: a département
    within it, and any intercommunalité. Its figure is then their total, or helps to subtract."""
    if kind == PlaceKind.DEPARTMENT:
        inside = communes_of(place)
        return bool(inside) and inside <= territory.codes_of_today
    return kind == PlaceKind.EPCI


@lru_cache(maxsize=24)
def communes_of(department: str) -> frozenset[str]:
    """Return the codes of a département's communes, in ``YEAR_OF_COMMUNES``."""
    populations = sources()["insee_populations"]
    lines = populations.bundled_of(YEAR_OF_COMMUNES).decode().splitlines()
    rows = csv.DictReader(lines, delimiter=";")
    codes = (row["GEO"] for row in rows if row["GEO_OBJECT"] == "COM")
    return frozenset(code for code in codes if department_of(code) == department)
