"""« L’essentiel »: the same content in twelve pages at most, a theme on a page at most.

Cover, the year on one page, the themes, a last page. Themes have nine pages: one each where there
are so few of them, else as many a page as it takes, all of the same height; where even that is not
enough, a line each, and at last a line an axis. What stands of a theme is chosen by its height,
which is worked out before it is drawn: whole paragraphs, whole rows, whole drawings.
"""

import datetime
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from django.utils.functional import cached_property

from ctg_portal.templatetags.french import enumerate_words, in_words, plural
from documents.drawing.kinds import Drawn
from documents.pdf import draw_pdf, render_html
from evaluation.report.content import (
    CaptionedChart,
    FigureCell,
    GapsOf,
    IndicatorRow,
    MoneyTable,
    ReportAxis,
    ReportContent,
    ReportObjective,
    ReportTheme,
    SummaryLine,
)
from evaluation.report.data import attached_to
from evaluation.report.document import shown
from evaluation.report.marks import Mark
from evaluation.year.action_lines import ActionLine

PAGES = 12
THEME_PAGES = PAGES - 3
Sources = dict[tuple[str, str], list[str]]  # by theme and indicator
MOST_A_PAGE = 4
# Tried one after the other, should a document still be longer: by how much heights are reduced.
ROOMS = (1, 0.85, 0.7, 0.5, 0)

# Millimetres of a page. Of a block: what surrounds it; lines of a heading, of text, of a table, of
# small print; what stands around a table, around its rows; two drawings beside each other.
PAGE, AROUND = 250, 10
HEADING, LEAD, LINE, ROW, SMALL = 7, 5.9, 5.7, 4.8, 4.3
TABLE, PADDING, DRAWINGS = 17, 2.3, 45
# Characters of a line of each.
HEADINGS, LEADS, LINES, TITLES, SMALLS, CAPTIONS = 60, 92, 100, 52, 118, 48
OBJECTIVES, ACTIONS, STATES = 95, 58, 24
YEARS = 3
MOVED = ("progress", "setback")


