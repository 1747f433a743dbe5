"""The outlines of communes, from the files of their départements, as lean paths of a drawing.

Each file of ``conventions/data/contours`` holds the borders of a département's communes (``arcs``,
steps in whole numbers of ``transform``) and, of each commune, the rings that they make. A border
is drawn the same for both its sides: it is made simpler once. Metropolitan files share a
projection, in metres; each of the others has its own.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from conventions.territory.departments import department_of

FOLDER = Path(__file__).parent.parent / "data" / "contours"
SOURCE = (
    "Contours : IGN, Admin Express COG 2018, par france-geojson, réunis en communes de 2026 et "
    "simplifiés ; Licence Ouverte."
)
WIDTH, TALLEST, MARGIN = 760, 900, 8
# The smallest triangle that a point must make to stay, in square units; more where the paths of
# many communes would weigh too much.
FINEST, HEAVIEST = 3.0, 11_200

Point = tuple[float, float]


@dataclass(frozen=True)
class Outlines:
    """A drawing of ``width`` × ``height`` units: by code Insee, a path and where a name stands."""

    width: int
    height: int
    paths: dict[str, str]
    centres: dict[str, Point]


@lru_cache(maxsize=24)
def _read(department: str) -> dict[str, Any]:
    """Return the decoded file of a département: ``communes``, ``arcs``, ``transform``; all empty
    where there is no file."""
    file = FOLDER / f"{department}.json.gz"
    if not department.isalnum() or not file.is_file():
        return {"communes": {}, "arcs": [], "transform": {"scale": [1, 1], "translate": [0, 0]}}
    return json.loads(gzip.decompress(file.read_bytes()))


@lru_cache(maxsize=64)
def outlines_of(codes: frozenset[str]) -> Outlines | None:
    """Return a drawing of the communes that have an outline, in the projection of most of them;
    None where none has. Simplify it until its paths are light enough."""
    known = [code for code in sorted(codes) if code in _read(department_of(code))["communes"]]
    if not known:
        return None
    # One projection for the drawing: that of most of them.
    most = Counter(map(_projection, known)).most_common(1)[0][0]
    rings = {code: _rings(code) for code in known if _projection(code) == most}
    borders = _borders(rings)
    xs = [x for points in borders.values() for x, _ in points]
    ys = [y for points in borders.values() for _, y in points]
    left, top = min(xs), max(ys)
    wide, high = max(xs) - left or 1, top - min(ys) or 1
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
    aside = (WIDTH - wide * scale) / 2
    placed = {
        key: [(aside + (x - left) * scale, MARGIN + (top - y) * scale) for x, y in points]
        for key, points in borders.items()
    }
    tolerance = FINEST
    while True:
        drawn = {key: _simplify(points, tolerance) for key, points in placed.items()}
        paths = {code: _paths(own, drawn) for code, own in rings.items()}
        if sum(map(len, paths.values())) <= HEAVIEST or tolerance > FINEST * 100:
            break
        tolerance *= 1.2
    centres = {
        code: _centre(max((_ring(ring, drawn) for ring in own), key=lambda r: abs(_area(r))))
        for code, own in rings.items()
    }
    return Outlines(WIDTH, round(high * scale + 2 * MARGIN), paths, centres)


def has_outline(code: str) -> bool:
    """Return whether a map can draw a commune."""
    return code in _read(department_of(code))["communes"]


def area_of(code: str) -> float | None:
    """Return the area of a commune in km², from its outline; None without one."""
    return _areas(department_of(code)).get(code)


@cache
def _areas(department: str) -> dict[str, float]:
    """Map the code of each commune of a département to its area in km², cached."""
    codes = list(_read(department)["communes"])
    rings = {code: _rings(code) for code in codes}
    borders = _borders(rings)
    return {code: abs(sum(_area(_ring(ring, borders)) for ring in rings[code])) / 1e6
            for code in codes}  # fmt: skip


def _projection(code: str) -> str:
    """Return the name of a commune's projection: that of metropolitan France, or the overseas
    département's own."""
    department = department_of(code)
    return department if len(department) == 3 else "metropolitan"


