"""Read each indicator of a report as a story: its figures as numbers, from the baseline to the
target, how it moved, and whether it is drawn, given as a number, or one line of context."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import NamedTuple

from ctg_portal.templatetags.french import number, unit_of
from evaluation.report.content import IndicatorRow, ReportAxis, ReportContent, ReportTheme
from indicators.series.lines import FigureLine
from indicators.series.mentions import merge_mentions
from indicators.statistics.source import shorten_mention

DRAWN_FROM = 3  # figures
MOVED = {"progress": "▲", "setback": "▼", "stable": "="}
CLASSES = {"progress": "ok", "setback": "bad", "stable": "mute"}
BREAK, ROUNDED, PARTIAL = "rupture de série", "arrondi", "partiel"
MINUS, NARROW = "−", "\u202f"


@dataclass(frozen=True)
class Point:
    """The figure of a year; ``value`` is None where there is no number, then ``text`` is the word
    why."""

    year: int
    value: Decimal | None
    text: str
    notes: str = ""

    @property
    def is_break(self) -> bool:
        return BREAK in self.notes

    @property
    def number(self) -> "Number | None":
        """The figure as a number; None where there is none."""
        if self.value is None:
            return None
        is_exact = ROUNDED not in self.notes and PARTIAL not in self.notes
        return Number(self.year, self.value, self.text, is_exact)


class Number(NamedTuple):
    """A figure that is a number; ``is_exact``: whether a difference may be computed from it."""

    year: int
    value: Decimal
    text: str
    is_exact: bool = True


@dataclass(frozen=True)
class Story:
    """An indicator of a theme, with the ``points`` of its years up to that of the report. ``end``:
    the last year of the convention, of a target « à terme »."""

    row: IndicatorRow
    points: list[Point]
    sources: list[str]
    colour: int
    theme_title: str
    baseline: Decimal | None = None
    baseline_year: int | None = None
    target: Decimal | None = None
    target_year: int | None = None
    is_of_term: bool = False

    @property
    def now(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def has_number(self) -> bool:
        """Whether the year of the report has a number."""
        return self.latest is not None

    @property
    def numbers(self) -> list[Number]:
        return [number for point in self.points if (number := point.number)]

    @property
    def latest(self) -> Number | None:
        """The number of the report's year; None without one."""
        return self.now.number if self.now else None

    @property
    def start(self) -> Number | None:
        """The baseline with its year; None without either."""
        if self.baseline is None or not self.baseline_year:
            return None
        words = self.row.baseline.split("\u00a0")[0] or number(self.baseline)
        return Number(self.baseline_year, self.baseline, words)

    @property
    def aim(self) -> Number | None:
        """The target in its year, or at the end of the convention; None without either."""
        if self.target is None or self.target_year is None:
            return None
        words = self.row.target.split("\u00a0")[0] or number(self.target)
        return Number(self.target_year, self.target, words)

    @property
    def is_context(self) -> bool:
        """Whether nobody expects it to go one way."""
        kind = self.row.movement_kind
        return kind == "context" or (kind == "missing" and self.target is None)

    @property
    def is_drawn(self) -> bool:
        """Whether it has figures enough for a drawing."""
        return not self.is_context and len(self.numbers) >= DRAWN_FROM

    @property
    def text(self) -> str:
        """The figure of the year, or the word why there is none."""
        return self.now.text if self.now else ""

    @property
    def unit(self) -> str:
        """The unit as it is written after the figure; empty where there is no number."""
        return unit_of(self.latest.value, self.row.unit) if self.latest else ""

    @property
    def sign(self) -> str:
        return MOVED.get(self.row.movement_kind, "")

    @property
    def looks(self) -> str:
        """The class of how it moved."""
        return CLASSES.get(self.row.movement_kind, "mute")

    @cached_property
    def before(self) -> Number | None:
        """The last earlier number that may be compared; for the term, the baseline; None without
        any, or across a break."""
        if self.is_of_term and self.start:
            return self.start
        if self.now is None or self.now.is_break:
            return None
        for point in reversed(self.points[:-1]):
            if point.number:
                return point.number
            if point.is_break:
                return None
        return self.start

    @property
    def change(self) -> str:
        """« +4 265 depuis 2022 », « stable depuis 2022 »; the words of its movement where no
        difference is given."""
        kind, before, now = self.row.movement_kind, self.before, self.latest
        if kind == "stable" and before:
            return f"stable depuis {before.year}"
        if kind not in MOVED or before is None or now is None:
            return self.row.movement
        if not (before.is_exact and now.is_exact):
            return self.row.movement
        return f"{format_difference(now.value - before.value)} depuis {before.year}"

    @property
    def short_change(self) -> str:
        """« +4 265 », without the year."""
        return self.change.partition(" depuis ")[0]

    @property
    def way(self) -> str:
        """« 71 % du chemin », « cible atteinte »; empty where no way is computed."""
        attained = self.row.attainment
        if self.row.is_reached:
            return "cible atteinte"
        if attained.endswith("%"):
            return f"{attained} du chemin"
        return f"cible {attained}" if attained else ""

    @property
    def since_first(self) -> str:
        """« −9,1 % », « +0,2 point »: the change since its first year, for a line of context; empty
        where none may be computed."""
        numbers = self.numbers
        if len(numbers) < 2 or not self.has_number or any(p.is_break for p in self.points[1:]):
            return ""
        first, last = numbers[0], numbers[-1]
        if not (first.is_exact and last.is_exact):
            return ""
        difference = last.value - first.value
        if "%" in self.row.unit:
            points = "point" if abs(difference) < 2 else "points"
            return f"{format_difference(difference)} {points}"
        if not first.value:
            return ""
        share = round(100 * difference / abs(first.value), 1)
        return f"{format_difference(share)}{NARROW}%"

    @property
    def share(self) -> float | None:
        """The part of the way to the target that the figure of the year has covered, within 0 and
        1; None where there is no way."""
        return self.share_at(self.latest.value) if self.latest else None

    def share_at(self, value: Decimal | None) -> float | None:
        """Return how far a value is on the way from baseline to target, within 0 and 1; None where
        there is no way."""
        start, target = self.baseline, self.target
        if value is None or start is None or target is None or start == target:
            return None
        return float(min(max((value - start) / (target - start), Decimal(0)), Decimal(1)))


