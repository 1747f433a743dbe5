"""Draw a map of figures by commune, as plain data that page, document and snapshot share.

Ratios are shown by the shade of a commune's outline (choropleth), counts by a circle whose area is
proportional to them. A commune whose figure is masked is hatched, one without a figure is empty:
neither has a class, a radius, or any other sign of its own.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from conventions.models import Coverage
from conventions.territory.areas import AreaMap, draw_map
from ctg_portal.templatetags.french import number, plural, unit_of
from indicators.by_commune.classes import classes_of, legend_sizes
from indicators.definitions.definition import Definition, is_counted, round_to
from indicators.disclosure import MASKED as SECRET
from indicators.disclosure import PENDING, WORDS, DisclosedFigure

# What a commune is drawn as.
SHADE, CIRCLE, ZERO, MASKED, EMPTY = "shade", "circle", "zero", "masked", "empty"
LARGEST, SMALLEST = 34.0, 1.6  # radii
# What circles may cover together, in square units: more would hide each other and the map.
COVERED = 90_000

# Figures by the Insee code of their commune.
Figures = Sequence[tuple[str, DisclosedFigure]]
Drawn = tuple[list["Mark"], list["Sign"], list[str]]
# The shades of two to five classes, light to dark: each stands out from the next as much as their
# number allows, three to one up to three classes.
SHADES = {
    1: ("#5a88bc",),
    2: ("#e3ecf6", "#163a69"),
    3: ("#e3ecf6", "#5a88bc", "#163a69"),
    4: ("#e3ecf6", "#7fa6d1", "#3b6da6", "#163a69"),
    5: ("#e3ecf6", "#96b6da", "#5a88bc", "#2f5f9b", "#163a69"),
}
CIRCLES = "#3b6da6"


@dataclass(frozen=True)
class Place:
    """A commune's outline. ``x``, ``y``: where its name or circle stands; ``is_named``,
    ``is_major``: whether a map names it on a page, on paper."""

    code: str
    name: str
    path: str
    x: int
    y: int
    is_named: bool = False
    is_major: bool = False


@dataclass(frozen=True)
class Ground:
    """The outlines of a year's communes, for all its maps. ``without``: names of other communes."""

    width: int
    height: int
    places: list[Place]
    source: str
    without: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Mark:
    """How one commune is drawn: its ``kind``, the ``rank`` of its class (from 1) or its ``radius``;
    ``words``: its figure without the unit, shown to who points at it."""

    code: str
    kind: str
    words: str
    rank: int = 0
    radius: float = 0


@dataclass(frozen=True)
class Sign:
    """A line of the legend. ``count``: how many communes are drawn so, 0 for sizes of circles."""

    kind: str
    words: str
    count: int = 0
    rank: int = 0
    radius: float = 0
    fill: str = ""


@dataclass(frozen=True)
class FigureMap:
    """A map of figures. ``title``: its text alternative; ``is_shaded``: shades, else circles;
    ``marks``: by name of commune; ``fills``: the colour of each class."""

    title: str
    is_shaded: bool
    marks: list[Mark]
    legend: list[Sign]
    fills: list[str]


def ground_of(coverages: Iterable[Coverage]) -> Ground | None:
    """Return the outlines of the communes covered; None if no outline is known."""
    drawn = draw_map(coverages)
    if not isinstance(drawn, AreaMap):
        return None
    places = [
        Place(
            area.commune.insee_code, area.commune.name, area.path, round(area.x), round(area.y),
            area.is_named, area.is_major,
        )
        for area in drawn.areas
    ]  # fmt: skip
    without = [commune.name for commune in drawn.without]
    return Ground(drawn.width, drawn.height, places, drawn.source, without)


def is_shaded(definition: Definition, numbers: Sequence[Decimal]) -> bool:
    """Return whether a map shows the figures by shades: all but counts of people or things, and
    these too where one is negative."""
    is_count = is_counted(definition.unit) and not definition.is_ratio
    return not is_count or any(number < 0 for number in numbers)


def format_number_of(figure: DisclosedFigure, unit: str = "") -> str:
    """Return a figure that has a number as text: « 25 », « environ 25 places », « 12,5 %,
    provisoire »; no unit if it is empty."""
    text = f"{figure.text}\u00a0{unit_of(figure.number, unit)}" if unit else figure.text
    text = f"environ {text}" if figure.is_rounded else text
    return f"{text}, provisoire" if figure.is_provisional else text


def map_of(figures: Figures, definition: Definition, year: int) -> FigureMap:
    """Return the map of figures by commune; without a number it is hatched if masked, else
    empty."""
    numbers = [f.number for _, f in figures if f.is_number and f.number is not None]
    shaded = is_shaded(definition, numbers)
    draw = _draw_shades if shaded else _draw_circles
    marks, legend, fills = draw(figures, numbers, definition)
    legend += _signs_without_number(figures)
    title = _describe_map(figures, numbers, definition, year)
    return FigureMap(title, shaded, marks, legend, fills)


