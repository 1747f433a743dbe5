"""Whether what is published of a whole territory would tell a figure that is secret."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from agreements.models import Version
from conventions.models import Convention
from conventions.territory.departments import department_of
from ctg_portal.search import fold
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
class Counting:
    """What an indicator counts, as has ever been agreed: who reads that, or read it once, holds it
    for true of every year. ``names``: its own, or those of its terms, as they are spelled for
    comparing; ``sums``: those that it was the total of together."""

    row: Indicator
    names: set[str] = field(default_factory=set)
    sums: set[frozenset[int]] = field(default_factory=set)

    @property
    def parts(self) -> set[int]:
        return set().union(*self.sums)

    def is_other_name_of(self, pk: int) -> bool:
        """Whether it is the total of this one alone."""
        return frozenset([pk]) in self.sums

    def add(self, names: Iterable[str], parts: Iterable[int]) -> None:
        self.names |= {fold(name) for name in names} - {""}
        self.sums |= {frozenset(parts)} - {frozenset()}


def counting_of(convention: Convention) -> dict[int, Counting]:
    """What each indicator of a convention counts: as its row says, and each wording of it that is
    or was in force."""
    rows = Indicator.objects.of(convention).select_related("provider").prefetch_related("parts")
    found = {row.pk: Counting(row) for row in rows}
    for row in rows:
        terms = {name: getattr(row, name) for name in ("title", "numerator", "denominator")}
        is_ratio = row.calculation == Calculation.RATIO
        found[row.pk].add(_counted(terms, is_ratio), [part.pk for part in row.parts.all()])
    versions = Version.objects.about_rows(Indicator.objects.of(convention))
    for version in versions.exclude(in_force_at=None):
        definition = Definition.of(version)
        parts = [link["id"] for link in definition.parts]
        found[version.object_id].add(_counted(definition.content, definition.is_ratio), parts)
    return found


def _counted(told: dict, is_ratio: bool) -> list[str]:
    return [told["numerator"], told["denominator"]] if is_ratio else [told["title"]]


@dataclass(frozen=True)
class Telling:
    """What stands, year by year, of indicators of which the figure of a whole territory is
    published: ``own``. ``same``: these and those that count the same; ``never_asked``:
    those of which figures may yet be given for any year, in secret, be they of the same or add up
    with it; ``sheets``: all that is asked of these. ``over``: the years in which nothing more will
    be asked; ``filled``: those of which the number of each commune is published."""

    own: set[int]
    same: set[int]
    never_asked: set[int]
    sheets: list[Sheet]
    over: set[int]
    filled: set[int]

    @classmethod
    def of(
        cls, counted: dict[int, Counting], measures: Iterable[Measure], filled: set[int]
    ) -> "Telling":
        """``counted``: what the indicators of a convention do; ``measures``: what is published, of
        one entry of the library."""
        measures = list(measures)
        codes = {measure.library for measure in measures} - {""}
        own = {pk for pk, one in counted.items() if one.row.library_code in codes}
        same = _the_same(counted, own, {fold(measure.title) for measure in measures})
        family = _adding_up(counted, same)
        conventions = {one.row.convention_id for one in counted.values()}
        campaigns = Campaign.objects.filter(convention__in=conventions)
        asked = CampaignIndicator.objects.filter(indicator__in=family)
        sheets = read_sheets(asked.with_relations())
        never_asked = family - {sheet.entry.indicator_id for sheet in sheets}
        return cls(
            own,
            same,
            {pk for pk in never_asked if _would_be_secret(counted[pk].row)},
            sheets,
            {one.year for one in campaigns if one.is_closed and not one.is_from_file},
            filled,
        )

    def tells(self, kind: str, year: int) -> bool:
        """Whether the figure of a place that is the territory, or part of it, would tell secret
        ones of a year: of the same, where a rule holds for them and not each is published; or of
        what adds up with it, where it is not told itself of each commune."""
        sheets = self._sheets_of(year)
        told = {sheet.entry.pk for sheet in sheets if self._is_told_in_full(sheet, kind, year)}
        secret = self.never_asked | {
            sheet.entry.indicator_id
            for sheet in sheets
            if _is_reserved(sheet) and sheet.entry.pk not in told
        }
        if secret & self.same:
            return True
        own = {sheet.entry.pk for sheet in sheets if sheet.entry.indicator_id in self.own}
        return bool(secret) and not (own and own <= told)

    def _sheets_of(self, year: int) -> list[Sheet]:
        """What stands of a year, and of those that may yet be asked of it what does of others."""
        own = [one for one in self.sheets if one.entry.campaign.year == year]
        asked = {one.entry.indicator_id for one in own}
        others = [one for one in self.sheets if one.entry.indicator_id not in asked]
        return own if year in self.over else own + others

    def _is_told_in_full(self, sheet: Sheet, kind: str, year: int) -> bool:
        """Whether everybody reads the number of each of its places, published or under no rule, or
        what they come to, which the intercommunalité is: then that tells none. One alone that is
        still to be given, or that its publisher keeps secret, is what the others leave of it. Where
        the year has asked for none yet, it will be so if each commune's is published."""
        given = {*sheet.given, *([TERRITORY] if sheet.total else [])}
        told = sheet.public & given if _is_reserved(sheet) else given
        if kind == PlaceKind.EPCI and TERRITORY in told:
            return True
        is_asked = sheet.entry.campaign.year == year or year in self.filled
        return is_asked and told >= sheet.placed.keys() > set()


