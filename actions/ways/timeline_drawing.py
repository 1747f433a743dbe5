"""Draw a calendar: bars in time with milestones on them; places are in units of the drawing.

Shapes of the same look are one path, so that 300 actions stay a light page. Texts have a column or
a line of their own and are cut to its width: none can cover another, or a bar.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ctg_portal.text.typography import polish

WIDTH = 960
LEFT, RIGHT = 376, 952  # where time begins and ends, right of the labels
GUTTER = 18  # between a label and the first day
TOP = 52  # beneath the lines for the term, today and the years
LINE, GAP = 16, 12  # a line of a label, and the room between two rows
BAR, TIP = 12, 8
SHORTEST, SHORTEST_OPEN = 3, 16
FONT = 13
LINES = 2  # of a label
YEAR_ROOM = 46  # the width of the four digits of a year
BEYOND = 3  # years shown at most before and after the term of the convention
STEPS = [1, 2, 5, 10, 20, 50, 100, 1000]
DAY = datetime.timedelta(days=1)
BREAKS = re.compile(r"[ \t\r\n]+")  # not the spaces that hold words together

# The width of letters in the widest of the typefaces that a browser may take, in ems.
NARROW, WIDE = set("iljtfrI.,:;'’ !|()-"), set("mwMWŒœÆ—…%@")


def text_width(text: str) -> float:
    """Return the largest width that a text may have in a browser, in units of the drawing."""

    def em(letter: str) -> float:
        if letter in NARROW:
            return 0.42
        if letter in WIDE:
            return 1.0
        return 0.78 if letter.isupper() else 0.64

    return FONT * sum(map(em, text))


def wrap_text(text: str, room: float, lines: int = LINES) -> list[str]:
    """Wrap a text to ``lines`` lines at most, each within ``room``; « … » ends what is cut."""
    words, wrapped_lines = BREAKS.split(polish(text.strip())), []
    while words and len(wrapped_lines) < lines:
        is_last, count = len(wrapped_lines) == lines - 1, len(words)
        line = " ".join(words)
        while count > 1 and text_width(line) > room:
            count -= 1
            line = " ".join(words[:count]) + ("…" if is_last else "")
        wrapped_lines.append(_cut(line, room))
        words = words[count:]
    return wrapped_lines


def _cut(line: str, room: float) -> str:
    """Return a line cut to ``room``, with « … » where even one word is too long."""
    if text_width(line) <= room:
        return line
    while text_width(f"{line}…") > room:
        line = line[:-1]
    return f"{line}…"


@dataclass(frozen=True)
class PlacedText:
    """A text at its place."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Scale:
    """Maps days to places on the drawing: whole years, from ``first`` to ``last``."""

    first: int
    last: int
    term: tuple[datetime.date | None, datetime.date]
    today: datetime.date

    @classmethod
    def of(cls, rows: Iterable, convention, today: datetime.date) -> "Scale":
        """Return the scale of the term of the convention and of all dated rows; days far from the
        term are left out, and their bars go on beyond the drawing."""
        term = (convention.start, convention.end)
        begin, end = (day.year for day in (convention.start or convention.end, convention.end))
        lowest = max(begin - BEYOND, datetime.MINYEAR)
        highest = min(end + BEYOND, datetime.MAXYEAR - 1)
        years = [min(begin, highest), min(end, highest)]
        for row in rows:
            days = [row.action.starts_on, row.action.ends_on, *(mark.day for mark in row.marks)]
            years += [min(max(day.year, lowest), highest) for day in days if day]
        if lowest <= today.year <= highest:
            years.append(today.year)
        return cls(min(years), max(years), term, today)

    def contains(self, day: datetime.date) -> bool:
        """Return whether a day lies in the years of the scale."""
        return self.first <= day.year <= self.last

    def x(self, day: datetime.date) -> float:
        """Return the place where a day begins; the edge for one outside the scale."""
        begin = datetime.date(self.first, 1, 1)
        whole = (datetime.date(self.last + 1, 1, 1) - begin).days
        share = min(max((day - begin).days / whole, 0), 1)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def end_x(self, day: datetime.date) -> float:
        """Return the place where a day ends."""
        return self.x(day + DAY) if self.contains(day) else self.x(day)

    @property
    def years(self) -> list[PlacedText]:
        """The labels of as many years as fit side by side, each where it begins."""
        year_width = (RIGHT - LEFT) / (self.last - self.first + 1)
        step = next(step for step in STEPS if step * year_width >= min(YEAR_ROOM, RIGHT - LEFT))
        return [
            PlacedText(self.x(datetime.date(year, 1, 1)) + 3, TOP - 6, str(year))
            for year in range(self.first, self.last + 1, step)
        ]

    def line_label(self, day: datetime.date, text: str, y: float) -> PlacedText | None:
        """Return the label of a vertical line, beside it near an edge; None outside."""
        if not self.contains(day):
            return None
        x, half = self.end_x(day), text_width(text) / 2
        if x - half < LEFT:
            return PlacedText(x, y, text)
        return PlacedText(x, y, text, "end" if x + half > WIDTH else "middle")


