"""Divide disclosed counts by a population, so that communes compare (decision record 91)."""

from dataclasses import replace
from decimal import Decimal

from ctg_portal.templatetags.french import number
from indicators.definitions.definition import Definition, round_to
from indicators.definitions.models import Calculation
from indicators.disclosure import LEFT_OUT, DisclosedFigure
from indicators.statistics.populations import Denominators

DECIMALS = 1


def per_hundred(figure: DisclosedFigure, count: Decimal | None) -> DisclosedFigure:
    """Return a disclosed figure for 100 of ``count``; without a number, as it is. It is left out if
    ``count`` is None (not known, or too small), or the figure is covered, « moins de 5 »."""
    if not figure.is_number or figure.number is None:
        return figure
    if count is None or figure.is_below:
        return replace(figure, kind=LEFT_OUT, number=None, text="", is_below=False)
    ratio = round_to(100 * figure.number / count, DECIMALS)
    return replace(figure, number=ratio, text=number(ratio, DECIMALS))


def ratio_definition(definition: Definition, denominators: Denominators) -> Definition:
    """Return the definition of a count divided by a population, as maps and medians show it."""
    return Definition(
        definition.content
        | {
            "title": f"{definition.title} {denominators.label}",
            "unit": f"{definition.unit} {denominators.label}",
            "decimals": DECIMALS,
            "calculation": Calculation.RATIO,
        }
    )
