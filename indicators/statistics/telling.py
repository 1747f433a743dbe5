"""Whether what is published of a whole territory would tell a figure that is secret."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from conventions.models import Convention
from ctg_portal.search import fold
from indicators.disclosure import is_protected
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.disclosure.tables import TERRITORY
from indicators.models import Calculation, CampaignIndicator, Indicator


@dataclass
class Counting:
    """What an indicator counts, as its row says it. ``names``: its own, or those of its terms, as
    they are spelled for comparing; ``parts``: those that it is the total of."""

    row: Indicator
    names: set[str] = field(default_factory=set)
    parts: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, row: Indicator) -> "Counting":
        is_ratio = row.calculation == Calculation.RATIO
        told = [row.numerator, row.denominator] if is_ratio else [row.title]
        parts = {part.pk for part in row.parts.all()}
        return cls(row, {fold(name) for name in told} - {""}, parts)


def is_told_by_total(convention: Convention, indicator: Indicator, titles: Iterable[str]) -> bool:
    """Whether what the territory comes to, published under these titles as that of an indicator,
    would tell figures that are secret: of the same, where a rule holds for them and not each is
    published; or of what adds up with it, where it is not told itself of each commune."""
    rows = Indicator.objects.of(convention).select_related("provider").prefetch_related("parts")
    counted = {row.pk: Counting.of(row) for row in rows}
    same = _the_same(counted, indicator, {fold(title) for title in titles})
    family = _adding_up(counted, same)
    asked = CampaignIndicator.objects.of(convention).filter(indicator__in=family)
    sheets = read_sheets(asked.with_relations())
    secret = {sheet.entry.indicator_id for sheet in sheets if _is_secret(sheet)}
    never_asked = family - {sheet.entry.indicator_id for sheet in sheets}
    secret |= {pk for pk in never_asked if _would_be_secret(counted[pk].row)}
    if secret & same:
        return True
    own = [_is_told_in_full(one) for one in sheets if one.entry.indicator_id == indicator.pk]
    return bool(secret) and not (own and all(own))


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
        or own.parts == {pk}
        or one.parts == {indicator.pk}
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


def _is_secret(sheet: Sheet) -> bool:
    """Whether a rule holds for its figures, given or still to be, and not each is published."""
    return is_protected(sheet.definition, sheet.entry) and not _is_told_in_full(sheet)


def _would_be_secret(row: Indicator) -> bool:
    return row.is_confidential and row.provider is not None and row.provider.has_secrecy


def _is_told_in_full(sheet: Sheet) -> bool:
    """Whether everybody reads the number of each of its places, or what they come to, published or
    under no rule: then the intercommunalité tells none. One alone that is still to be given, or
    that its publisher keeps secret, is what the others leave of it."""
    is_reserved = is_protected(sheet.definition, sheet.entry)
    told = {key.place for key in (sheet.published if is_reserved else sheet.given | sheet.totals)}
    return TERRITORY in told or told >= sheet.placed.keys() > set()
