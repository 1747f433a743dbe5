"""The map of proportional circles: where each commune lies, how large it is, in drawing units."""

import datetime
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from conventions.territory.models import Commune, Coverage

WIDTH = 760
MARGIN = 50
LARGEST_RADIUS = 44
SMALLEST_RADIUS = 3.5
LABEL_HEIGHT = 15
CHARACTER_WIDTH = 7.2
STYLES = 4


@dataclass
class Circle:
    """A commune on the map. ``style`` is 0 without CEJ date, else the rank of its date (1 to 4)."""

    commune: Commune
    x: float
    y: float
    radius: float
    style: int = 0
    label: tuple[float, float, str] | None = None


@dataclass(frozen=True)
class TerritoryMap:
    """A drawing of ``width`` × ``height`` units; the largest circles come first."""

    width: int
    height: int
    circles: list[Circle]
    dates: list[datetime.date]

    @property
    def marks(self) -> list[Circle]:
        """The circles, to which a style may be given."""
        return self.circles

    @property
    def has_undated(self) -> bool:
        """Whether some communes have a CEJ date and others none."""
        return bool(self.dates) and any(not circle.style for circle in self.circles)


def territory_map(
    coverages: Iterable[Coverage], *, here: Commune | None = None
) -> TerritoryMap | None:
    """Return the located communes as circles whose areas are proportional to populations, with
    labels where there is room; None where none is located. Always label the commune ``here``. The
    projection is equirectangular around the mean latitude."""
    located = [coverage for coverage in coverages if coverage.commune.is_located]
    if not located:
        return None
    dates = sorted({coverage.cej_end for coverage in located if coverage.cej_end})
    position, height = _projection([coverage.commune for coverage in located])
    most = max((coverage.commune.population or 0) for coverage in located) or 1
    circles = []
    for coverage in located:
        share = (coverage.commune.population or 0) / most
        radius = max(LARGEST_RADIUS * math.sqrt(share), SMALLEST_RADIUS)
        style = min(dates.index(coverage.cej_end) + 1, STYLES) if coverage.cej_end else 0
        x, y = position(coverage.commune)
        circles.append(Circle(coverage.commune, x, y, round(radius, 1), style))
    circles.sort(key=lambda circle: (-circle.radius, circle.commune.insee_code))
    _place_labels(circles, height, here)
    return TerritoryMap(WIDTH, height, circles, dates)


def _projection(communes):
    """Return the function that maps a commune to its point, and the height of the drawing."""
    mean_latitude = sum(commune.latitude for commune in communes) / len(communes)
    squeeze = math.cos(math.radians(mean_latitude))
    xs = [commune.longitude * squeeze for commune in communes]
    ys = [commune.latitude for commune in communes]
    span_x, span_y = max(xs) - min(xs), max(ys) - min(ys)
    inner = WIDTH - 2 * MARGIN
    # A single commune, or several in a line: any scale does.
    scale = min(inner / span_x if span_x else math.inf, inner / span_y if span_y else math.inf)
    scale = scale if math.isfinite(scale) else 1
    height = round(span_y * scale + 2 * MARGIN)
    offset_x = (WIDTH - span_x * scale) / 2

    def position(commune):
        x = offset_x + (commune.longitude * squeeze - min(xs)) * scale
        y = MARGIN + (max(ys) - commune.latitude) * scale
        return round(x, 1), round(y, 1)

    return position, height


class Extent(NamedTuple):
    """The rectangle that a circle or a name takes of the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Extent") -> bool:
        """Return whether two rectangles have an area in common; edges that touch have none."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def _place_labels(circles: list[Circle], height: int, here: Commune | None) -> None:
    """Set the labels of the circles, ``here`` first, then the largest, where they overlap no other
    label or circle and stay within the drawing."""
    taken = {
        id(c): Extent(c.x - c.radius, c.y - c.radius, c.x + c.radius, c.y + c.radius)
        for c in circles
    }
    for circle in sorted(circles, key=lambda circle: circle.commune != here):
        others = [box for key, box in taken.items() if key != id(circle)]
        width = len(circle.commune.name) * CHARACTER_WIDTH
        spots = []
        for x, y, anchor in _label_spots(circle):
            left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
            box = Extent(left, y - LABEL_HEIGHT * 0.8, left + width, y + LABEL_HEIGHT * 0.3)
            if box.left >= 0 and box.right <= WIDTH and box.top >= 0 and box.bottom <= height:
                spots.append(((x, y, anchor), box))
        free = [(spot, box) for spot, box in spots if not any(box.overlaps(o) for o in others)]
        if chosen := free or (spots if circle.commune == here else []):
            (x, y, anchor), taken[id(circle), "label"] = chosen[0]
            circle.label = (round(x, 1), round(y, 1), anchor)


def _label_spots(circle: Circle) -> Iterator[tuple[float, float, str]]:
    """Yield the places for a circle's name, best first: x, y, and which end of the text is there
    (SVG ``text-anchor``)."""
    gap = circle.radius + 4
    yield circle.x + gap, circle.y + 4, "start"
    yield circle.x - gap, circle.y + 4, "end"
    yield circle.x, circle.y - gap, "middle"
    yield circle.x, circle.y + gap + 10, "middle"
    slant = circle.radius * 0.7 + 3
    yield circle.x + slant, circle.y - slant, "start"
    yield circle.x + slant, circle.y + slant + 10, "start"
    yield circle.x - slant, circle.y - slant, "end"
    yield circle.x - slant, circle.y + slant + 10, "end"
