"""Where the texts of a drawing stand so that they cover neither each other nor a line."""

from collections.abc import Iterator
from dataclasses import dataclass

WIDTH, FLOOR = 300, 112
FONT = 10
DIGIT = 5.3  # the width of a digit, measured on the typeface of documents


# A straight line, from one point (x, y) to another.
Segment = tuple[tuple[float, float], tuple[float, float]]


def format_coordinate(number: float) -> str:
    """Return a coordinate with one decimal at most, which no local format changes."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class ChartMark:
    """A text or a point at its place. ``kind``: value, partial, baseline, sign, year, target."""

    x: str
    y: str
    text: str = ""
    kind: str = "value"
    anchor: str = "middle"


@dataclass(frozen=True)
class Box:
    """A rectangle that a text or a point covers; ``top`` is the smaller number."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Return whether two boxes overlap; edges that only touch do not."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_crossed_by(self, segment: Segment) -> bool:
        """Return whether a straight line between two points passes through the box."""
        (x1, y1), (x2, y2) = sorted(segment)
        left, right = max(self.left, x1), min(self.right, x2)
        if left > right:
            return False
        slope = (y2 - y1) / (x2 - x1) if x2 > x1 else 0.0
        heights = sorted((y1 + (left - x1) * slope, y1 + (right - x1) * slope))
        return heights[0] < self.bottom and self.top < heights[1]


class Labels:
    """Finds for each text a place where it covers nothing: above its point, below, further off."""

    def __init__(self, segments: list[Segment]):
        self.segments = segments
        self.taken: list[Box] = []

    def place_label(self, x: float, y: float, text: str, kind: str = "value") -> ChartMark:
        """Return a text at the best place near a point, and keep that place from later texts."""
        half = len(text) * DIGIT / 2 + 1
        x, y = min(self._candidates(x, y, half), key=lambda spot: self._cost(*spot, half, (x, y)))
        self.taken.append(self._box(x, y, half))
        return ChartMark(format_coordinate(x), format_coordinate(y), text, kind)

    @staticmethod
    def _candidates(x: float, y: float, half: float) -> Iterator[tuple[float, float]]:
        """Yield where a text may stand: above, below, aside, then further off; never cut at the
        edge."""
        aside = half + 5
        for dx, dy in [(0, -7), (0, 14), (aside, -5), (-aside, -5), (aside, 11), (-aside, 11),
                       (0, -13), (0, 20), (0, -19), (0, 26)]:  # fmt: skip
            yield min(max(x + dx, half + 1), WIDTH - half - 1), y + dy

    def reserve(self, x: float, y: float, half: float) -> None:
        """Keep a square around a point, ``half`` its side, from later texts."""
        self.taken.append(Box(x - half, y - half, x + half, y + half))

    def _box(self, x: float, baseline: float, half: float) -> Box:
        """Return the box of a text written on a baseline, ``half`` its width on either side."""
        return Box(x - half, baseline - FONT * 1.0, x + half, baseline + 3)

    def _cost(self, x: float, baseline: float, half: float, point: tuple[float, float]) -> float:
        """Return how bad a place for a text is, the least the best: outside the drawing, then over
        another text or a point, across a line, far from its own point."""
        box = self._box(x, baseline, half)
        outside = box.top < 2 or box.bottom > FLOOR - 1
        covered = sum(box.meets(other) for other in self.taken)
        crossed = sum(box.is_crossed_by(segment) for segment in self.segments)
        far = abs(baseline - point[1]) + abs(x - point[0])
        return outside * 100 + covered * 20 + crossed * 10 + far / 10