def width(text: str) -> int:
    """In letters: those of other scripts, and emoji, take the room of two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def lines(text: str, letters: int) -> int:
    """How many lines a text takes; words end none of them early enough to matter but long ones."""
    return sum(max(ceil(width(one) * 1.06 / letters), 1) for one in text.splitlines() or [""])


# A theme ------------------------------------------------------------------------------------------


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
        sources = dict.fromkeys(source for row in self.rows for source in row.sources)
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


def text_height(markdown: str) -> float:
    paragraphs = [one for one in markdown.split("\n\n") if one.strip()]
    return sum(LINE * lines(one.strip(), LINES) + 3 for one in paragraphs)


def _objective_height(one: ReportObjective) -> float:
    told = f"{one.code} {one.title} {one.appreciation}"
    return LINE * lines(told, OBJECTIVES) + 1


def _action_height(one: ActionLine) -> float:
    title = lines(f"{one.number} {one.title}", ACTIONS)
    return PADDING + ROW * max(title, lines(f"{one.state} en retard", STATES))


def _drawings_height(drawings: Sequence[CaptionedChart]) -> float:
    captions = max(lines(one.caption, CAPTIONS) for one in drawings)
    sources = max(lines(one.source, SMALLS // 2) for one in drawings)
    return DRAWINGS + ROW * captions + SMALL * sources


def extract(markdown: str, millimetres: float) -> str:
    """The first paragraphs that there is room for, whole; images are left to the whole document."""
    taken, left = [], millimetres
    for paragraph in markdown.strip().split("\n\n"):
        if "![" in paragraph:
            continue
        left -= text_height(paragraph)
        if left < 0:
            break
        taken.append(paragraph)
    # A heading announces what follows.
    while taken and taken[-1].lstrip().startswith("#"):
        taken.pop()
    return "\n\n".join(taken)


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


# The whole of it ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Essential:
    """What of a content stands in twelve pages, ``room`` of each page being used."""

    content: ReportContent
    room: float = 1

    @property
    def title(self) -> str:
        return f"{self.content.title} : l’essentiel"

    @property
    def full_title(self) -> str:
        return f"{self.content.title}, l’essentiel – {self.content.territory}"

    @property
    def has_summary(self) -> bool:
        return "summary" in self.content.sections

    @property
    def year(self) -> ReportContent:
        """As the page of the year takes it: what it names has no place to lead to here."""
        summary = self.content.summary
        names = ("progressed", "receded", "reached", "missing", "successes", "difficulties")
        bare = {name: _unlinked(getattr(summary, name)) for name in names}
        return replace(self.content, summary=replace(summary, **bare))

    @cached_property
    def themes(self) -> list[tuple[ReportAxis, ReportTheme]]:
        return [
            (axis, theme)
            for axis in self.content.told_axes
            for theme in axis.themes
            if not theme.is_bare
        ]

    @property
    def a_page(self) -> int:
        """How many themes share a page."""
        return max(ceil(len(self.themes) / THEME_PAGES), 1)

    @cached_property
    def blocks(self) -> list[ThemeBlock]:
        """Each theme by itself; none where so many would not leave room to say something."""
        if self.a_page > MOST_A_PAGE or not self.room:
            return []
        room, sources = PAGE * self.room / self.a_page, sources_of(self.content)
        return [block_of(*one, self.content, room, sources) for one in self.themes]

    @property
    def is_by_theme(self) -> bool:
        """Whether the themes that have no place of their own have a line each."""
        height = sum(_line_height(theme.title, theme.lead) for _, theme in self.themes)
        return self.room > 0 and height <= THEME_PAGES * PAGE * self.room

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """Else a line a theme, or a line an axis: title, colour, what it comes to."""
        if self.blocks or not self.themes:
            return []
        if self.is_by_theme:
            return [
                (f"{theme.number} {theme.title or axis.title}".strip(), axis.colour, theme.lead)
                for axis, theme in self.themes
            ]
        return [(axis.title, axis.colour, axis.lead) for axis in self.content.told_axes]

    @property
    def rows_word(self) -> str:
        words = self.content.words
        return words.theme if self.is_by_theme else words.axis

    # The last page -----------------------------------------------------------------------------

    @property
    def told_how(self) -> str:
        """How themes share the pages."""
        many = self.content.words.themes.lower()
        if self.rows:
            return f"Il donne une ligne par {self.rows_word.lower()} : il y en a {len(self.rows)}."
        if self.a_page > 1:
            return (
                f"Les {len(self.themes)} {many} se partagent les pages, à raison de "
                f"{in_words(self.a_page, 'par page,par page')} au plus."
            )
        return ""

    @property
    def last_room(self) -> float:
        """What the last page has for money and for what is missing, beside what it always says."""
        return PAGE * max(self.room, 0.5) - 95 - LINE * lines(self.bare, LINES)

    @property
    def money(self) -> MoneyTable | None:
        """The first table of what was funded; its total alone where it is long."""
        means = self.content.means
        if "means" not in self.content.sections or not means.tables:
            return None
        table = means.tables[0]
        rows = sum(max(lines(row.title, 30), 1 + bool(row.spent.note)) for row in table.rows)
        is_short = ROW * rows + PADDING * len(table.rows) <= self.last_room / 2
        return table if is_short else replace(table, rows=[table.total] if table.total else [],
                                              total=None)  # fmt: skip

    @property
    def gaps(self) -> list[tuple[str, list[GapsOf], bool]]:
        """What is missing, by who provides it: how many, and which where there is room for that."""
        content = self.content
        told = [
            ("Chiffres manquants", content.missing),
            ("Chiffres provisoires ou non vérifiés", content.provisional),
            ("Bilans d’actions manquants", content.unwritten),
        ]
        texts = ["".join(gap.title for gap in one.gaps) for _, groups in told for one in groups]
        height = sum(LINE * (lines(text, LINES) + 1) for text in texts)
        is_whole = height <= self.last_room / 2
        return [(title, groups, is_whole) for title, groups in told if groups]

    @property
    def bare(self) -> str:
        return enumerate_words(f"« {axis.title} »" for axis in self.content.bare_axes)


def _unlinked(told: Iterable[SummaryLine]) -> list[SummaryLine]:
    return [replace(line, anchor="") for line in told]


def _line_height(title: str, lead: str) -> float:
    return max(ROW * lines(title, 34), ROW * lines(lead, 58)) + PADDING


def sources_of(content: ReportContent) -> Sources:
    """Of each indicator in a theme, the sources of its last figures."""
    found = defaultdict(dict)
    for line in content.data:
        if line.source and (content.figures_year or 0) - line.year < YEARS:
            found[line.theme, line.indicator][line.source] = True
    return {key: list(sources) for key, sources in found.items()}


def write_essential(content: ReportContent, mark: Mark, room: float = 1) -> str:
    """The HTML of it, for ``draw_essential``."""
    essential = Essential(content, room)
    context = shown(content, mark, []) | {"essential": essential}
    template = "evaluation/report/pdf/essential/essential.html"
    return render_html(template, context, title=essential.full_title)


def draw_essential(
    html: str, content: ReportContent, mark: Mark, moment: datetime.datetime
) -> Drawn:
    """The PDF of that HTML, its figures within; of a shorter one, should it have more pages."""
    told = {"title": Essential(content).full_title, "date": moment}
    attached = attached_to(content, mark)
    drawn = draw_pdf(html, attached=attached, **told)
    for room in ROOMS[1:]:
        if drawn.pages <= PAGES:
            break
        drawn = draw_pdf(write_essential(content, mark, room), attached=attached, **told)
    return drawn