class TimelineDrawing:
    """The rows of one axis as paths and texts, for ``actions/ways/timeline_drawing.html``."""

    width, left, right, top = WIDTH, LEFT, RIGHT, TOP

    def __init__(self, rows: list, scale: Scale):
        self.scale, self.labels, self.count = scale, [], len(rows)
        self._paths: dict[str, list[str]] = defaultdict(list)
        y = float(TOP + GAP / 2)
        for row in rows:
            sign = "! " if row.late else ""
            lines = wrap_text(f"{sign}{row.action.number} {row.action.title}", LEFT - GUTTER)
            baseline = y + LINE - 4
            self.labels += [
                PlacedText(0, baseline + n * LINE, line) for n, line in enumerate(lines)
            ]
            middle = y + len(lines) * LINE / 2
            self._draw_bar(row, middle)
            for mark in row.marks:
                if scale.contains(mark.day):
                    kind = "due" if mark.kind == "missed" else mark.kind
                    self._paths[kind].append(SHAPES[kind].format(x=scale.x(mark.day), y=middle))
            y += len(lines) * LINE + GAP
        self.height = round(y + GAP / 2)

    def _draw_bar(self, row, middle: float) -> None:
        """Add the bar of a row at the height ``middle``, with its progress unless hollow."""
        action, scale = row.action, self.scale
        goes_on = action.ends_on is None or action.ends_on.year > scale.last
        came_before = action.starts_on.year < scale.first
        shortest = SHORTEST_OPEN if goes_on or came_before else SHORTEST
        left = min(scale.x(action.starts_on), RIGHT - shortest)
        right = RIGHT if goes_on else max(scale.end_x(action.ends_on), left + shortest)
        bar = bar_shape(left, right, middle - BAR / 2, came_before, goes_on)
        self._paths["hollow" if row.is_hollow else "bar"].append(bar)
        if action.progress and not row.is_hollow:
            end = round(left + (right - left) * action.progress / 100, 1)
            self._paths["progress"].append(f"M{left} {middle - 2}H{end}v4H{left}Z")

    @property
    def paths(self) -> dict[str, str]:
        """The paths by kind: bar, hollow, progress, done, due, overdue."""
        kinds = ["bar", "hollow", "progress", "done", "due", "overdue"]
        return {kind: "".join(self._paths[kind]) for kind in kinds}

    @property
    def grid(self) -> str:
        return "".join(f"M{year.x - 3} {TOP}V{self.height}" for year in self.scale.years)

    @property
    def term(self) -> str:
        """The path of the area that is the term of the convention."""
        start, end = self.scale.term
        left, right = self.scale.x(start) if start else LEFT, self.scale.end_x(end)
        return f"M{left} {TOP}H{right}V{self.height}H{left}Z"

    @property
    def end(self) -> PlacedText | None:
        return self.scale.line_label(self.scale.term[1], "fin de la convention", 12)

    @property
    def today(self) -> PlacedText | None:
        return self.scale.line_label(self.scale.today, "aujourd’hui", 28)


SHAPES = {
    "done": "M{x} {y}m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z",
    "due": "M{x} {y}m0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5Z",
    "overdue": "M{x} {y}m0 -6.5l6.5 11.5h-13Z",
}


def bar_shape(left: float, right: float, top: float, came_before: bool, goes_on: bool) -> str:
    """Return the path of a bar, pointed where it goes on beyond the drawing."""
    begin, end = left + TIP * came_before, right - TIP * goes_on
    middle, bottom = top + BAR / 2, top + BAR
    head = f"L{right} {middle}L{end} {bottom}" if goes_on else f"V{bottom}"
    tail = f"L{left} {middle}" if came_before else ""
    return f"M{begin:.1f} {top}H{end:.1f}{head}H{begin:.1f}{tail}Z"
