"""Sum up a year, or the term, on one page: counts by theme, the indicators that moved, are missing
or reached their target."""

from collections.abc import Iterable
from math import ceil

from django.utils.text import Truncator

from evaluation.layout.models import HighlightKind
from evaluation.layout.reading import chosen_of, lines_of
from evaluation.report.content import CountsRow, Summary, SummaryLine, YearCount
from evaluation.report.parts import describe_indicators, describe_targets
from evaluation.year.key_figures import key_figures, money_of, shade_of
from evaluation.year.reading import FigureReading, YearReading
from indicators.series.attainment import Movement
from indicators.series.counts import IndicatorCounts, count
from indicators.series.reading import Series

# Millimetres of a page: what its table and lists may take; the key figures, a line of the table
# with its padding, the heads of a list, the sentence on the actions; a line of an entry, what
# stands below it, how much larger what was chosen is. Characters: the length of a title in the
# table, a line of an entry.
ROOM, FIGURES, LINE, PADDING, HEAD, SENTENCE = 184, 30, 4.7, 1.7, 18, 14
ENTRY_LINE, BELOW, LARGER = 4.4, 1.2, 1.2
LONGEST_TITLE, ENTRY_TITLE, ENTRY_TEXT = 80, 46, 50
# What the titles of the table have beside its other columns, a column of a year, a letter.
WIDTH, YEAR, LETTER = 120, 14, 1.6
MOST_YEARS = 5
LONGEST_LIST = 5
PLAIN = SummaryLine("x" * ENTRY_TITLE, "x" * ENTRY_TEXT, "", 0)
Pair = tuple[list[SummaryLine], list[SummaryLine]]


def summary_of(reading: YearReading) -> Summary:
    """Return the summary: counts by theme, or by axis where so many themes would not leave room for
    the lists; the sentences on actions and objectives where there is room for them too."""
    words, years = reading.convention.words, reading.years[-MOST_YEARS:]
    figures, chosen = key_figures(reading, money_of(reading)), chosen_of(reading)
    successes = lines_of(chosen, HighlightKind.SUCCESS)
    difficulties = lines_of(chosen, HighlightKind.DIFFICULTY)
    # What was chosen is never cut, whatever else has to make room for it.
    reserved = _height_chosen(successes, difficulties)
    if reserved > ROOM - FIGURES:
        figures = []
    whole = ROOM - FIGURES * bool(figures) - reserved
    bands = (not successes) + (not difficulties)
    actions, objectives = reading.plan.sentence, reading.appreciations.sentence
    room = whole - SENTENCE * (bool(actions) + bool(objectives))
    rows = [
        counts_row(
            _short(f"{theme.theme.number if theme.theme.title else ''} {theme.theme}".strip()),
            axis.axis.colour,
            theme.counts,
            years_of(theme.series, years),
        )
        for axis in reading.axes
        for theme in axis.themes
        if theme.series
    ]
    by_theme = _height(rows) <= room - bands * (HEAD + _tall(PLAIN))
    if not by_theme:
        rows = [
            counts_row(
                _short(axis.axis.title), axis.axis.colour, axis.counts, years_of(axis.series, years)
            )
            for axis in reading.axes
            if axis.series
        ]
    if _height(rows) > room - bands * HEAD:
        actions, objectives, room = "", "", whole
    if reserved and _height(rows) > room - bands * HEAD:
        rows = []

    progressed, receded, reached, missing = _moved(reading)
    above, below = lengths(
        None if difficulties else (receded, missing),
        None if successes else (progressed, reached),
        room - _height(rows),
    )
    return Summary(
        sentence=describe_indicators(reading.counts, reading.period),
        actions=actions,
        objectives=objectives,
        figures=figures,
        by=(reading.word if by_theme else words.axis).title,
        years=years,
        rows=rows,
        total=counts_row("Ensemble", 0, reading.counts, years_of(reading.series, years)),
        progressed=progressed,
        receded=receded,
        reached=reached,
        missing=missing,
        most_above=above,
        most_below=below,
        successes=successes,
        difficulties=difficulties,
        targets=describe_targets(reading.counts),
    )


