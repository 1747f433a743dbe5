"""What of a theme stands in « L’essentiel »: chosen by its height, whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ctg_portal.templatetags.french import enumerate_words, plural
from evaluation.report.content import (
    CaptionedChart,
    FigureCell,
    IndicatorRow,
    ReportAxis,
    ReportContent,
    ReportObjective,
    ReportTheme,
)
from evaluation.report.essential.heights import (
    ACTIONS,
    AROUND,
    CAPTIONS,
    DRAWINGS,
    HEADING,
    HEADINGS,
    LEAD,
    LEADS,
    LINE,
    OBJECTIVES,
    PADDING,
    ROW,
    SMALL,
    SMALLS,
    STATES,
    TABLE,
    TITLES,
    extract,
    lines,
    text_height,
)
from evaluation.year.action_lines import ActionLine
from indicators.series.mentions import merge_mentions

YEARS = 3
MOVED = ("progress", "setback")
Sources = dict[tuple[str, str], list[str]]  # by theme and indicator


@dataclass(frozen=True)
class EssentialRow:
    """An indicator, with its last figures alone."""

    row: IndicatorRow
    figures: list[FigureCell]
    sources: list[str]

    @property
    def height(self) -> float:
        title, beside = lines(self.row.title, TITLES), f"{self.row.unit} · {self.row.movement}"
        return PADDING + ROW * (title + lines(beside, TITLES))


@dataclass(frozen=True)
class ThemeBlock:
    """What is told of a theme: the beginning of its text, some of its ``rows``, ``objectives``,
    ``actions`` and ``drawings``. ``rest``: what of it stands in the whole document alone."""

    axis: ReportAxis
    theme: ReportTheme
    axis_word: str
    years: list[int]
    text: str = ""
    rows: tuple[EssentialRow, ...] = ()
    objectives: tuple[ReportObjective, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    drawings: tuple[CaptionedChart, ...] = ()

    @property
    def title(self) -> str:
        theme = self.theme
        return f"{theme.number} {theme.title}".strip() if theme.title else self.axis.title

    @property
    def above(self) -> str:
        """The axis, above the title of the theme."""
        mark = f"{self.axis_word}\u00a0{self.axis.mark}"
        return f"{mark}. {self.axis.title}" if self.theme.title else mark

    @property
    def small_print(self) -> str:
        """The sources of the figures, and the signs that stand for some."""
        sources = merge_mentions(source for row in self.rows for source in row.sources)
        return " ; ".join(one.rstrip(".") for one in [*sources, *self.theme.signs])

    @property
    def rest(self) -> str:
        left = [
            (len(self.theme.rows) - len(self.rows), "indicateur,indicateurs"),
            (len(self.theme.actions) - len(self.actions), "action,actions"),
        ]
        told = [plural(count, forms) for count, forms in left if count]
        if self.theme.narrative and self.text != self.theme.narrative.strip():
            told = [
                "la suite du texte" if self.text else "le texte",
                *told,
            ]
        return f"Dans le document entier : {enumerate_words(told)}." if told else ""

    @property
    def drawings_by_two(self) -> list[tuple[CaptionedChart, ...]]:
        return [self.drawings[n : n + 2] for n in range(0, len(self.drawings), 2)]

    @property
    def height(self) -> float:
        told = AROUND + SMALL * lines(self.above, HEADINGS) + HEADING * lines(self.title, HEADINGS)
        told += LEAD * lines(self.theme.lead, LEADS) + 4 + text_height(self.text)
        if self.objectives:
            told += 10 + sum(map(_objective_height, self.objectives))
        if self.rows:
            told += TABLE + sum(row.height for row in self.rows)
            told += SMALL * lines(self.small_print, SMALLS) + 3
        if self.actions:
            told += TABLE + sum(map(_action_height, self.actions))
        told += sum(_drawings_height(pair) for pair in self.drawings_by_two)
        return told + (SMALL * lines(self.rest, SMALLS) + 2 if self.rest else 0)

    def with_more(self, name: str, found: Sequence, room: float, order: Sequence) -> "ThemeBlock":
        """With those of ``found``, one by one, that there is room for; they stand in ``order``."""
        block = self
        for one in found:
            told = getattr(block, name)
            if one not in told:
                larger = replace(block, **{name: tuple(sorted([*told, one], key=order.index))})
                block = larger if larger.height <= room else block
        return block


def _objective_height(one: ReportObjective) -> float:
    told = f"{one.code} {one.title} {one.appreciation}"
    return LINE * lines(told, OBJECTIVES) + 1


def _action_height(one: ActionLine) -> float:
    title = lines(f"{one.number} {one.title}", ACTIONS)
    return PADDING + ROW * max(title, lines(f"{one.state} {one.late_word}", STATES))


def _drawings_height(drawings: Sequence[CaptionedChart]) -> float:
    captions = max(lines(one.caption, CAPTIONS) for one in drawings)
    sources = max(lines(one.source, SMALLS // 2) for one in drawings)
    return DRAWINGS + ROW * captions + SMALL * sources


def block_of(
    axis: ReportAxis, theme: ReportTheme, content: ReportContent, room: float, sources: Sources
) -> ThemeBlock:
    """What there is room for of a theme: the beginning of its text, its indicators, those that
    moved first, what became of its objectives, its actions, drawings; none takes all of it."""
    block = ThemeBlock(axis, theme, content.words.axis, theme.columns.years[-YEARS:])
    rows = [
        EssentialRow(
            row, row.figures[-YEARS:], sources.get((theme.title, row.title), theme.sources)
        )
        for row in theme.rows
    ]
    moved = sorted(rows, key=lambda one: one.row.movement_kind not in MOVED)
    appreciated = [one for one in [*theme.signed, *theme.committee] if one.appreciation]
    telling = sorted(theme.actions, key=lambda one: not (one.is_late or one.percent == 100))
    block = replace(block, text=extract(theme.narrative, (room - block.height) * 0.4))
    block = block.with_more("rows", moved, room * 0.7, rows)
    block = block.with_more("objectives", appreciated, room * 0.8, appreciated)
    block = block.with_more("actions", telling, room * 0.9, theme.actions)
    block = block.with_more("rows", moved, room, rows)
    drawings = _drawings_of(block)
    block = block.with_more("drawings", drawings, room, drawings)
    block = block.with_more("actions", telling, room, theme.actions)
    free = room - block.height + text_height(block.text)
    return replace(block, text=extract(theme.narrative, free))


def _drawings_of(block: ThemeBlock) -> list[CaptionedChart]:
    """Those of the indicators that are told."""
    titles = tuple(one.row.title[:60] for one in block.rows)
    return [one for one in block.theme.drawings if one.caption.startswith(titles)]


def sources_of(content: ReportContent) -> Sources:
    """Of each indicator in a theme, the sources of its last figures."""
    found = defaultdict(dict)
    for line in content.data:
        if line.source and (content.figures_year or 0) - line.year < YEARS:
            found[line.theme, line.indicator][line.source] = True
    return {key: merge_mentions(sources) for key, sources in found.items()}
