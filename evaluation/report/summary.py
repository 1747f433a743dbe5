"""The summary on one page: counts by theme, what moved, what is missing, what was reached."""

from math import ceil

from django.utils.text import Truncator

from evaluation.report.content import CountsRow, Summary, SummaryLine
from evaluation.report.parts import lead
from evaluation.year.reading import FigureReading, YearReading
from indicators.series.attainment import Movement
from indicators.series.counts import MovementCounts

# Millimetres of a page: what its table and lists may take, a line of the table with its
# padding, an entry of a list, the heads of a list, the sentence on the actions. Characters: a line
# of a title, its length.
ROOM, LINE, PADDING, ENTRY, HEAD, SENTENCE = 178, 4.7, 1.7, 13.5, 14, 14
TITLE_LINE, LONGEST_TITLE = 30, 80
LONGEST_LIST = 5
OTHER = (Movement.CONTEXT, Movement.BROKEN, Movement.FIRST, Movement.SECRET)


def summary_of(reading: YearReading) -> Summary:
    """Counts by theme, else by axis where so many themes would not leave room for the lists; the
    sentence on the actions where there is room for that too."""
    words = reading.convention.words
    actions, room = reading.plan.sentence, ROOM - SENTENCE * bool(reading.plan.sentence)
    rows = [
        counts_row(
            _short(f"{theme.theme.number if theme.theme.title else ''} {theme.theme}".strip()),
            axis.axis.colour,
            theme.counts,
        )
        for axis in reading.axes
        for theme in axis.themes
        if theme.series
    ]
    by_theme = _height(rows) <= room - 2 * (HEAD + ENTRY)
    if not by_theme:
        rows = [
            counts_row(_short(axis.axis.title), axis.axis.colour, axis.counts)
            for axis in reading.axes
            if axis.series
        ]
    if _height(rows) > room - 2 * HEAD:
        actions, room = "", ROOM

    progressed, receded, reached, missing = [], [], [], []
    for one in reading.figures:
        if one.movement == Movement.PROGRESS:
            progressed.append(_line(one, f"de {one.before} à {one.number}"))
        elif one.movement == Movement.SETBACK:
            receded.append(_line(one, f"de {one.before} à {one.number}"))
        elif one.movement == Movement.MISSING:
            missing.append(_line(one, one.why_missing))
        if one.is_reached:
            reached.append(_line(one, f"{one.number} pour {one.aimed_at} visés {one.until}"))
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


def _line(one: FigureReading, text: str) -> SummaryLine:
    return SummaryLine(one.title, text, one.anchor, one.colour)


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


def _short(title: str) -> str:
    return Truncator(title).chars(LONGEST_TITLE)


def counts_row(title: str, colour: int, counts: MovementCounts) -> CountsRow:
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
