"""Maps of communes by their outlines, with their names where there is room for them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from conventions.territory.map import CHARACTER_WIDTH, LABEL_HEIGHT, STYLES, Extent, TerritoryMap
from conventions.territory.map import territory_map as circles_of
from conventions.territory.models import Commune, Coverage
from conventions.territory.outlines import SOURCE, Outlines, outlines_of

NAMES, MAJOR_NAMES = 14, 4
ON_TELEPHONES = 1.9  # how much larger a major name is written there


@dataclass
class Area:
    """A commune on the map. ``style`` as that of a circle; ``x``, ``y``: where its name stands,
    always written (``is_named``) or for who points at it; ``is_major``: on telephones too."""

    commune: Commune
    path: str
    x: float
    y: float
    style: int = 0
    is_named: bool = False
    is_major: bool = False


@dataclass(frozen=True)
class AreaMap:
    """A drawing of ``width`` × ``height`` units. ``without``: the communes without an outline."""

    width: int
    height: int
    areas: list[Area]
    dates: list[datetime.date]
    without: list[Commune] = field(default_factory=list)
    source: str = SOURCE

    @property
    def has_undated(self) -> bool:
        """Whether some communes have a CEJ date and others none."""
        return bool(self.dates) and any(not area.style for area in self.areas)

    @property
    def marks(self) -> list[Area]:
        """The shapes that a page may colour, as ``TerritoryMap.marks``."""
        return self.areas


def draw_map(
    coverages: Iterable[Coverage], *, here: Commune | None = None
) -> AreaMap | TerritoryMap | None:
    """Return a map of the communes by their outlines, or by circles where no outline is known; None
    where no commune is located either. Always name the commune ``here``."""
    coverages = list(coverages)
    outlines = outlines_of(frozenset(coverage.commune.insee_code for coverage in coverages))
    if outlines is None:
        return circles_of(coverages, here=here)
    dates = sorted({coverage.cej_end for coverage in coverages if coverage.cej_end})
    areas, without = [], []
    for coverage in coverages:
        commune = coverage.commune
        path = outlines.paths.get(commune.insee_code)
        if path is None:
            without.append(commune)
            continue
        style = min(dates.index(coverage.cej_end) + 1, STYLES) if coverage.cej_end else 0
        x, y = outlines.centres[commune.insee_code]
        areas.append(Area(commune, path, x, y, style))
    _name(areas, outlines, here)
    return AreaMap(outlines.width, outlines.height, areas, dates, without)


def _name(areas: list[Area], outlines: Outlines, here: Commune | None) -> None:
    """Set ``is_named`` and ``is_major`` of the areas: ``here``, then the most populous communes
    whose names overlap no other."""
    taken: list[Extent] = []
    largest: list[Extent] = []
    ordered = sorted(
        areas, key=lambda area: (area.commune != here, -(area.commune.population or 0))
    )
    for area in ordered:
        is_here = area.commune == here
        half = len(area.commune.name) * CHARACTER_WIDTH / 2
        if half * 2 < outlines.width:
            area.x = round(min(max(area.x, half), outlines.width - half))
        box = _extent(area, half, 1)
        if len(taken) < NAMES and (is_here or not any(map(box.overlaps, taken))):
            area.is_named = True
            taken.append(box)
            box = _extent(area, half, ON_TELEPHONES)
            fits = box.left >= 0 and box.right <= outlines.width
            is_free = fits and not any(map(box.overlaps, largest))
            if is_here or (len(largest) < MAJOR_NAMES and is_free):
                area.is_major = True
                largest.append(box)


def _extent(area: Area, half: float, times: float) -> Extent:
    """Return the rectangle of an area's name of half width ``half``, enlarged ``times`` times."""
    height = LABEL_HEIGHT * times
    return Extent(
        area.x - half * times, area.y - height * 0.8, area.x + half * times, area.y + height * 0.3
    )