def _the_same(counted: dict[int, Counting], own: set[int], titles: set[str]) -> set[int]:
    """Those that are of the same entry of the library (``own``), or of another but count what it
    counts: by their name, be it of a term, or for one is declared to be the total of the other
    alone."""
    names = titles.union(*(counted[pk].names for pk in own))
    return own | {
        pk
        for pk, one in counted.items()
        if names & one.names
        or any(counted[ours].is_other_name_of(pk) or one.is_other_name_of(ours) for ours in own)
    }


def _adding_up(counted: dict[int, Counting], some: set[int]) -> set[int]:
    """These, and all that a sum tells of them or with them, be it through others: the parts of a
    total, the totals of a part, and what is called as one of these."""
    found, fresh = set(), set(some)
    while fresh:
        found |= fresh
        names = set().union(*(counted[pk].names for pk in fresh))
        parts = set().union(*(counted[pk].parts for pk in fresh))
        fresh = {
            pk
            for pk, one in counted.items()
            if pk in parts or names & one.names or one.parts & found
        } - found
    return found


def _is_reserved(sheet: Sheet) -> bool:
    """Whether a rule holds for its figures, given or still to be."""
    return is_protected(sheet.definition, sheet.entry)


def _would_be_secret(row: Indicator) -> bool:
    return row.is_confidential and row.provider is not None and row.provider.is_under_secrecy


def years_filled(
    territory: Territory, used: dict[int, Release], measures: dict[str, Measure]
) -> set[int]:
    """The years of which a release has the number of each commune of the territory."""
    own = {coverage.commune.insee_code for coverage in territory.coverages}
    found = PublicFigure.objects.of_communes().filter(release__in=used, place__in=own)
    told = defaultdict(set)
    for row in found.exclude(number=None):
        if row.measure == measures[used[row.release_id].source].code:
            told[row.release_id].add(row.place)
    return {used[pk].year for pk, places in told.items() if places >= own}


def is_part_of(territory: Territory, kind: str, place: str) -> bool:
    """Whether a place has no commune but those of the territory: its figure is what they come to,
    or with the others of them what the territory does."""
    if kind == PlaceKind.DEPARTMENT:
        inside = communes_of(place)
        return bool(inside) and inside <= territory.codes_of_today
    return kind == PlaceKind.EPCI


@lru_cache(maxsize=24)
def communes_of(department: str) -> frozenset[str]:
    """The codes of a département's communes, of which the populations that come with the portal
    have all."""
    populations = sources()["insee_populations"]
    lines = populations.bundled_of(YEAR_OF_COMMUNES).decode().splitlines()
    codes = (row["GEO"] for row in csv.DictReader(lines, delimiter=";")
             if row["GEO_OBJECT"] == "COM")  # fmt: skip
    return frozenset(code for code in codes if department_of(code) == department)


YEAR_OF_COMMUNES = 2023
