"""Whether what is published of a whole territory would tell a figure that is secret."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agreements.models import Version
from conventions.models import Convention
from ctg_portal.search import fold
from indicators.definitions.definition import Definition
from indicators.disclosure import is_protected
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.disclosure.tables import TERRITORY
from indicators.models import Calculation, Campaign, CampaignIndicator, Indicator, PlaceKind


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
    versions = Version.objects.of_subjects(Indicator.objects.of(convention))
    for version in versions.exclude(in_force_at=None):
        definition = Definition.of(version)
        parts = [link["id"] for link in definition.parts]
        found[version.object_id].add(_counted(definition.content, definition.is_ratio), parts)
    return found


def _counted(told: dict, is_ratio: bool) -> list[str]:
    return [told["numerator"], told["denominator"]] if is_ratio else [told["title"]]


@dataclass(frozen=True)
class Telling:
    """What stands, year by year, of an indicator of which the figure of a whole territory is
    published. ``same``: those that count the same, of which the figure is too; ``never_asked``:
    those of which figures may yet be given for any year, in secret, be they of the same or add up
    with it; ``sheets``: all that is asked of these. ``over``: the years in which nothing more will
    be asked; ``filled``: those of which the number of each commune is published."""

    indicator: Indicator
    same: set[int]
    never_asked: set[int]
    sheets: list[Sheet]
    over: set[int]
    filled: set[int]

    @classmethod
    def of(cls, indicator: Indicator, titles: Iterable[str], filled: set[int]) -> "Telling":
        """``titles``: those under which it is published."""
        convention = indicator.convention
        counted = counting_of(convention)
        same = _the_same(counted, indicator, {fold(title) for title in titles})
        family = _adding_up(counted, same)
        campaigns = Campaign.objects.of(convention)
        asked = CampaignIndicator.objects.of(convention).filter(indicator__in=family)
        sheets = read_sheets(asked.with_relations())
        never_asked = family - {sheet.entry.indicator_id for sheet in sheets}
        return cls(
            indicator,
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
        own = {sheet.entry.pk for sheet in sheets if sheet.series == str(self.indicator.pk)}
        return bool(secret) and not (own and own <= told)

    def _sheets_of(self, year: int) -> list[Sheet]:
        """What stands of a year, and of those that may yet be asked of it what does of others."""
        own = [one for one in self.sheets if one.entry.campaign.year == year]
        asked = {one.series for one in own}
        others = [one for one in self.sheets if one.series not in asked]
        return own if year in self.over else own + others

    def _is_told_in_full(self, sheet: Sheet, kind: str, year: int) -> bool:
        """Whether everybody reads the number of each of its places, published or under no rule, or
        what they come to, which the intercommunalité is: then that tells none. One alone that is
        still to be given, or that its publisher keeps secret, is what the others leave of it. Where
        the year has asked for none yet, it will be so if each commune's is published."""
        known = sheet.published if _is_reserved(sheet) else sheet.given | sheet.totals
        told = {key.place for key in known}
        if kind == PlaceKind.EPCI and TERRITORY in told:
            return True
        is_asked = sheet.entry.campaign.year == year or year in self.filled
        return is_asked and told >= sheet.placed.keys() > set()


def _the_same(counted: dict[int, Counting], indicator: Indicator, titles: set[str]) -> set[int]:
    """Those that are of the same entry of the library, or of another but count what it counts: by
    their name, be it of a term, or for one is declared to be the total of the other alone."""
    own = counted[indicator.pk]
    names = own.names | titles
    return {
        pk
        for pk, one in counted.items()
        if one.row.library_code == indicator.library_code
        or names & one.names
        or own.is_other_name_of(pk)
        or one.is_other_name_of(indicator.pk)
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
    return row.is_confidential and row.provider is not None and row.provider.has_secrecy
