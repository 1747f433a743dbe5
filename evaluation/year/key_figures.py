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
    """Return the shade of a theme by the movements of its indicators in a year: the more progress,
    the higher; 0 where nothing can be compared."""
    total = counts.total
    return 1 + round(SHADES * counts.progress / total) if total > counts.missing else 0


def money_of(reading: YearReading) -> YearMoney:
    return YearMoney([line for one in reading.actions for line in one.fundings])


def key_figures(reading: YearReading, money: YearMoney) -> list[KeyFigure]:
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
    """« 10 sur 19 en 2022 »: the same indicators in the year before that was collected; of a term,
    since when."""
    if reading.period.is_term:
        return "depuis la situation initiale"
    if len(reading.years) < 2:
        return ""
    year = reading.years[-2]
    before = count(reading.series, year)
    return f"{number(before.progress)} sur {number(before.total)} en {year}"
