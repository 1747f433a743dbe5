"""Lay out « L’essentiel »: the same content in four pages, with every theme in it."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from ctg_portal.templatetags.french import enumerate_words, number, plural
from evaluation.report.content import ReportContent, ReportCriterion, SummaryLine
from evaluation.report.pages.stories import Story
from evaluation.report.pages.themes import ActionCard, ThemePage, amount_of
from evaluation.report.pages.whole import ReportPages
from indicators.by_commune.snapshot import CommunesSnapshot

PAGES = 4
# With more themes than that, each is a row of a table.
MOST_BLOCKS, A_PAGE_AT_EASE = 10, 3


@dataclass(frozen=True)
class Detail:
    """How much the pages show: ``lines`` of a list on the first page, ``letters`` of a theme's
    text, ``sparks`` beside it, ``ways`` on the last page, ``maps`` below them; ``has_next``: the
    next steps of the actions."""

    lines: int
    letters: int
    sparks: int
    ways: int
    maps: int
    has_next: bool


# Tried one after the other, until all stands on four pages.
DETAILS = (
    Detail(14, 700, 4, 16, 2, True),
    Detail(10, 240, 2, 14, 2, False),
    Detail(7, 0, 2, 10, 0, False),
    Detail(4, 0, 0, 6, 0, False),
)


@dataclass(frozen=True)
class ThemeBlock:
    """A theme on a page; ``shared``: how many themes share the page."""

    page: ThemePage
    detail: Detail
    shared: int

    @property
    def text(self) -> str:
        """The first paragraphs of the text that there is room for, in Markdown."""
        chosen, room = [], self.detail.letters // self.shared
        for paragraph in self.page.narrative.split("\n\n"):
            room -= len(paragraph)
            if room < 0 or paragraph.lstrip().startswith(("#", "![", "|", ">")):
                break
            chosen.append(paragraph)
        return "\n\n".join(chosen)

    @property
    def sparks(self) -> list[Story]:
        """The indicators that are drawn, those that moved first."""
        moved = sorted(self.page.drawn, key=lambda story: story.sign not in ("▲", "▼"))
        return moved[: self.detail.sparks if self.shared <= A_PAGE_AT_EASE else 2]

    @property
    def numbers(self) -> list[Story]:
        """The indicators given as numbers: those without a drawing, then the context where there is
        room."""
        rest = [story for story in self.page.aimed if story.has_number]
        rest = [story for story in rest if story not in self.sparks]
        context = self.page.context if len(self.sparks) <= 2 else []
        return [*rest, *context][: max(6 - 2 * len(self.sparks), 2)]

    @property
    def summary(self) -> str:
        """« 2 actions terminées sur 5 · 1 objectif atteint sur 3 »."""
        figures = [self.page._actions, self.page._objectives]
        words = []
        for figure in filter(None, figures):
            count, _, whole = figure.figure.partition(" sur ")
            words.append(f"{count} {figure.label} sur {whole}" if whole else
                         f"{count} {figure.label} sans appréciation")  # fmt: skip
        return " · ".join(words)

    @property
    def money(self) -> str:
        row = self.page.money
        if row is None or not amount_of(row.spent.text):
            return ""
        share = f", {row.share} du prévu" if row.share else ""
        return f"{row.spent.text} dépensés{share}"

    @property
    def next_steps(self) -> str:
        steps = [card.next_step for card in self.page.actions if card.next_step]
        most = 2 if self.shared <= A_PAGE_AT_EASE else 1
        return " ".join(steps[:most]) if self.detail.has_next else ""


@dataclass(frozen=True)
class Essential:
    """The short version of a content, with as much detail as four pages take."""

    content: ReportContent
    detail: Detail = DETAILS[0]

    @cached_property
    def pages(self) -> ReportPages:
        return ReportPages(self.content)

    @property
    def full_title(self) -> str:
        return f"{self.content.title}, l’essentiel – {self.content.territory}"

    @property
    def heading(self) -> str:
        """« 2023, l’essentiel »."""
        return f"{self.content.year or self.content.span}, l’essentiel"

    @property
    def has_blocks(self) -> bool:
        return len(self.pages.themes) <= MOST_BLOCKS and self.detail.lines > DETAILS[-1].lines

    @cached_property
    def blocks(self) -> list[list[ThemeBlock]]:
        """The themes on two pages; on one where they are few."""
        count = len(self.pages.themes)
        size = A_PAGE_AT_EASE if count <= A_PAGE_AT_EASE else ceil(count / 2)
        blocks = [ThemeBlock(page, self.detail, size) for page in self.pages.themes]
        return [blocks[at : at + size] for at in range(0, len(blocks), size)]

    # The first page

    def _first(self, lines: list[SummaryLine]) -> list[SummaryLine]:
        return lines[: self.detail.lines]

    @property
    def progressed(self) -> list[SummaryLine]:
        return self._first(self.pages.year.progressed) if self.has_summary else []

    @property
    def receded(self) -> list[SummaryLine]:
        return self._first(self.pages.year.receded) if self.has_summary else []

    @property
    def missing(self) -> list[SummaryLine]:
        return self.content.summary.missing[: self.detail.lines // 3]

    @property
    def left_out(self) -> str:
        """The sentence on the lines of these lists that only the whole document has; empty without
        any."""
        if not self.has_summary:
            return ""
        year, summary = self.pages.year, self.content.summary
        counts = (
            (len(year.progressed) - len(self.progressed), "en progrès"),
            (len(year.receded) - len(self.receded), "en recul"),
            (len(summary.missing) - len(self.missing), "sans donnée"),
        )
        words = [f"{number(count)} {what}" for count, what in counts if count]
        return f"Dans le document entier : {enumerate_words(words)} de plus." if words else ""

    @property
    def has_summary(self) -> bool:
        return self.content.has("summary")

    # The last page

    @property
    def has_means(self) -> bool:
        return self.content.has("means") and bool(self.content.means.tables)

    @property
    def posts(self) -> list:
        """The first posts of cooperation."""
        content = self.content
        rows = [*content.posts, *content.posts_over_years] if content.has("posts") else []
        return rows[: self.detail.maps + 1]

    @property
    def criteria(self) -> list[ReportCriterion]:
        return self.content.criteria if self.content.has("criteria") else []

    @property
    def ways(self) -> list[Story]:
        return self.pages.year.ways[: self.detail.ways] if self.has_summary else []

    @property
    def ways_left(self) -> str:
        left = len(self.pages.year.ways) - len(self.ways)
        return f"{plural(left, 'autre indicateur,autres indicateurs')} dans le document." * bool(
            left
        )

    @property
    def row_height(self) -> float:
        return min(24.0, 310 / max(len(self.ways), 1))

    @property
    def maps(self) -> list[CommunesSnapshot]:
        has_maps = self.content.has("communes")
        return self.pages.plate.maps[: self.detail.maps] if has_maps else []

    @property
    def unspent(self) -> list[tuple[ThemePage, ActionCard]]:
        """The three actions of which most of what was planned is not spent, where that is known."""
        rows = [
            (amount_of(card.line.money.planned) - amount_of(card.line.money.spent), page, card)
            for page in self.pages.themes
            for card in page.actions
            if card.line.money.spent and card.line.money.planned
        ]
        most = sorted((row for row in rows if row[0] > 0), key=lambda row: -row[0])[:3]
        return [(page, card) for _, page, card in most]