def _describe_map(
    figures: Figures, numbers: Sequence[Decimal], definition: Definition, year: int
) -> str:
    """Return the text alternative of a map: « Places agréées en 2023, carte des 47 communes : de 11
    à 47 places, médiane 25 places ; secret : 4. Les chiffres sont dans le tableau. »"""
    subject = f"{definition.title} en {year}, carte des {plural(len(figures), 'commune,communes')}"
    parts = []
    if numbers:
        shown = definition.show(round_to(median(numbers), definition.decimals))
        parts.append(f"{format_range(numbers, definition)}, médiane {shown}")
    parts += [f"{sign.words} : {sign.count}" for sign in _signs_without_number(figures)]
    return f"{subject} : {' ; '.join(parts)}. Les chiffres sont dans le tableau."


def format_range(numbers: Sequence[Decimal], definition: Definition) -> str:
    """Return « de 11 à 47 places », « 12 places partout », or one figure alone; not for none."""
    low, high = min(numbers), max(numbers)
    if low == high:
        return f"{definition.show(low)} partout" if len(numbers) > 1 else definition.show(low)
    return f"de {number(low, definition.decimals)} à {definition.show(high)}"


def _draw_shades(figures: Figures, numbers: Sequence[Decimal], definition: Definition) -> Drawn:
    """Return marks, legend (the highest class first) and colours of a map by classes."""
    classes = classes_of(numbers, definition.decimals)
    if classes is None:
        return [_mark_without_number(code, figure) for code, figure in figures], [], []
    fills = list(SHADES[classes.count])
    ranks = {c: classes.rank(f.number) for c, f in figures if f.is_number and f.number is not None}
    marks = [
        Mark(code, SHADE, format_number_of(figure), rank=ranks[code])
        if code in ranks
        else _mark_without_number(code, figure)
        for code, figure in figures
    ]
    sign = "\u202f%" if definition.is_percentage else ""
    legend = [
        Sign(
            SHADE,
            classes.words(rank, lambda figure: number(figure, definition.decimals), sign),
            count=list(ranks.values()).count(rank),
            rank=rank,
            fill=fills[rank - 1],
        )
        for rank in range(classes.count, 0, -1)
    ]
    return marks, legend, fills


def _draw_circles(figures: Figures, numbers: Sequence[Decimal], definition: Definition) -> Drawn:
    """Return marks, legend and colour of a map by circles; zero has a mark of its own."""
    largest = max(numbers, default=Decimal(0))
    longest = longest_radius(numbers)
    marks = []
    for code, figure in figures:
        if not figure.is_number or figure.number is None:
            marks.append(_mark_without_number(code, figure))
        elif figure.number == 0:
            marks.append(Mark(code, ZERO, format_number_of(figure), radius=SMALLEST * 2))
        else:
            radius = radius_of(figure.number, largest, longest)
            marks.append(Mark(code, CIRCLE, format_number_of(figure), radius=radius))
    unit = Decimal(1).scaleb(-definition.decimals)
    legend = [
        Sign(CIRCLE, definition.show(size), radius=radius_of(size, largest, longest), fill=CIRCLES)
        for size in (legend_sizes(largest, unit) if largest else [])
    ]
    zeros = [figure.text for _, figure in figures if figure.is_number and figure.number == 0]
    if zeros:
        words = " ou ".join(sorted(set(zeros)))
        legend.append(Sign(ZERO, words, len(zeros), radius=SMALLEST * 2))
    return marks, legend, [CIRCLES]


def longest_radius(numbers: Sequence[Decimal]) -> float:
    """Return the radius for the largest figure: at most ``LARGEST``, less where all circles
    together would cover more than ``COVERED``."""
    largest = max(numbers, default=Decimal(0))
    if not largest:
        return LARGEST
    return min(LARGEST, math.sqrt(COVERED / (math.pi * float(sum(numbers) / largest))))


def radius_of(figure: Decimal, largest: Decimal, longest: float = LARGEST) -> float:
    """Return a radius: areas are as the figures, the largest has ``longest``; never too small."""
    return round(max(longest * math.sqrt(figure / largest), SMALLEST), 1)


def _mark_without_number(code: str, figure: DisclosedFigure) -> Mark:
    return Mark(code, MASKED if figure.is_masked else EMPTY, figure.words)


def _signs_without_number(figures: Figures) -> list[Sign]:
    """Return the legend lines that apply: « secret », « en attente », « sans chiffre »."""
    pending = sum(figure.is_pending for _, figure in figures)
    masked = sum(figure.is_masked for _, figure in figures) - pending
    empty = sum(not figure.is_masked and not figure.is_number for _, figure in figures)
    signs = [
        Sign(MASKED, WORDS[SECRET], masked),
        Sign(MASKED, WORDS[PENDING], pending),
        Sign(EMPTY, "sans chiffre", empty),
    ]
    return [sign for sign in signs if sign.count]
