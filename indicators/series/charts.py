"""A series as a small drawing: figures as a line, the target dashed, each value beside its point.

The numbers here are places on a drawing of ``WIDTH`` × ``HEIGHT`` units, written as text so that no
local format changes them; ``templates/indicators/series/trend.html`` draws them, on pages and in
documents alike. Values never cover each other, the line or the target: see ``chart_labels``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby, pairwise

from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.text.colours import AXIS_COLOURS
from indicators.definitions.definition import Definition
from indicators.series.chart_labels import DIGIT, FLOOR, WIDTH, ChartMark, Labels, format_coordinate
from indicators.series.reading import Cell, Series

HEIGHT = 136
LEFT, RIGHT, TOP = 24, 276, 28
# Beyond that many, only the ends, the highest and the lowest are labelled.
MOST_LABELLED = 8
LETTER = 7.5  # the room of a letter in the widest of the typefaces that a browser may take


@dataclass
class Chart:
    """A drawing: ``lines`` and ``target`` as lists of places ("x,y x,y"), the rest as marks."""

    title: str
    colour: str
    lines: list[str] = field(default_factory=list)
    target: str = ""
    dots: list[ChartMark] = field(default_factory=list)
    labels: list[ChartMark] = field(default_factory=list)
    years: list[ChartMark] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    is_broken: bool = False

    width, height, floor = WIDTH, HEIGHT, FLOOR
    left, right, top = (
        format_coordinate(LEFT - 14),
        format_coordinate(RIGHT + 14),
        format_coordinate(TOP - 18),
    )


@dataclass(frozen=True)
class _Point:
    year: int
    number: Decimal
    text: str
    kind: str = "value"


# Of its highest figure, what a scale that leaves out zero shows at least: a fall of 4 % is no drop.
LEAST_SHOWN = 0.25


def scale_bounds(numbers: Collection[Decimal | float]) -> tuple[float, float]:
    """Return the lowest and highest figure of a scale: those of the numbers if one is negative;
    from zero if the lowest is under half of the highest; else a broken scale around them, which
    shows at least ``LEAST_SHOWN``."""
    low, high = float(min(numbers)), float(max(numbers))
    if low < 0:
        return low, high
    if low < high / 2:
        return 0.0, high
    added = max(high * LEAST_SHOWN - (high - low), 0) / 2
    return low - added, high + added


class _Scale:
    """From years and figures to places. ``is_broken``: zero is left out."""

    def __init__(self, years: list[int], numbers: list[Decimal]):
        self.first, self.last = min(years), max(years)
        low, high = scale_bounds(numbers)
        room = (high - low) or abs(high) or 1.0
        self.is_broken = low > 0
        self.low, self.high = low - room * 0.08, high + room * 0.08

    def x(self, year: float) -> float:
        """Return the place of a year from left to right; the middle if there is one year only."""
        if self.first == self.last:
            return (LEFT + RIGHT) / 2
        return LEFT + (year - self.first) * (RIGHT - LEFT) / (self.last - self.first)

    def y(self, number: Decimal) -> float:
        """Return the place of a figure from top to bottom: the higher it is, the smaller."""
        share = (float(number) - self.low) / (self.high - self.low)
        return FLOOR - 18 - share * (FLOOR - 18 - TOP)

    def at(self, year: int, number: Decimal) -> tuple[float, float]:
        return self.x(year), self.y(number)


def trend_chart(series: Series, year: int | None = None) -> Chart | None:
    """Return the drawing of a series up to ``year`` (by default all years): figures, baseline,
    targets, breaks, and signs where there is no figure. None without any figure."""
    cells = [c for c in series.collected if year is None or c.year <= year]
    points = [
        _Point(
            cell.year,
            cell.figure.number,
            cell.figure.short,
            "partial" if cell.figure.partial else "value",
        )
        for cell in cells
        if cell.figure.is_number
    ]
    if not points:
        return None
    definition = cells[-1].definition
    baseline, baseline_year = definition.baseline, definition.baseline_year
    if baseline is not None and baseline_year and baseline_year < cells[0].year:
        text = definition.show(baseline)
        points.insert(0, _Point(baseline_year, baseline, text, "baseline"))
    # The final target stands at the end of the convention.
    end = max(series.indicator.convention.end.year, cells[-1].year)
    aims = sorted({aim.year or end: aim.value for aim in definition.aims}.items())

    years = sorted({*(c.year for c in cells), *(p.year for p in points), *(y for y, _ in aims)})
    scale = _Scale(years, [*(p.number for p in points), *(value for _, value in aims)])
    runs = [[scale.at(p.year, p.number) for p in run] for run in _runs(points, cells)]
    # One target is a level to be seen from the start; several are a way from year to year.
    target = [scale.at(year, value) for year, value in aims]
    if len(target) == 1:
        [(_, y)] = target
        target = [(LEFT - 14, y), (RIGHT + 14, y)]

    chart = Chart(
        title=_title(cells, definition, aims, is_broken=scale.is_broken),
        is_broken=scale.is_broken,
        colour=AXIS_COLOURS[series.indicator.theme.axis.colour - 1],
        lines=[_path(run) for run in runs if len(run) > 1],
        target=_path(target),
        years=[
            ChartMark(
                format_coordinate(scale.x(year)), format_coordinate(FLOOR + 14), str(year), "year"
            )
            for year in _spaced(years)
        ],
    )
    for cell in cells:
        if cell.is_break and cell.year > scale.first:
            chart.breaks.append(
                format_coordinate((scale.x(cell.year - 1) + scale.x(cell.year)) / 2)
            )

    # Texts find their places in order of right of way: lines and points, target, figures.
    labels = Labels([*(segment for run in runs for segment in pairwise(run)), *pairwise(target)])
    for point in points:
        x, y = scale.at(point.year, point.number)
        chart.dots.append(ChartMark(format_coordinate(x), format_coordinate(y), kind=point.kind))
        labels.reserve(x, y, 3)
    if aims:
        # « cible 448 », at the right end of its line, above it unless something is there.
        text = f"cible {definition.show(aims[-1][1])}"
        half = len(text) * DIGIT / 2
        mark = labels.place_label(RIGHT + 14 - half, target[-1][1] + 2, text, "target")
        chart.labels.append(ChartMark(format_coordinate(RIGHT + 14), mark.y, text, "target", "end"))
    for point in points if len(points) <= MOST_LABELLED else _outstanding(points):
        place = scale.at(point.year, point.number)
        chart.labels.append(labels.place_label(*place, point.text))
    chart.labels += _signs(scale, cells)
    return chart


def _runs(points: list[_Point], cells: list[Cell]) -> list[list[_Point]]:
    """Return the points that a line may join, run by run: no year is missing between them, no
    definition changed. A total of some communes only is a run of its own."""
    broken = {cell.year for cell in cells if cell.is_break}
    missing = {cell.year for cell in cells if not cell.figure.is_number}
    runs: list[list[_Point]] = []
    for point in points:
        before = runs[-1][-1] if runs else None
        between = range(before.year + 1, point.year + 1) if before else ()
        is_alone = before and "partial" in (before.kind, point.kind)
        if before is None or is_alone or any(y in broken or y in missing for y in between):
            runs.append([])
        runs[-1].append(point)
    return runs


def _outstanding(points: list[_Point]) -> list[_Point]:
    """Return the points to label where there are many: the ends, the highest and the lowest, and
    totals of some communes only, in order."""
    labelled = {points[0], points[-1]}
    labelled |= {point for point in points if point.kind == "partial"}
    labelled |= {max(points, key=lambda p: p.number), min(points, key=lambda p: p.number)}
    return [point for point in points if point in labelled]


def _path(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{format_coordinate(x)},{format_coordinate(y)}" for x, y in places)


def _signs(scale: _Scale, cells: list[Cell]) -> list[ChartMark]:
    """Return marks at the foot that say of each year without a number why there is none; one mark
    for years in a row where the words would touch."""
    marks = []
    for text, run in groupby(cells, lambda cell: cell.figure.short):
        years: list[float] = [cell.year for cell in run if not cell.figure.is_number]
        apart = scale.x(years[-1]) - scale.x(years[0]) if years else 0
        if len(years) > 1 and apart / (len(years) - 1) < len(text) * LETTER:
            years = [(years[0] + years[-1]) / 2]
        marks += [
            ChartMark(format_coordinate(scale.x(y)), format_coordinate(FLOOR - 4), text, "sign")
            for y in years
        ]
    return marks


def _spaced(years: list[int]) -> list[int]:
    """Return the years that are written: all, or every so many before the last where they would
    touch."""
    span = (years[-1] - years[0]) or 1
    step = max(1, round(30 * span / (RIGHT - LEFT) + 0.49))
    return [y for y in years if (years[-1] - y) % step == 0 or step == 1]


def _title(
    cells: list[Cell], definition: Definition, aims: list[tuple[int, Decimal]], *, is_broken: bool
) -> str:
    """Return what the drawing shows in words, for who does not see it: figures, baseline, the last
    target (``aims``: year and value)."""
    figures = [f"{c.figure.words} en {c.year}" for c in cells]
    parts = [f"{definition.title} : {enumerate_words(figures)}"]
    if definition.baseline is not None and definition.baseline_year:
        parts.append(f"situation initiale {definition.show(definition.baseline)} en "
                     f"{definition.baseline_year}")  # fmt: skip
    if aims:
        parts.append(f"cible {definition.show(aims[-1][1])} en {aims[-1][0]}")
    if is_broken:
        parts.append("l’échelle ne part pas de zéro")
    return " ; ".join(parts) + "."


def spark(series: Series, year: int | None = None) -> str:
    """Return the line of a drawing of 60 × 16 units for a list; empty with fewer than two figures.

    It only hints at the trend: the figures stand beside it. A total of some communes is none.
    """
    cells = [
        cell
        for cell in series.collected
        if cell.figure.is_number and not cell.figure.partial and (year is None or cell.year <= year)
    ]
    if len(cells) < 2:
        return ""
    numbers = [float(cell.figure.number) for cell in cells]
    low, high = scale_bounds(numbers)
    room = (high - low) or 1.0
    first, span = cells[0].year, cells[-1].year - cells[0].year
    return _path(
        (2 + 56 * (cell.year - first) / span, 14 - 12 * (number - low) / room)
        for cell, number in zip(cells, numbers, strict=True)
    )