Border = tuple[str, int]  # of which département, at which place
Ring = list[tuple[Border, bool]]  # whether each border is followed backwards


def _rings(code: str) -> list[Ring]:
    """Return the rings of a commune, lists of borders with whether they are followed backwards."""
    department = department_of(code)
    return [
        [((department, at if at >= 0 else ~at), at < 0) for at in ring]
        for polygon in _read(department)["communes"][code]
        for ring in polygon
    ]


def _borders(rings: dict[str, list[Ring]]) -> dict[Border, list[Point]]:
    """Map every border of these communes' rings to its points, in metres."""
    points_by_border = {}
    for own in rings.values():
        for ring in own:
            for (department, at), _ in ring:
                if (department, at) not in points_by_border:
                    points_by_border[department, at] = _points(department, at)
    return points_by_border


def _points(department: str, at: int) -> list[Point]:
    """Return the points of a border of a département's file, steps added up and scaled."""
    file = _read(department)
    (sx, sy), (tx, ty) = file["transform"]["scale"], file["transform"]["translate"]
    x = y = 0
    points = []
    for dx, dy in file["arcs"][at]:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def _simplify(points: list[Point], tolerance: float) -> list[tuple[int, int]]:
    """Return fewer points in whole units, by Visvalingam's simplification, pass by pass: points
    that make small triangles with their neighbours go, never two neighbours at once. A closed
    border keeps a triangle."""
    remaining, least = list(points), 4 if points[0] == points[-1] else 2
    while len(remaining) > least:
        passed = [remaining[0]]
        has_dropped, may_drop = False, len(remaining) - least
        for at in range(1, len(remaining) - 1):
            is_small = abs(_area([passed[-1], remaining[at], remaining[at + 1]])) <= tolerance
            if is_small and not has_dropped and may_drop:
                has_dropped, may_drop = True, may_drop - 1
            else:
                passed.append(remaining[at])
                has_dropped = False
        passed.append(remaining[-1])
        if len(passed) == len(remaining):
            break
        remaining = passed
    return [(round(x), round(y)) for x, y in remaining]


def _ring(ring: Ring, drawn: dict[Border, list[Point]]) -> list[Point]:
    """Return the points of a ring, its drawn borders joined."""
    points = []
    for border, is_backwards in ring:
        own = drawn[border][::-1] if is_backwards else drawn[border]
        points += own[1 if points else 0 :]
    return points


def _paths(rings: list[Ring], drawn: dict[Border, list[Point]]) -> str:
    """Return the SVG path of a commune; a small mark where simplification leaves nothing of it."""
    path = "".join(_path(_ring(ring, drawn)) for ring in rings)
    if path:
        return path
    x, y = _ring(rings[0], drawn)[0]
    return f"M{x - 2} {y + 2}l4 0-2-4z"


def _path(points: Iterable[tuple[int, int]]) -> str:
    """Return a ring as a closed relative SVG path, without repeated points; empty for less than a
    triangle."""
    (x, y), *others = points
    start, steps = f"M{x} {y}l", []
    for next_x, next_y in others:
        if (next_x, next_y) != (x, y):
            # A number below zero needs no space before.
            step = f"{next_x - x} {next_y - y}".replace(" -", "-")
            steps.append(step if not steps or step.startswith("-") else f" {step}")
            x, y = next_x, next_y
    return f"{start}{''.join(steps)}z" if len(steps) > 2 else ""


def _area(ring: list[Point]) -> float:
    """Return the signed area of a ring, by the shoelace formula."""
    closed = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(a * d - c * b for (a, b), (c, d) in closed) / 2


def _centre(ring: list[Point]) -> Point:
    """Return the rounded centroid of a ring; of a flat one, its first point."""
    area = _area(ring)
    if not area:
        return ring[0]
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    x = sum((a + c) * (a * d - c * b) for (a, b), (c, d) in pairs) / (6 * area)
    y = sum((b + d) * (a * d - c * b) for (a, b), (c, d) in pairs) / (6 * area)
    return round(x), round(y)