def format_difference(value: Decimal) -> str:
    """Return « +4 265 », « −0,5 »."""
    text = number(abs(value).normalize() if value % 1 else abs(int(value)))
    return f"{MINUS if value < 0 else '+'}{text}"


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def stories_by_theme(content: ReportContent) -> dict[str, list[Story]]:
    """Return the stories of each theme, by its anchor. The lines of the data are in the order of
    the rows, all years of an indicator up to that of the report."""
    runs = _runs_of(content)
    end = last_year_of(content)
    return {
        theme.anchor: [_story(row, next(runs, []), content, axis, theme, end) for row in theme.rows]
        for axis in content.axes
        for theme in axis.themes
    }


def last_year_of(content: ReportContent) -> int | None:
    """Return the year in which the convention ends, as its term says it."""
    years = re.findall(r"\b(\d{4})\b", content.term)
    return int(years[-1]) if years else None


def _runs_of(content: ReportContent) -> Iterator[list[FigureLine]]:
    """Yield the lines of each indicator, without those of communes: the last is that of the
    report's year."""
    run: list[FigureLine] = []
    for line in content.data:
        if line.place:
            continue
        run.append(line)
        if line.year == content.figures_year:
            yield run
            run = []


def _story(
    row: IndicatorRow,
    run: list[FigureLine],
    content: ReportContent,
    axis: ReportAxis,
    theme: ReportTheme,
    end: int | None,
) -> Story:
    last = run[-1] if run else None
    points = [_point_of(line, run) for line in run] or _points_of(row, theme)
    named = f"{theme.number} {theme.title}".strip() if theme.title else axis.title
    target_year = last.target_year if last else ""
    return Story(
        row=row,
        points=points,
        sources=merge_mentions(
            shorten_mention(line.source, is_named=True) for line in run if line.value
        ),
        colour=axis.colour,
        theme_title=named,
        baseline=_decimal(last.baseline) if last else None,
        baseline_year=int(last.baseline_year) if last and last.baseline_year else None,
        target=_decimal(last.target) if last else None,
        target_year=int(target_year) if target_year.isdigit() else end,
        is_of_term=content.period.is_term,
    )


def _point_of(line: FigureLine, run: list[FigureLine]) -> Point:
    """Return the figure of a line, with as many decimals as any of its run."""
    decimals = max(len(each.value.partition(".")[2]) for each in run)
    words = number(Decimal(line.value), decimals) if line.value else line.sign
    return Point(line.year, _decimal(line.value), words, line.notes)


def _points_of(row: IndicatorRow, theme: ReportTheme) -> list[Point]:
    """Return the figures of a row of a content that was frozen before it had its data."""
    return [
        Point(year, None if cell.is_sign else parse_number(cell.text), cell.text)
        for year, cell in zip(theme.columns.years, row.figures, strict=False)
        if cell.text
    ]


def parse_number(words: str) -> Decimal | None:
    """Return the number of « ≠ 1 234,5 % »; None without one."""
    digits = re.sub(r"[^\d,−-]", "", words).replace(",", ".").replace("−", "-")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None
