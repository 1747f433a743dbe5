"""Draw the small pictures of a report as SVG: indicators as small multiples, the way to the
targets, years as bars, maps of communes. Units are points; text is of the fonts of the document."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from ctg_portal.templatetags.french import enumerate_words, typo
from ctg_portal.text.colours import AXIS_COLOURS
from evaluation.report.content import YearCount
from evaluation.report.pages.stories import Story
from indicators.by_commune.drawing import CIRCLES, MASKED, SHADE, FigureMap, Ground

MILLIMETRE = 72 / 25.4  # points
INK, MUTED, LINE, STRONG, BAD, WASH = (
    "#1c212b", "#525c6d", "#d8dce3", "#78818f", "#a3262a", "#eef1f5",
)  # fmt: skip
BLUE, PALE_BLUE = "#1f4e8c", "#98aecb"
SMALL, LABEL = 6.8, 7.4  # sizes of texts
DIGIT = 0.52  # the width of a digit, of its size


def text(x: float, y: float, words: str, *, size: float = SMALL, anchor: str = "middle",
         fill: str = MUTED, is_bold: bool = False) -> str:  # fmt: skip
    """Return a text at a place."""
    weight = 600 if is_bold else 400
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def image(body: str, width: float, height: float, title: str) -> SafeString:
    """Return a drawing of a size in points as an image with its text alternative."""
    return format_html('<img src="{}" alt="{}">', address(body, width, height), typo(title))


def address(body: str, width: float, height: float) -> str:
    """Return the address of a drawing, which the document carries."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width / MILLIMETRE:.1f}mm" '
        f'height="{height / MILLIMETRE:.1f}mm" viewBox="0 0 {width:.1f} {height:.1f}" '
        f'font-family="Source Sans Pro, DejaVu Sans">{body}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


@dataclass(frozen=True)
class Size:
    """The size of a small multiple in millimetres; ``is_bare``: without years and labels of
    figures, but that of the target."""

    width: float
    height: float
    is_bare: bool = False


SIZES = {
    1: Size(174, 44),
    2: Size(84, 42),
    3: Size(54, 34),
    "spark": Size(39, 17, is_bare=True),
}
# Sizes where all of a theme stands on one page.
TIGHT = {1: Size(174, 36), 2: Size(84, 32), 3: Size(54, 29)}


def draw_story(story: Story, size: Size) -> SafeString:
    """Draw an indicator: its figures as a line from the baseline, the target as a level in its
    year; a line is broken where a figure is missing or the definition changed."""
    width, height = size.width * MILLIMETRE, size.height * MILLIMETRE
    return image(_Multiple(story, width, height, is_bare=size.is_bare).draw(), width, height,
                 describe_story(story))  # fmt: skip


def describe_story(story: Story) -> str:
    """Return what a drawing shows in words: « Places : 416 places en 2020 et 438 places en 2023 ;
    situation initiale 412 en 2019 ; cible 448 à terme. »"""
    figures = [f"{point.text} en {point.year}" for point in story.points]
    parts = [f"{story.row.title} ({story.row.unit}) : {enumerate_words(figures)}"]
    if story.row.baseline:
        year = story.row.baseline_year
        parts.append(f"situation initiale {story.row.baseline}{f' en {year}' if year else ''}")
    if story.row.target:
        target_year = story.row.target_year
        when = f"en {target_year}" if target_year.isdigit() else target_year
        parts.append(f"cible {story.row.target} {when}".strip())
    if any(point.is_break for point in story.points[1:]):
        parts.append("la définition a changé entre-temps")
    return f"{' ; '.join(parts)}."


