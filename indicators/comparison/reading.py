"""Compare the figures of a territory with those of similar ones: decision record 78."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from conventions.models import Convention
from ctg_portal.templatetags.french import number
from indicators.comparison.alike import Profile, nearest, profiles_of
from indicators.comparison.models import Comparison
from indicators.definitions.definition import Definition, is_counted
from indicators.definitions.models import Indicator
from indicators.series.reading import Cell, Series, read_series

# How many figures a median is of: an even number, so that it is the middle of two and nobody's own.
COMPARED = 4
# How precisely a figure is shown: enough to compare, not to recognise it.
DIGITS = 2
PEOPLE = 1000


@dataclass(frozen=True)
class AlikeYear:
    """A closed year as text: the own figure, or why there is none, and the median of the others."""

    year: int
    own: str
    median: str


@dataclass(frozen=True)
class Alike:
    """The comparison of an indicator over years, the latest first. ``is_rate``: per thousand
    inhabitants; else in its ``unit``. ``count``: of how many territories each median is."""

    unit: str
    is_rate: bool
    years: list[AlikeYear]
    count: int = COMPARED


def alike_of(series: Series) -> Alike | None:
    """Compare a series with the nearest territories, in the closed years measured as the last one
    is and in which enough of them have a figure. Return None if its parties have not all agreed, if
    it is not of the library, or if no year can be compared.

    One query a year for the perimeters, and the series of the nearest territories: at most
    ``NEAREST`` a year, however many conventions take part.
    """
    indicator = series.indicator
    convention = indicator.convention
    if not indicator.library_code or not takes_part(convention):
        return None
    others = _same_indicator_elsewhere(indicator)
    years = [
        cell
        for cell in series.collected
        if others
        and cell.entry.campaign.is_closed
        and _way_of_measuring(cell.definition) == _way_of_measuring(series.definition)
    ]
    profiles = {cell.year: profiles_of([convention.pk, *others], cell.year) for cell in years}
    near = {year: nearest(convention.pk, by_pk) for year, by_pk in profiles.items()}
    read = {
        pk: read_series(others[pk].convention, [others[pk]])[0]
        for pk in sorted(set().union(*near.values()))
    }
    compared = []
    for cell in reversed(years):
        year_profiles = profiles[cell.year]
        numbers = [
            _scaled(figure, cell.definition, year_profiles[pk])
            for pk in near[cell.year]
            if (figure := _comparable_figure(read[pk], cell)) is not None
        ]
        if len(numbers) >= COMPARED:
            middle = median(numbers[:COMPARED])
            own = _format_own(cell, year_profiles[convention.pk])
            compared.append(AlikeYear(cell.year, own, _format_rounded(middle, cell.definition)))
    if not compared:
        return None
    return Alike(series.definition.unit, is_rate(series.definition), compared)


def takes_part(convention: Convention) -> bool:
    """Return whether all parties agree to it today; queries. Twin: ``Comparison.takes_part``."""
    return Comparison.objects.taking_part().filter(convention=convention).exists()


def is_rate(definition: Definition) -> bool:
    """Return whether it is a count, which is compared per thousand inhabitants."""
    return not definition.is_ratio and is_counted(definition.unit)


def _same_indicator_elsewhere(indicator: Indicator) -> dict[int, Indicator]:
    """Return, by key of the convention, the agreed indicator with the same library code in each
    other convention that takes part; the first in reading order where there are two."""
    part = Comparison.objects.taking_part().exclude(convention=indicator.convention)
    rows = Indicator.objects.agreed().filter(
        library_code=indicator.library_code, convention__in=part.values("convention")
    )
    # Of two, the first in the order of reading stays.
    listed = rows.with_definition().in_reading_order().reverse()
    return {row.convention_id: row for row in listed}


def _comparable_figure(series: Series, own: Cell) -> Decimal | None:
    """Return the figure that another territory has for the year of ``own``; None unless the year is
    closed, the figure verified, final, readable by all and of the whole territory, measured in the
    same way, and both or neither are fictional."""
    cell = series.by_year.get(own.year)
    if cell is None or not cell.is_collected or not cell.entry.campaign.is_closed:
        return None
    figure, campaign = cell.figure, cell.entry.campaign
    is_final = figure.is_verified and not figure.is_provisional
    is_whole = not figure.partial
    is_alike = (
        _way_of_measuring(cell.definition) == _way_of_measuring(own.definition)
        # What is made up stands beside what is made up.
        and campaign.is_fictional == own.entry.campaign.is_fictional
    )
    return figure.number if is_final and is_whole and is_alike else None


def _way_of_measuring(definition: Definition) -> tuple[str, str, int]:
    """Return what two years must share to be compared: unit, calculation, factor."""
    return definition.unit.strip().lower(), definition.calculation, definition.factor


def _scaled(figure: Decimal, definition: Definition, profile: Profile) -> Decimal:
    """Return a count per thousand inhabitants, any other figure as it is."""
    return figure * PEOPLE / profile.population if is_rate(definition) else figure


def _format_own(cell: Cell, profile: Profile) -> str:
    """Return the territory's own figure as the median is shown; « partiel », or the short word of
    its state, where it has no complete number."""
    if not cell.figure.is_number:
        return cell.figure.short
    if cell.figure.partial:
        return "partiel"
    return _format_rounded(_scaled(cell.figure.number, cell.definition, profile), cell.definition)


def _format_rounded(figure: Decimal, definition: Definition) -> str:
    """Return a figure rounded to its first two digits: « 0,34 », « 62 % », « 1 200 »."""
    finest = figure.adjusted() - DIGITS + 1 if figure else 0
    step = Decimal(1).scaleb(finest)
    rounded = (figure / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return number(rounded, max(-finest, 0)) + ("\u202f%" if definition.is_percentage else "")
