"""Lay out a map on its ground, shape by shape, for the template of pages and documents."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ctg_portal.templatetags.french import typo
from indicators.by_commune.drawing import (
    CIRCLE,
    CIRCLES,
    LARGEST,
    MASKED,
    SHADE,
    ZERO,
    FigureMap,
    Ground,
    Mark,
    Place,
    Sign,
)

# Below a map of circles, the strip of its legend: a third of the width for each size.
STRIP_MARGIN = 8
BENEATH = 12
# With more communes than any intercommunalité has, links would be gone through for ever.
MOST_LINKS = 200
# On paper the legend stands within the drawing, beside the map.
LEGEND, LEGEND_LINE = 390, 42


@dataclass(frozen=True)
class Area:
    """The outline of a commune, and its figure for who points at it."""

    code: str
    path: str
    label: str


@dataclass(frozen=True)
class AreaGroup:
    """Communes drawn alike, by name. ``looks``: class and fill, as HTML attributes; ``words``:
    those of the legend, empty for communes with a circle."""

    words: str
    looks: SafeString
    areas: list[Area]


@dataclass(frozen=True)
class Circle:
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Size:
    """A circle of the legend, with its figure beside it."""

    x: float
    y: float
    radius: float
    text_x: float
    words: str


@dataclass(frozen=True)
class LegendLine:
    """A line of the legend on paper; ``x``, ``y``: the upper left of its sign."""

    x: int
    y: int
    sign: Sign


@dataclass(frozen=True)
class Drawing:
    """A map laid out for its template. ``base``: the address of communes' pages, before their code;
    empty for no links. ``is_paper``: smaller, legend inside, nothing to point at. ``key``: tells it
    from other drawings of the page; ``shared``: the key of outlines that the page holds for all,
    empty if it draws its own; ``own_name``: the commune to highlight."""

    ground: Ground
    map: FigureMap
    base: str = ""
    key: str = "carte"
    shared: str = ""
    is_paper: bool = False
    own_name: str = ""

    @property
    def width(self) -> int:
        return self.ground.width + (LEGEND if self.legend_lines else 0)

    @property
    def height(self) -> int:
        return self.ground.height + self._strip

    @cached_property
    def _drawn(self) -> list[tuple[Place, Mark]]:
        """Each mark with the outline of its commune; communes without an outline are left out."""
        places = {place.code: place for place in self.ground.places}
        return [(places[m.code], m) for m in self.map.marks if m.code in places]

    @property
    def links(self) -> str:
        """``base``, or empty if there are more communes than one tabs through."""
        return self.base if len(self.ground.places) <= MOST_LINKS else ""

    @property
    def groups(self) -> list[AreaGroup]:
        """The outlines by how they are drawn, in the legend's order, those under circles first."""
        legend_words = {(s.kind, s.rank): s.words for s in self.map.legend if s.kind != CIRCLE}
        areas_by_kind: dict[tuple[str, int], list[Area]] = {(CIRCLE, 0): []} | {
            key: [] for key in legend_words
        }
        for place, mark in self._drawn:
            area = Area(place.code, place.path, typo(f"{place.name} : {mark.words}"))
            areas_by_kind.setdefault((mark.kind, mark.rank), []).append(area)
        return [
            AreaGroup(legend_words.get(key, ""), self._looks(*key), areas)
            for key, areas in areas_by_kind.items()
            if areas
        ]

    def _looks(self, kind: str, rank: int) -> SafeString:
        """Return class and fill of a group as HTML attributes; empty if it is left blank."""
        if kind == SHADE:
            return format_html(' class="k{}" fill="{}"', rank, self.map.fills[rank - 1])
        if kind == MASKED:
            return format_html(' class="masked" fill="url(#{}-h)"', self.key)
        return SafeString()

    @property
    def fill(self) -> str:
        return CIRCLES

    @property
    def circles(self) -> list[Circle]:
        """The circles above zero, the largest first, so that none hides a smaller one."""
        return sorted(self._drawn_as(CIRCLE), key=lambda circle: -circle.radius)

    @property
    def zeros(self) -> list[Circle]:
        return self._drawn_as(ZERO)

    def _drawn_as(self, kind: str) -> list[Circle]:
        """Return a circle for each commune marked by this ``kind`` (``CIRCLE``, ``ZERO``)."""
        drawn = [(place, mark) for place, mark in self._drawn if mark.kind == kind]
        return [Circle(place.x, place.y, mark.radius) for place, mark in drawn]

    @cached_property
    def _radii(self) -> dict[str, float]:
        return {mark.code: mark.radius for _, mark in self._drawn}

    @property
    def names(self) -> list[Place]:
        """The communes to name, but the highlighted one: the most populated, fewer on paper."""
        return [
            self._named(place)
            for place in self.ground.places
            if (place.is_major if self.is_paper else place.is_named)
            and place.code in self._radii
            and place.name != self.own_name
        ]

    @property
    def own(self) -> list[Place]:
        """The commune ``own_name`` as a list of one; empty if it has no mark or no outline."""
        places = [place for place in self.ground.places if place.name == self.own_name]
        return [self._named(place) for place in places if place.code in self._radii]

    def _named(self, place: Place) -> Place:
        """Return the place moved to where its name stands: beneath its circle, if it has one."""
        radius = self._radii[place.code]
        return replace(place, y=round(place.y + radius + BENEATH)) if radius else place

    @property
    def layers(self) -> tuple[bool, ...]:
        """Whether each layer of names is a halo: two on paper, which knows no ``paint-order``."""
        return (True, False) if self.is_paper else (False,)

    @cached_property
    def legend_lines(self) -> list[LegendLine]:
        """The legend on paper, from above, without the sizes of circles; empty on a page."""
        signs = [sign for sign in self.map.legend if sign.kind != CIRCLE] if self.is_paper else []
        return [
            LegendLine(self.ground.width + 20, 20 + at * LEGEND_LINE, sign)
            for at, sign in enumerate(signs)
        ]

    @property
    def _size_signs(self) -> list[Sign]:
        return [sign for sign in self.map.legend if sign.kind == CIRCLE]

    @property
    def _strip(self) -> int:
        """The height below the map for the sizes of circles; 0 without any."""
        radii = [sign.radius for sign in self._size_signs]
        return round(2 * (max(radii) + STRIP_MARGIN)) if radii else 0

    @cached_property
    def sizes(self) -> list[Size]:
        """The circles of the legend, placed side by side in the strip below the map."""
        middle, third = self.ground.height + self._strip / 2, self.ground.width / 3
        return [
            Size(round(LARGEST + 10 + at * third), middle, sign.radius,
                 round(LARGEST + 10 + at * third + sign.radius + 8), sign.words)
            for at, sign in enumerate(self._size_signs)
        ]  # fmt: skip