class _Multiple:
    """The drawing of a story in a frame of points."""

    def __init__(self, story: Story, width: float, height: float, *, is_bare: bool):
        self.story, self.width, self.height, self.is_bare = story, width, height, is_bare
        self.colour = AXIS_COLOURS[story.colour - 1]
        self.points, self.aim = story.numbers, story.aim
        if story.start and self._starts_before:
            self.points.insert(0, story.start)
        years = [number.year for number in self.points] + [point.year for point in story.points]
        values = [number.value for number in self.points]
        if self.aim:
            years.append(self.aim.year)
            values.append(self.aim.value)
        self.first, self.last = min(years), max(years)
        low, high = float(min(values)), float(max(values))
        self.is_broken = low > high / 2 > 0
        if not self.is_broken and low > 0:
            low = 0.0
        room = (high - low) or abs(high) or 1.0
        self.low, self.high = low - room * 0.12 * self.is_broken, high + room * 0.04
        margin = 3.0 if is_bare else 13.0
        self.left, self.right = margin, width - (22.0 if is_bare else 15.0)
        self.top, self.floor = (7.0, height - 4) if is_bare else (18.0, height - 13)

    @property
    def _starts_before(self) -> bool:
        """Whether the baseline is of a year before the first figure."""
        start, points = self.story.start, self.story.points
        return start is not None and (not points or start.year < points[0].year)

    def x(self, year: float) -> float:
        span = self.last - self.first
        share = (year - self.first) / span if span else 0.5
        return self.left + share * (self.right - self.left)

    def y(self, value: Decimal) -> float:
        share = (float(value) - self.low) / ((self.high - self.low) or 1)
        return self.floor - 5 - share * (self.floor - 5 - self.top)

    def draw(self) -> str:
        """Return the shapes: axis and years, target, line, points, labels."""
        return "".join([*self._axis(), *self._target(), *self._lines(), *self._dots()])

    def _axis(self) -> Iterable[str]:
        if self.is_bare:
            return
        start = 6
        if self.is_broken:
            yield (
                f'<path d="M{start} {self.floor - 9:.1f}v3l3 1.6l-5 2.4l2 1v1" stroke="{STRONG}" '
                'stroke-width=".7" fill="none"/>'
            )
        yield (
            f'<path d="M{start} {self.floor:.1f}H{self.width - 6:.1f}" stroke="{STRONG}" '
            'stroke-width=".7"/>'
        )
        now = self.story.now.year if self.story.now else None
        years = range(self.first, self.last + 1)
        step = max(1, round(24 * len(years) / (self.right - self.left) + 0.4))
        for year in years:
            if (self.last - year) % step == 0 or year == now:
                is_now = year == now
                yield text(self.x(year), self.floor + 10, str(year), is_bold=is_now,
                           fill=INK if is_now else MUTED)  # fmt: skip

    def _target(self) -> Iterable[str]:
        aim = self.aim
        if aim is None:
            return
        x, y = self.x(aim.year), self.y(aim.value)
        if self.points and self.points[-1].year < aim.year:
            last = self.points[-1]
            yield (
                f'<path d="M{self.x(last.year):.1f} {self.y(last.value):.1f}L{x:.1f} {y:.1f}" '
                f'stroke="{self.colour}" stroke-width=".8" stroke-dasharray="1.6 2" fill="none"/>'
            )
        yield f'<path d="M{x - 8:.1f} {y:.1f}h16" stroke="{self.colour}" stroke-width="1.6"/>'
        if self.is_bare:
            yield text(x + 9, y + 2, aim.text, size=6.4, anchor="start", fill=self.colour)
        else:
            yield text(x, y - 4, aim.text, size=LABEL, fill=self.colour, is_bold=True)

    def _lines(self) -> Iterable[str]:
        broken = {point.year for point in self.story.points if point.is_break}
        missing = {point.year for point in self.story.points if point.value is None}
        for (year, value, *_), (later, value_later, *_) in pairwise(self.points):
            between = range(year + 1, later + 1)
            if any(y in broken for y in between):
                x = (self.x(later - 1) + self.x(later)) / 2
                yield (
                    f'<path d="M{x:.1f} {self.top - 8:.1f}V{self.floor:.1f}" stroke="{MUTED}" '
                    'stroke-width=".6" stroke-dasharray="1 1.6"/>'
                )
                if not self.is_bare:
                    yield text(x, self.top - 10, "rupture de série", size=6)
                continue
            if any(y in missing for y in between):
                continue
            yield (
                f'<path d="M{self.x(year):.1f} {self.y(value):.1f}L{self.x(later):.1f} '
                f'{self.y(value_later):.1f}" stroke="{self.colour}" fill="none" '
                'stroke-linecap="round" stroke-width="1.7"/>'
            )

    def _dots(self) -> Iterable[str]:
        """Yield points and their labels, above a peak, below a valley; the words of years without a
        number at the foot."""
        labelled = self._labelled()
        for place, (year, value, words, _) in enumerate(self.points):
            x, y = self.x(year), self.y(value)
            is_baseline = place == 0 and year == self.story.baseline_year
            is_now = self.story.now is not None and year == self.story.now.year
            if is_baseline:
                yield (
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.1" fill="#fff" stroke="{self.colour}" '
                    'stroke-width="1.1"/>'
                )
            else:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2.6 if is_now else 1.6}" fill="{self.colour}"/>'  # noqa: E501
            if place in labelled and not self.is_bare:
                below = self._is_valley(place)
                yield text(x, y + (11 if below else -5.5), words, size=LABEL, is_bold=is_now,
                           fill=self.colour if is_now else INK)  # fmt: skip
        if self.is_bare:
            return
        for point in self.story.points:
            if point.value is None:
                yield text(self.x(point.year), self.floor - 3, point.text, size=6)

    def _is_valley(self, place: int) -> bool:
        """Return whether the line comes from above and leaves upwards, or the target stands just
        above."""
        value = self.points[place].value
        around = [self.points[p].value for p in (place - 1, place + 1) if 0 <= p < len(self.points)]
        if place == len(self.points) - 1 and self.aim:
            around.append(self.aim.value)
        return bool(around) and all(other > value for other in around) and place > 0

    def _labelled(self) -> set[int]:
        """Return the places of the points to label: all that have room, else the ends, the highest
        and the lowest."""
        longest = max((len(number.text) for number in self.points), default=0)
        step = (self.right - self.left) / max(self.last - self.first, 1)
        places = range(len(self.points))
        if longest * LABEL * DIGIT < step - 2:
            return set(places)
        values = [number.value for number in self.points]
        return {0, len(values) - 1, values.index(max(values)), values.index(min(values))}