def _moved(reading: YearReading) -> tuple[list[SummaryLine], ...]:
    """Return the indicators that progressed, receded, reached their target, are missing."""
    progressed, receded, reached, missing = [], [], [], []
    for row in reading.figures:
        if row.movement == Movement.PROGRESS:
            progressed.append(_line(row, f"de {row.before} à {row.number}"))
        elif row.movement == Movement.SETBACK:
            receded.append(_line(row, f"de {row.before} à {row.number}"))
        elif row.movement == Movement.MISSING:
            missing.append(_line(row, row.why_missing))
        if row.is_reached:
            reached.append(_line(row, f"{row.number} pour {row.aimed_at} visés {row.until}"))
    return progressed, receded, reached, missing


def _line(row: FigureReading, text: str) -> SummaryLine:
    return SummaryLine(row.title, text, row.anchor, row.colour)


def _height(rows: list[CountsRow]) -> float:
    letters = (WIDTH - YEAR * len(rows[0].years)) / LETTER if rows else 1
    return sum(PADDING + LINE * ceil(len(row.title) / letters) for row in rows)


def _height_chosen(successes: list[SummaryLine], difficulties: list[SummaryLine]) -> float:
    """Return the height of what was chosen, in larger letters: beside each other, or over the whole
    width."""
    if successes and difficulties:
        height = max(sum(map(_tall, successes)), sum(map(_tall, difficulties)))
    else:
        height = sum(_tall(line, columns=2) for line in successes or difficulties)
    return HEAD * bool(height) + LARGER * height


def lengths(above: Pair | None, below: Pair | None, millimetres: float) -> tuple[int, int]:
    """Return how many whole entries the lists may have, two beside two, in so many millimetres. One
    pair takes the room that the other leaves; setbacks and gaps, which stand above, come first.
    A pair is None where chosen lines stand in its place."""
    if above is None or below is None:
        alone = _fitting(above or below, millimetres - HEAD) if above or below else 0
        return alone, alone
    room = millimetres - 2 * HEAD
    wanted = _height_of(below, LONGEST_LIST)
    first = _fitting(above, room - min(wanted, max(room, 0) / 2))
    second = _fitting(below, room - _height_of(above, first))
    return _fitting(above, room - _height_of(below, second)), second


def _fitting(pair: Pair, millimetres: float) -> int:
    numbers = range(LONGEST_LIST, 0, -1)
    return next((n for n in numbers if _height_of(pair, n) <= millimetres), 0)


def _height_of(pair: Pair, number: int) -> float:
    """Return the height of the first entries of the longer of two lists; an empty list takes a
    line that says so."""
    return max(sum(map(_tall, lines[:number])) if lines else _tall(PLAIN) for lines in pair)


def _tall(line: SummaryLine, columns: int = 1) -> float:
    title, text = ENTRY_TITLE * columns, ENTRY_TEXT * columns
    lines = ceil(len(line.title) / title) + ceil(len(line.text) / text)
    return BELOW + ENTRY_LINE * lines


def years_of(series: Iterable[Series], years: list[int]) -> list[YearCount]:
    """Return how many of the year's indicators progressed, of those comparable, in each of these
    years."""
    all_counts = (count(series, year) for year in years)
    return [YearCount(counts.share, shade_of(counts)) for counts in all_counts]


def _short(title: str) -> str:
    return Truncator(title).chars(LONGEST_TITLE)


def counts_row(
    title: str, colour: int, counts: IndicatorCounts, years: Iterable[YearCount] = ()
) -> CountsRow:
    return CountsRow(
        title=title,
        colour=colour,
        total=counts.followed,
        comparable=counts.comparable,
        progress=counts.progress,
        setback=counts.setback,
        stable=counts.stable,
        other=counts.other,
        missing=counts.missing,
        targets=counts.targets.total,
        due=counts.targets.due_share,
        later=counts.targets.later_share,
        years=list(years),
    )
