"""The summary on one page: counts by theme, what moved, what is missing, what was reached."""

from collections.abc import Callable

from evaluation.attainment import Movement
from evaluation.counts import Counts
from evaluation.report.model import CountsRow, Summary, Told
from evaluation.report.parts import lead
from evaluation.report.reading import AxisReading, ThemeReading, YearReading
from evaluation.series import Cell, Series

OTHER = (Movement.CONTEXT, Movement.BROKEN, Movement.FIRST, Movement.SECRET)


def summary_of(reading: YearReading) -> Summary:
    def told(words: Callable, wanted: Callable) -> list[Told]:
        return [
            Told(
                cell.definition.title,
                words(series, cell),
                series.indicator.anchor,
                series.indicator.theme.axis.colour,
            )
            for series, cell in reading.cells
            if wanted(series, cell)
        ]

    def moved(movement: Movement) -> Callable:
        return lambda series, cell: series.movement(cell.year) == movement

    return Summary(
        sentence=lead(reading.counts),
        rows=[_row(axis, theme) for axis in reading.axes for theme in axis.themes if theme.series],
        total=counts_row("Ensemble", 0, reading.counts),
        progressed=told(_way, moved(Movement.PROGRESS)),
        receded=told(_way, moved(Movement.SETBACK)),
        reached=told(_reached, _has_reached),
        missing=told(lambda series, cell: why_missing(cell), moved(Movement.MISSING)),
    )


def _row(axis: AxisReading, theme: ThemeReading) -> CountsRow:
    title = f"{theme.theme.number} {theme.theme}".strip()
    return counts_row(title, axis.axis.colour, theme.counts)


def counts_row(title: str, colour: int, counts: Counts) -> CountsRow:
    return CountsRow(
        title=title,
        colour=colour,
        total=counts.total,
        progress=counts.progress,
        setback=counts.setback,
        stable=counts[Movement.STABLE],
        other=sum(counts[movement] for movement in OTHER),
        missing=counts.missing,
        reached=counts.reached,
    )


def _way(series: Series, cell: Cell) -> str:
    """« de 412 en 2022 à 438 » with its unit."""
    before_year, before = series.before(cell.year)
    unit = "" if cell.definition.is_percentage else f" {cell.definition.unit}"
    return f"de {before.words} en {before_year} à {cell.figure.words}{unit}"


def _has_reached(series: Series, cell: Cell) -> bool:
    attained = series.attainment(cell.year)
    return bool(attained and attained.is_reached)


def _reached(series: Series, cell: Cell) -> str:
    aim = series.aim(cell.year)
    until = f"en {aim.year}" if aim.year else "à terme"
    unit = "" if cell.definition.is_percentage else f" {cell.definition.unit}"
    return f"{cell.figure.words}{unit} pour {cell.definition.show(aim.value)} visés {until}"


def why_missing(cell: Cell) -> str:
    """« non disponible : l’enquête n’a pas eu lieu », « chiffre non transmis »."""
    figure = cell.figure
    if figure.is_missing:
        return "chiffre non transmis"
    return f"{figure.words} : {figure.reason.strip()}" if figure.reason.strip() else figure.words