PATH_ROWS = 26  # on a page
PATH_WIDTH, PATH_ROW, PATH_ROOM, PATH_HEAD = 174 * MILLIMETRE, 32.0, 560.0, 26.0


def draw_ways(stories: Sequence[Story], *, progress: float | None, now: int | None,
              since: str, row_height: float | None = None) -> SafeString:  # fmt: skip
    """Draw how far each indicator is between baseline (left) and target (right), last year hollow
    and this year full; ``progress``: how much of the term is over, within 0 and 1."""
    left, right = 215.0, 371.0
    row_height = row_height or min(PATH_ROW, PATH_ROOM / max(len(stories), 1))
    height = PATH_HEAD + row_height * len(stories)
    marks = [(0.0, since), (0.5, "mi-chemin"), (1.0, "cible")]
    body = []
    for share, words in marks:
        x = left + share * (right - left)
        body.append(f'<path d="M{x:.1f} 20V{height:.1f}" stroke="{LINE}" stroke-width=".7"/>')
        body.append(text(x, 14, words, size=LABEL))
    if progress is not None:
        x = left + progress * (right - left)
        body.append(
            f'<path d="M{x:.1f} 18V{height:.1f}" stroke="{INK}" stroke-width=".8" '
            'stroke-dasharray="2 2"/>'
        )
    body.append(text(PATH_WIDTH, 14, f"en {now}, et la cible", size=LABEL, anchor="end"))
    parts = []
    for place, story in enumerate(stories):
        y = PATH_HEAD + row_height * (place + 0.5)
        before, share = _shares(story)
        parts.append(f"{story.row.title} : {story.row.attainment}")
        body.append(_way_row(story, y, left, right, before, share))
    title = (
        f"Part du chemin parcourue entre la situation initiale et la cible. {' ; '.join(parts)}."
    )
    return image("".join(body), PATH_WIDTH, height, title)


def _shares(story: Story) -> tuple[float | None, float]:
    """Return how far the indicator was before, None where that is not known, and is now."""
    before = story.share_at(story.before.value) if story.before else None
    return before, story.share or 0.0


def _way_row(story: Story, y: float, left: float, right: float,
             before: float | None, share: float) -> str:  # fmt: skip
    """Return the shapes of one indicator: title, way, share, figure and target."""
    colour = AXIS_COLOURS[story.colour - 1]
    x = left + share * (right - left)
    has_lost = before is not None and before > share
    parts = [
        f'<path d="M1 {y - 5:.1f}v10" stroke="{colour}" stroke-width="2.6"/>',
        f'<path d="M6 {y + 12:.1f}H{PATH_WIDTH:.1f}" stroke="{LINE}" stroke-width=".4"/>',
    ]
    lines = _wrapped(story.row.title, 46)
    for place, line in enumerate(lines):
        shift = 2.8 + (place - (len(lines) - 1) / 2) * 9
        parts.append(text(8, y + shift, line, size=8.6, anchor="start", fill=INK))
    if before is not None and before != share:
        start = left + before * (right - left)
        stroke = BAD if has_lost else colour
        parts.append(
            f'<path d="M{start:.1f} {y:.1f}H{x:.1f}" stroke="{stroke}" stroke-width="2"/>'
            f'<circle cx="{start:.1f}" cy="{y:.1f}" r="2.6" fill="#fff" stroke="{stroke}" '
            'stroke-width="1.2"/>'
        )
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colour}"/>')
    parts.append(text(right + 14, y + 3, story.row.attainment, size=9, anchor="start", fill=INK,
                      is_bold=True))  # fmt: skip
    target = story.row.target.split("\u00a0")[0] or story.row.target
    parts.append(text(PATH_WIDTH, y + 3, f"{story.text} / {target}", size=8, anchor="end"))
    return "".join(parts)


def _wrapped(words: str, most: int) -> list[str]:
    """Return a title in two lines at most, cut with « … »."""
    if len(words) <= most:
        return [words]
    first = words[:most].rpartition(" ")[0] or words[:most]
    second = words[len(first) :].strip()
    if len(second) > most:
        second = f"{second[: most - 1].rpartition(' ')[0]}…"
    return [first, second]


