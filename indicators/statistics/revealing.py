"""Check whether a published figure of a whole territory would reveal a secret one by
differencing."""

import csv
from collections import defaultdict
from collections.abc import Iterable
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


@dataclass
class IndicatorCount:
    """What an indicator counts, as was ever agreed: who reads it, or read it once, assumes it for
    every year.

    ``names``: its own, or those of its terms, folded; ``sums``: the sets of indicators that it was
    the total of.
    """

    row: Indicator
    names: set[str] = field(default_factory=set)
    sums: set[frozenset[int]] = field(default_factory=set)

    @property
    def parts(self) -> set[int]:
        return set().union(*self.sums)

    def is_other_name_of(self, pk: int) -> bool:
        """Return whether it is the total of this one alone."""
        return frozenset([pk]) in self.sums

    def add(self, names: Iterable[str], parts: Iterable[int]) -> None:
        self.names |= {fold(name) for name in names} - {""}
        self.sums |= {frozenset(parts)} - {frozenset()}


def indicator_counts(convention: Convention) -> dict[int, IndicatorCount]:
    """Return what each indicator of a convention counts: as its row says, and each wording that is
    or was in force."""
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


def _names_counted(content: dict, is_ratio: bool) -> list[str]:
    return [content["numerator"], content["denominator"]] if is_ratio else [content["title"]]


@dataclass(frozen=True)
class RevealCheck:
    """The indicators and sheets that a published total could reveal, year by year.

    ``own``: indicators of which the whole territory's figure is published. ``same``: these and
    those that count the same; ``never_asked``: those whose figures may yet be given in secret, of
    the same or of what adds up with it; ``sheets``: all that is asked of these. ``over``: the years
    in which nothing more will be asked; ``filled``: those of which each commune's number is
    published.
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
        """Return the check. ``counted``: what the indicators of a convention count; ``measures``:
        what is published, of one entry of the library."""
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
            {pk for pk in never_asked if _would_be_secret(counted[pk].row)},
            sheets,
            {count.year for count in campaigns if count.is_closed and not count.is_from_file},
            filled,
        )

    def reveals(self, kind: str, year: int) -> bool:
        """Return whether the figure of a place that is the territory, or part of it, would reveal
        secret figures of a year.

        That is: secret figures of the same count, unless each is published; or of what adds up with
        it, unless it is itself public for each commune.
        """
        sheets = self._sheets_of(year)
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

    def _sheets_of(self, year: int) -> list[Sheet]:
        """Return the sheets of a year and, if more may be asked, those of other years for the
        indicators not asked yet."""
        own = [sheet for sheet in self.sheets if sheet.entry.campaign.year == year]
        asked = {sheet.entry.indicator_id for sheet in own}
        others = [sheet for sheet in self.sheets if sheet.entry.indicator_id not in asked]
        return own if year in self.over else own + others

    def _is_fully_public(self, sheet: Sheet, kind: str, year: int) -> bool:
        """Return whether everybody reads the number of each place, published or under no rule, or
        their total, as the intercommunalité's figure then reveals nothing.

        One missing or secret place alone would follow from the others. If the year has asked for
        none yet, each commune's figure must be published.
        """
        given = {*sheet.given, *([TERRITORY] if sheet.total else [])}
        public = sheet.public & given if _is_reserved(sheet) else given
        if kind == PlaceKind.EPCI and TERRITORY in public:
            return True
        is_asked = sheet.entry.campaign.year == year or year in self.filled
        return is_asked and public >= sheet.placed.keys() > set()


def _same_counts(counted: dict[int, IndicatorCount], own: set[int], titles: set[str]) -> set[int]:
    """Return the indicators that count the same as ``own``: by the entry of the library, by a name,
    of a term too, or as the declared total of one alone."""
    names = titles.union(*(counted[pk].names for pk in own))
    return own | {
        pk
        for pk, count in counted.items()
        if names & count.names
        or any(counted[ours].is_other_name_of(pk) or count.is_other_name_of(ours) for ours in own)
    }


def _linked_by_sums(counted: dict[int, IndicatorCount], some: set[int]) -> set[int]:
    """Return indicators with all that sums link to them, through others too: parts, totals, and
    those of the same name."""
    linked, fresh = set(), set(some)
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
    """Return whether a secrecy rule holds for its figures, given or still to be."""
    return is_protected(sheet.definition, sheet.entry)


def _would_be_secret(row: Indicator) -> bool:
    return row.is_confidential and row.provider is not None and row.provider.is_under_secrecy


def years_filled(
    territory: Territory, used: dict[int, Release], measures: dict[str, Measure]
) -> set[int]:
    """Return the years of which a release has the number of each commune of the territory."""
    own = {coverage.commune.insee_code for coverage in territory.coverages}
    figures = PublicFigure.objects.for_communes().filter(release__in=used, place__in=own)
    places_by_release = defaultdict(set)
    for row in figures.exclude(number=None):
        if row.measure == measures[used[row.release_id].source].code:
            places_by_release[row.release_id].add(row.place)
    return {used[pk].year for pk, places in places_by_release.items() if places >= own}


def is_part_of(territory: Territory, kind: str, place: str) -> bool:
    """Return whether a place has only communes of the territory: its figure is their total, or one
    to subtract from the territory's."""
    if kind == PlaceKind.DEPARTMENT:
        inside = communes_of(place)
        return bool(inside) and inside <= territory.codes_of_today
    return kind == PlaceKind.EPCI


@lru_cache(maxsize=24)
def communes_of(department: str) -> frozenset[str]:
    """Return the codes of a département's communes, from the populations that come with the
    portal."""
    populations = sources()["insee_populations"]
    lines = populations.bundled_of(YEAR_OF_COMMUNES).decode().splitlines()
    codes = (row["GEO"] for row in csv.DictReader(lines, delimiter=";")
             if row["GEO_OBJECT"] == "COM")  # fmt: skip
    return frozenset(code for code in codes if department_of(code) == department)


YEAR_OF_COMMUNES = 2023
