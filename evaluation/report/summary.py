"""The summary on one page: counts by theme, what moved, what is missing, what was reached."""

from collections.abc import Callable
from math import ceil

from django.utils.text import Truncator

from evaluation.figures.attainment import Movement
from evaluation.figures.counts import Counts
from evaluation.figures.series import Cell, Series
from evaluation.report.model import CountsRow, Summary, Told
from evaluation.report.parts import lead
from evaluation.report.reading import AxisReading, ThemeReading, YearReading

# Millimetres of a page: what its table and lists may take, a line of the table with its
# padding, an entry of a list, the heads of a list, the sentence on the actions. Characters: a line
# of a title, its length.
ROOM, LINE, PADDING, ENTRY, HEAD, SENTENCE = 178, 4.7, 1.7, 13.5, 14, 14
TITLE_LINE, LONGEST_TITLE = 30, 80
LONGEST_LIST = 5
OTHER = (Movement.CONTEXT, Movement.BROKEN, Movement.FIRST, Movement.SECRET)


def summary_of(reading: YearReading) -> Summary:
    def told(words: Callable, wanted: Callable) -> list[Told]:
        return [_told(words, *pair) for pair in reading.cells if wanted(*pair)]

    words, rows = reading.convention.words, _by_theme(reading)
    actions, room = reading.plan.sentence, ROOM - SENTENCE * bool(reading.plan.sentence)
    by_theme = _height(rows) <= room - 2 * (HEAD + ENTRY)
    rows = rows if by_theme else _by_axis(reading)
    if _height(rows) > room - 2 * HEAD:
        actions, room = "", ROOM
    progressed, receded = (
        told(_way, _moved(Movement.PROGRESS)),
        told(_way, _moved(Movement.SETBACK)),
    )
    reached = told(_reached, _has_reached)
    missing = told(lambda series, cell: why_missing(cell), _moved(Movement.MISSING))
    above, below = lengths(
        rows, max(len(receded), len(missing)), max(len(progressed), len(reached)), room
    )
    return Summary(
        sentence=lead(reading.counts),
        actions=actions,
        by=(words.theme if by_theme else words.axis).title,
        rows=rows,
        total=counts_row("Ensemble", 0, reading.counts),
        progressed=progressed,
        receded=receded,
        reached=reached,
        missing=missing,
        most_above=above,
        most_below=below,
    )


def _told(words: Callable, series: Series, cell: Cell) -> Told:
    indicator = series.indicator
    colour = indicator.theme.axis.colour
    return Told(cell.definition.title, words(series, cell), indicator.anchor, colour)


def _moved(movement: Movement) -> Callable:
    return lambda series, cell: series.movement(cell.year) == movement


def _height(rows: list[CountsRow]) -> float:
    return sum(PADDING + LINE * ceil(len(row.title) / TITLE_LINE) for row in rows)


def lengths(
    rows: list[CountsRow], above: int, below: int, millimetres: int = ROOM
) -> tuple[int, int]:
    """How many entries the lists may have below these rows, two beside two: ``above`` and
    ``below`` are how many the longer of each two has. What one pair leaves, the other takes;
    setbacks and gaps, which stand above, come first. ``millimetres``: what rows and lists have."""
    room = max(0, int((millimetres - _height(rows) - 2 * HEAD) / ENTRY))
    above, below = max(above, 1), max(below, 1)  # a list of nothing says so
    first = min(above, LONGEST_LIST, room - min(below, room // 2))
    return first, min(below, LONGEST_LIST, room - first)


def _by_theme(reading: YearReading) -> list[CountsRow]:
    return [_row(axis, theme) for axis in reading.axes for theme in axis.themes if theme.series]


def _by_axis(reading: YearReading) -> list[CountsRow]:
    """Where so many themes would not leave room on the page."""
    counted = [axis for axis in reading.axes if axis.series]
    return [counts_row(_short(a.axis.title), a.axis.colour, a.counts) for a in counted]


def _row(axis: AxisReading, theme: ThemeReading) -> CountsRow:
    title = f"{theme.theme.number if theme.theme.title else ''} {theme.theme}".strip()
    return counts_row(_short(title), axis.axis.colour, theme.counts)


def _short(title: str) -> str:
    return Truncator(title).chars(LONGEST_TITLE)


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