def draw_years(years: Sequence[int], counts: Sequence[YearCount]) -> SafeString:
    """Draw how many indicators progressed in each year, of those comparable, as bars."""
    width, height = 78 * MILLIMETRE, 44 * MILLIMETRE
    step = width / max(len(years), 1)
    bar, top, floor = min(step * 0.68, 44), 16.0, height - 14
    body, parts = [], []
    for place, (year, count) in enumerate(zip(years, counts, strict=True)):
        part, _, whole = count.text.partition(" sur ")
        share = int(part) / int(whole) if part.isdigit() and whole.isdigit() else 0
        x = place * step + (step - bar) / 2
        is_last = place == len(years) - 1
        tall = share * (floor - top)
        body += [
            f'<rect x="{x:.1f}" y="{top}" width="{bar:.1f}" height="{floor - top:.1f}" fill="{WASH}"/>',  # noqa: E501
            f'<rect x="{x:.1f}" y="{floor - tall:.1f}" width="{bar:.1f}" height="{tall:.1f}" '
            f'fill="{BLUE if is_last else PALE_BLUE}"/>',
            text(x + bar / 2, top - 4, count.text, size=8, fill=INK, is_bold=is_last),
            text(x + bar / 2, height - 3, str(year), size=LABEL, fill=INK, is_bold=is_last),
        ]
        parts.append(f"{count.text} en {year}")
    title = f"Indicateurs en progrès, sur ceux qui se comparent : {' ; '.join(parts)}."
    return image("".join(body), width, height, title)


def draw_small_map(ground: Ground, figures: FigureMap, width: float = 54) -> SafeString:
    """Draw a map of figures by commune at a width in millimetres, one path for all communes that
    look alike; its legend stands in the document."""
    scale = width * MILLIMETRE / ground.width
    tall = ground.height * scale
    body = _map_body(ground, figures, scale) + _legend(figures, width * MILLIMETRE, tall)
    return image(body, width * MILLIMETRE, tall + LEGEND, figures.title)


LEGEND = 17.0  # points, below a map


def _legend(figures: FigureMap, width: float, top: float) -> str:
    """Return the classes of a map of shades from the lowest, side by side: « < 15 », « 15–21 »,
    « ≥ 36 »."""
    signs = [sign for sign in reversed(figures.legend) if sign.kind == SHADE]
    step = width / max(len(signs), 1)
    shapes = []
    for place, sign in enumerate(signs):
        x = place * step
        shapes.append(
            f'<rect x="{x:.1f}" y="{top + 3:.1f}" width="{step - 2:.1f}" height="4" '
            f'fill="{sign.fill}" stroke="#8b94a3" stroke-width=".3"/>'
        )
        shapes.append(text(x, top + 14, _short_class(sign.words), size=6, anchor="start"))
    return "".join(shapes)


def _short_class(words: str) -> str:
    words = words.replace("moins de ", "< ").replace("de ", "", 1).replace(" à ", "–")
    return f"≥ {words.removesuffix(' et plus')}" if words.endswith(" et plus") else words


def _map_body(ground: Ground, figures: FigureMap, scale: float) -> str:
    places = {place.code: place for place in ground.places}
    paths: dict[str, list[str]] = {}
    circles = []
    for mark in figures.marks:
        place = places.get(mark.code)
        if place is None:
            continue
        fill = "#fff"
        if mark.kind == SHADE:
            fill = figures.fills[mark.rank - 1]
        elif mark.kind == MASKED:
            fill = "#f0f1f4"
        elif mark.radius:
            circles.append(f'<circle cx="{place.x}" cy="{place.y}" r="{mark.radius * 1.3:.1f}"/>')
        paths.setdefault(fill, []).append(place.path)
    shapes = "".join(f'<path fill="{fill}" d="{" ".join(each)}"/>' for fill, each in paths.items())
    return (
        f'<g transform="scale({scale:.5f})" stroke="#8b94a3" stroke-width="1.6" '
        f'stroke-linejoin="round">{shapes}<g fill="{CIRCLES}" fill-opacity=".85" stroke="#fff">'
        f"{''.join(circles)}</g></g>"
    )


def draw_ground(ground: Ground | None) -> SafeString:
    """Draw the outlines of the territory, pale, as a background that says nothing; empty where they
    are not known."""
    if ground is None or not ground.places:
        return mark_safe("")
    paths = " ".join(place.path for place in ground.places)
    body = f'<path fill="#eef3f9" stroke="#fff" stroke-width="3" d="{paths}"/>'
    source = address(body, float(ground.width), float(ground.height))
    return format_html(
        '<img class="picture" src="{}" alt="" width="{}" height="{}">',
        source, ground.width, ground.height,
    )  # fmt: skip
