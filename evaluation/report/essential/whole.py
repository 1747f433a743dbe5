"""« L’essentiel »: the same content in twelve pages at most, a theme on a page at most.

Cover, the year on one page, the themes, a last page. Themes have nine pages: one each where there
are so few of them, else as many a page as it takes, all of the same height; where even that is not
enough, a line each, and at last a line an axis. What stands of a theme is chosen by its height,
which is worked out before it is drawn: whole paragraphs, whole rows, whole drawings.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from django.utils.functional import cached_property

from ctg_portal.templatetags.french import enumerate_words, in_words
from documents.drawing.kinds import Drawn
from documents.pdf import draw_pdf, render_html
from evaluation.report.content import ReportAxis, ReportContent, ReportTheme, SummaryLine
from evaluation.report.data import attached_to
from evaluation.report.document import shown
from evaluation.report.essential.heights import LINE, LINES, PADDING, PAGE, ROW, lines
from evaluation.report.essential.last import LastPage, last_page
from evaluation.report.essential.theme import ThemeBlock, block_of, sources_of
from evaluation.report.marks import Mark

PAGES = 12
THEME_PAGES = PAGES - 3
MOST_A_PAGE = 4
# Millimetres of what the last page always says, without its sentences of varying length.
ALWAYS = 84
# Tried one after the other, should a document still be longer: by how much heights are reduced.
ROOMS = (1, 0.85, 0.7, 0.5, 0)


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
    def bare(self) -> str:
        return enumerate_words(f"« {axis.title} »" for axis in self.content.bare_axes)

    @property
    def last(self) -> LastPage:
        """What there is room for beside what the last page always says."""
        method = self.content.method[1]
        always = ALWAYS + LINE * (lines(self.bare, LINES) + lines(method, LINES))
        return last_page(self.content, PAGE * max(self.room, 0.5) - always)


def _unlinked(told: Iterable[SummaryLine]) -> list[SummaryLine]:
    return [replace(line, anchor="") for line in told]


def _line_height(title: str, lead: str) -> float:
    return max(ROW * lines(title, 34), ROW * lines(lead, 58)) + PADDING


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
