"""The few figures that sum up a year, on its page and in its report."""

from dataclasses import dataclass

from actions.models import ActionState
from ctg_portal.templatetags.french import number
from evaluation.year.money import YearMoney
from evaluation.year.reading import YearReading
from indicators.series.counts import IndicatorCounts, count

SHADES = 4  # of a cell of the table of years, above the lightest


@dataclass(frozen=True)
class KeyFigure:
    """What it counts, and what it is to be seen beside."""

    figure: str
    label: str
    beside: str = ""


def shade_of(counts: IndicatorCounts) -> int:
    """Return the shade of a theme in a year, 1 to 5: the more of its comparable indicators
    progress, the higher; 0 where none can be compared."""
    if not counts.comparable:
        return 0
    return 1 + round(SHADES * counts.progress / counts.comparable)


def money_of(reading: YearReading) -> YearMoney:
    return YearMoney([line for one in reading.actions for line in one.fundings])


def key_figures(reading: YearReading, money: YearMoney) -> list[KeyFigure]:
    """Return the indicators in progress, the targets reached, the actions that are done and the
    money of a year, in this order; none of what the year has not."""
    figures, counts, plan = [], reading.counts, reading.plan
    if counts.followed:
        beside = _before(reading) if counts.comparable else counts.note
        figures.append(KeyFigure(counts.figure, counts.label, beside))
    if counts.expects_targets:
        targets = counts.targets
        figures.append(KeyFigure(targets.figure, targets.label, targets.note))
    if plan.total:
        done = plan.by_state.get(ActionState.DONE, 0)
        label = "actions terminées" if plan.total >= 2 else "action terminée"
        late = plan.late_word.count(plan.late)
        figures.append(KeyFigure(f"{number(done)} sur {number(plan.total)}", label, late))
    if money.lines:
        figures.append(KeyFigure(money.figure, money.label, money.comparison))
    return figures


def _before(reading: YearReading) -> str:
    """Return « 10 sur 19 en 2022 »: how many of the same indicators progressed in the last year
    collected before; empty if none could be compared, and for a term."""
    if reading.period.is_term or len(reading.years) < 2:
        return ""
    year = reading.years[-2]
    counts = count(reading.series, year)
    return f"{counts.share} en {year}" if counts.comparable else ""
