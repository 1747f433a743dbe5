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
# What is told of a figure: enough to compare, not to recognise it.
DIGITS = 2
PEOPLE = 1000


@dataclass(frozen=True)
class AlikeYear:
    """A year: the territory's own figure, and the median of similar territories."""

    year: int
    own: str
    median: str


@dataclass(frozen=True)
class Alike:
    """The comparison of an indicator over years. ``is_rate``: per thousand inhabitants; else in its
    ``unit``."""

    unit: str
    is_rate: bool
    years: list[AlikeYear]
    count: int = COMPARED


def alike_of(series: Series) -> Alike | None:
    """Return the years of a series in which enough of the nearest territories have a figure, the
    latest first; None if the parties have not all agreed, or nothing can be compared.

    One query a year for the perimeters, and the series of the nearest territories: at most
    ``NEAREST`` a year, however many conventions take part.
    """
    indicator = series.indicator
    convention = indicator.convention
    if not indicator.library_code or not takes_part(convention):
        return None
    others = _others(indicator)
    years = [cell for cell in series.collected if others and _is_compared(cell, series)]
    profiles = {cell.year: profiles_of([convention.pk, *others], cell.year) for cell in years}
    near = {year: nearest(convention.pk, year_profiles) for year, year_profiles in profiles.items()}
    read = {
        pk: read_series(others[pk].convention, [others[pk]])[0]
        for pk in sorted(set().union(*near.values()))
    }
    compared = []
    for cell in reversed(years):
        year_profiles = profiles[cell.year]
        numbers = [
            _scaled(known, cell.definition, year_profiles[pk])
            for pk in near[cell.year]
            if (known := _comparable(read[pk], cell)) is not None
        ]
        if len(numbers) >= COMPARED:
            middle = median(numbers[:COMPARED])
            own = _own(cell, year_profiles[convention.pk])
            compared.append(AlikeYear(cell.year, own, _show(middle, cell.definition)))
    if not compared:
        return None
    return Alike(series.definition.unit, is_rate(series.definition), compared)


def takes_part(convention: Convention) -> bool:
    return Comparison.objects.taking_part().filter(convention=convention).exists()


def is_rate(definition: Definition) -> bool:
    """Return whether it counts, so that a larger territory has more of it and a rate is
    compared."""
    return not definition.is_ratio and is_counted(definition.unit)


def _others(indicator: Indicator) -> dict[int, Indicator]:
    """Return the same indicator of the library in the conventions that take part, by convention."""
    part = Comparison.objects.taking_part().exclude(convention=indicator.convention)
    rows = Indicator.objects.agreed().filter(
        library_code=indicator.library_code, convention__in=part.values("convention")
    )
    # Of two, the first in the order of reading stays.
    listed = rows.with_definition().in_reading_order().reverse()
    return {row.convention_id: row for row in listed}


def _is_compared(cell: Cell, series: Series) -> bool:
    """Return whether a year is closed, and in the unit of the last."""
    is_alike = _measured(cell.definition) == _measured(series.definition)
    return cell.entry.campaign.is_closed and is_alike


def _comparable(series: Series, own: Cell) -> Decimal | None:
    """Return the figure of the year if everybody may read it as final, and it is measured in the
    same way; else None."""
    cell = series.by_year.get(own.year)
    if cell is None or not cell.is_collected or not cell.entry.campaign.is_closed:
        return None
    figure, campaign = cell.figure, cell.entry.campaign
    is_final = figure.is_verified and not figure.is_provisional
    is_whole = not figure.partial
    is_alike = (
        _measured(cell.definition) == _measured(own.definition)
        # What is made up stands beside what is made up.
        and campaign.is_fictional == own.entry.campaign.is_fictional
    )
    return figure.number if is_final and is_whole and is_alike else None


def _measured(definition: Definition) -> tuple:
    return definition.unit.strip().lower(), definition.calculation, definition.factor


def _scaled(figure: Decimal, definition: Definition, profile: Profile) -> Decimal:
    return figure * PEOPLE / profile.population if is_rate(definition) else figure


def _own(cell: Cell, profile: Profile) -> str:
    """Return the territory's own figure on the same scale, or a word for why there is none."""
    if not cell.figure.is_number:
        return cell.figure.short
    if cell.figure.partial:
        return "partiel"
    return _show(_scaled(cell.figure.number, cell.definition, profile), cell.definition)


def _show(figure: Decimal, definition: Definition) -> str:
    """Return a figure with its first digits only: « 0,34 », « 62 % », « 1 200 »."""
    finest = figure.adjusted() - DIGITS + 1 if figure else 0
    step = Decimal(1).scaleb(finest)
    rounded = (figure / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return number(rounded, max(-finest, 0)) + ("\u202f%" if definition.is_percentage else "")
