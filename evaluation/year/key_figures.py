"""The few figures that sum up a year, on its page and in its report."""

from dataclasses import dataclass

from actions.models import ActionState
from ctg_portal.templatetags.french import number
from evaluation.year.money import YearMoney
from evaluation.year.reading import YearReading
from indicators.series.counts import MovementCounts, count

SHADES = 4  # of a cell of the table of years, above the lightest


@dataclass(frozen=True)
class KeyFigure:
    """What it counts, and what it is to be seen beside."""

    figure: str
    label: str
    beside: str = ""


def shade_of(counts: MovementCounts) -> int:
    """Return the shade of a theme in a year, 1 to 5: the more of its indicators progress, the
    higher; 0 where all of them lack a figure, or there is none."""
    total = counts.total
    return 1 + round(SHADES * counts.progress / total) if total > counts.missing else 0


def money_of(reading: YearReading) -> YearMoney:
    return YearMoney([line for one in reading.actions for line in one.fundings])


def key_figures(reading: YearReading, money: YearMoney) -> list[KeyFigure]:
    """Return the indicators in progress, the targets reached, the actions that are done and the
    money of a year, in this order; none of what the year has not."""
    figures, counts, plan = [], reading.counts, reading.plan
    if counts.total:
        of = f"sur {number(counts.total)}"
        progress = "indicateurs" if counts.progress >= 2 else "indicateur"
        reached = "cibles atteintes" if counts.reached >= 2 else "cible atteinte"
        figures = [
            KeyFigure(
                f"{number(counts.progress)} {of}", f"{progress} en progrès", _before(reading)
            ),
            KeyFigure(f"{number(counts.reached)} {of}", reached),
        ]
    if plan.total:
        done = plan.by_state.get(ActionState.DONE, 0)
        label = "actions terminées" if done >= 2 else "action terminée"
        late = f"{number(plan.late)} en retard" if plan.late else ""
        figures.append(KeyFigure(f"{number(done)} sur {number(plan.total)}", label, late))
    if money.lines:
        figures.append(KeyFigure(money.figure, money.label, money.comparison))
    return figures


def _before(reading: YearReading) -> str:
    """Return « 10 sur 19 en 2022 »: how many of the same indicators progressed in the last year
    collected before, empty without one. For a term: since when it is compared."""
    if reading.period.is_term:
        return "depuis la situation initiale"
    if len(reading.years) < 2:
        return ""
    year = reading.years[-2]
    counts = count(reading.series, year)
    return f"{number(counts.progress)} sur {number(counts.total)} en {year}"
