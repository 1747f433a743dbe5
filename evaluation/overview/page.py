"""What the page of a year, or of the term, shows: its counts, its figures with their movement, its
texts."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from conventions.legal.words import Word
from conventions.models import Axis, Convention, Theme
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import STATISTICS, Subject
from ctg_portal.templatetags.french import number, plural
from ctg_portal.text.markdown import Pictures
from documents.tables import Column
from evaluation.cooperation.lines import PostLine
from evaluation.images.showing import on_pages
from evaluation.overview.written_since import OBJECTIVE, PART, POST, STAKE, THEME, WrittenSince
from evaluation.period import Period
from evaluation.report.content import COUNTS, CountsRow
from evaluation.report.parts import lead_of
from evaluation.report.summary import counts_row
from evaluation.stakes.lines import StakeLine
from evaluation.stakes.reading import MANY, NOT_YET
from evaluation.texts.models import Part, parts_of
from evaluation.verdicts.models import Verdict
from evaluation.verdicts.words import YearCell, awaited_sentence, cells_of, verdict_word
from evaluation.year.actions import action_line
from evaluation.year.key_figures import KeyFigure, key_figures, money_of, shade_of
from evaluation.year.money import YearMoney
from evaluation.year.reading import (
    FigureReading,
    ThemeReading,
    YearReading,
    read_actions_alone,
    read_figures_alone,
)
from indicators.by_commune.page import YearPart
from indicators.series.attainment import Movement
from indicators.series.counts import COUNTING, IndicatorCounts, count

ALL = "tout"  # what the address says to have every theme open


@dataclass(frozen=True)
class CountsCell:
    """How the indicators of a theme moved in a year; ``shade``: see ``shade_of``."""

    year: int
    counts: IndicatorCounts
    shade: int


@dataclass(frozen=True)
class YearsRow:
    """A theme in the table of years."""

    title: str
    colour: int
    cells: list[CountsCell]


@dataclass(frozen=True)
class CommentsLink:
    """A link to the comments on a text; ``count``: those that are still to be dealt with."""

    url: str
    count: int

    @property
    def label(self) -> str:
        """« 2 commentaires à traiter », or « Commenter » where none is."""
        if not self.count:
            return "Commenter"
        return plural(self.count, "commentaire à traiter,commentaires à traiter")


@dataclass(frozen=True)
class WholeText:
    """A text about the whole year, folded to its name; ``text`` is empty if unwritten."""

    part: Part
    text: str
    write_url: str
    comments: CommentsLink | None = None
    since: WrittenSince | None = None


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective with what the year made of it; ``justification`` in Markdown."""

    code: str
    title: str
    level: int
    verdict: str
    appreciation: str
    justification: str
    years: list[YearCell]
    since: WrittenSince | None = None


@dataclass(frozen=True)
class ThemeBlock:
    """A theme: one line (``tally``) that opens. ``since``: what the year has that is written
    otherwise than it is published; ``tables``: its figures and actions, drawn as HTML."""

    theme: Theme
    reading: ThemeReading
    lead: str
    write_url: str
    appreciate_url: str = ""
    is_open: bool = False
    may_write: bool = False
    comments: CommentsLink | None = None
    since: WrittenSince | None = None
    tables: str = ""

    @property
    def text_since(self) -> WrittenSince | None:
        return self.since and self.since.of(THEME, self.theme.pk)

    @property
    def title(self) -> str:
        """The title of the theme after its number, or the mark of its axis where it has none; those
        of its axis where there are no themes."""
        theme, axis = self.theme, self.theme.axis
        if theme.title:
            return f"{theme.number or axis.mark} {theme.title}"
        return f"{axis.mark}. {axis.title}"

    @property
    def tally(self) -> str:
        """« 2 progressent, 1 recule »; the number of actions where it has no indicator; empty
        without any."""
        plan = self.reading.plan
        if self.reading.counts.followed:
            return self.reading.counts.short
        return plural(plan.total, "action,actions") if plan.total else ""

    @property
    def appreciate_label(self) -> str:
        """« 2 objectifs restent à apprécier », or « Revoir les appréciations »."""
        counts = self.reading.appreciations
        return awaited_sentence(counts) if counts.awaited else "Revoir les appréciations"

    @cached_property
    def objectives(self) -> list[ObjectiveRow]:
        """The objectives that were in force; none while none of them has a verdict."""
        if not self.reading.appreciations.given:
            return []
        return [
            ObjectiveRow(
                code=reading.objective.code,
                title=reading.title,
                level=reading.level,
                verdict=reading.verdict,
                appreciation=verdict_word(reading.verdict, self.reading.word)
                if reading.is_counted
                else "",
                justification=reading.appreciation.text.strip() if reading.verdict else "",
                years=cells_of(reading.verdicts, self.reading.word),
                since=self.since and self.since.of(OBJECTIVE, reading.objective.pk),
            )
            for reading in self.reading.objectives
            if reading.is_in_force
        ]

    @property
    def sources(self) -> list[str]:
        """The source mentions of the figures that the page has, each once."""
        cells = [reading.cell for reading in self.reading.figures]
        return list(dict.fromkeys(c.source for c in cells if not c.figure.is_missing))


@dataclass(frozen=True)
class AxisBlock:
    """``appreciations``: « 10 objectifs : 3 atteints et 7 à adapter. », empty without any."""

    axis: Axis
    themes: list[ThemeBlock]
    appreciations: str = ""

    @property
    def is_named(self) -> bool:
        """Whether its name stands above its themes; one without themes is a fold by its name."""
        return any(block.theme.title for block in self.themes)


@dataclass(frozen=True)
class DrawnFigures:
    """The figures of each theme, by its primary key, and the lists and the table of years that are
    made of figures, as HTML; empty where there is nothing."""

    tables: dict[int, SafeString]
    progressed: SafeString
    receded: SafeString
    years: SafeString


@dataclass(frozen=True)
class DrawnActions:
    """The actions of each theme, by its primary key, and their money, as HTML."""

    tables: dict[int, SafeString]
    money: SafeString


@dataclass(frozen=True)
class DrawnYear:
    """The parts of the page of which everybody reads the same."""

    figures: DrawnFigures
    actions: DrawnActions

    def tables_of(self, theme: Theme) -> SafeString:
        """Return the figures of a theme, then its actions; empty without any."""
        figures = self.figures.tables.get(theme.pk, SafeString())
        return figures + self.actions.tables.get(theme.pk, SafeString())


@dataclass(frozen=True)
class YearPage:
    """The page: what is read of the year, in words and rows.

    ``shows_all``: themes and texts of which nothing is written yet too, for who writes them.
    ``opened``: the primary key of the theme to open, or « tout ». ``written``: the primary keys of
    the themes whose text the reader may write. For who reads drafts, ``commented``: how many
    comments on each text are still to be dealt with; ``since``: what is written otherwise than it
    is published; None for others. ``drawn``: the parts that everybody reads alike; None while those
    are themselves drawn."""

    reading: YearReading
    shows_all: bool = False
    opened: str = ""
    written: Collection[int] = ()
    commented: Mapping[Hashable, int] | None = None
    since: WrittenSince | None = None
    drawn: DrawnYear | None = None

    @property
    def title(self) -> str:
        """The result of all indicators; that there is none, or that the collection is not open."""
        period, counts = self.reading.period, self.reading.counts
        name = period.name if period.is_term else str(period)
        if self.reading.campaign.is_prepared:
            return f"{name} : le recueil n’est pas encore ouvert"
        if not counts.followed:
            actions = len(self.reading.actions)
            plan_clause = f", {plural(actions, 'action,actions')} au plan" if actions else ""
            return f"{name} : {counts.headline}{plan_clause}"
        is_since = period.is_term and counts.comparable
        since = "depuis la situation initiale, " if is_since else ""
        return f"{name} : {since}{counts.headline}"

    @cached_property
    def pictures(self) -> Pictures:
        return on_pages(self.reading.convention, self.reading.images)

    @property
    def is_all_open(self) -> bool:
        return self.opened == ALL

    @cached_property
    def figures(self) -> list[KeyFigure]:
        """The key figures of the year, with that of its objectives before that of the money."""
        figures = key_figures(self.reading, self.money)
        if objectives := self._objectives_figure:
            figures.insert(len(figures) - bool(self.money.lines), objectives)
        return figures

    @property
    def _objectives_figure(self) -> KeyFigure | None:
        """« 3 sur 10 objectifs atteints », beside the other verdicts; None without a verdict."""
        counts = self.reading.appreciations
        if not counts.given:
            return None
        reached = counts[Verdict.REACHED]
        noun = counts.word.plural if reached >= 2 else counts.word.singular
        return KeyFigure(
            f"{number(reached)} sur {number(counts.total)}",
            f"{noun} {verdict_word(Verdict.REACHED, counts.word, reached)}",
            ", ".join(counts.but(Verdict.REACHED)),
        )

    @cached_property
    def money(self) -> YearMoney:
        return money_of(self.reading)

    @property
    def progressed(self) -> list[FigureReading]:
        return [row for row in self.reading.figures if row.movement == Movement.PROGRESS]

    @property
    def receded(self) -> list[FigureReading]:
        return [row for row in self.reading.figures if row.movement == Movement.SETBACK]

    @property
    def years_table(self) -> list[YearsRow]:
        """For each theme with indicators, how those of this year moved in each year up to it."""
        return [
            YearsRow(
                block.title,
                block.theme.axis.colour,
                [
                    CountsCell(year, counts := count(block.reading.series, year), shade_of(counts))
                    for year in self.reading.years
                ],
            )
            for axis in self.axes
            for block in axis.themes
            if block.reading.series
        ]

    @property
    def themes_label(self) -> str:
        """The number of folds: « 7 thématiques »; of axes where the convention has no themes."""
        return plural(sum(len(axis.themes) for axis in self.axes), self.fold_word.forms)

    @property
    def fold_word(self) -> Word:
        """The word for a fold: « thématique », or that for an axis where no theme has a title."""
        words = self.reading.convention.words
        return words.theme if any(axis.is_named for axis in self.axes) else words.axis

    @cached_property
    def axes(self) -> list[AxisBlock]:
        """The axes with the themes that have content or whose text the reader may write, or all."""
        slug, year = self.reading.convention.slug, self.reading.period
        blocks = []
        for axis in self.reading.axes:
            themes = [
                ThemeBlock(
                    theme=theme.theme,
                    reading=theme,
                    lead=lead_of(theme),
                    write_url=reverse("evaluation:narrative", args=[slug, year, theme.theme.pk]),
                    appreciate_url=reverse(
                        "evaluation:appreciate", args=[slug, year, theme.theme.pk]
                    )
                    if self.shows_all and theme.appreciations.total
                    else "",
                    is_open=self.is_all_open or str(theme.theme.pk) == self.opened,
                    may_write=theme.theme.pk in self.written,
                    comments=self._comments("narrative", theme.theme.pk),
                    since=self.since,
                    tables=self.drawn.tables_of(theme.theme) if self.drawn else "",
                )
                for theme in axis.themes
                if self.shows_all
                or theme.series
                or theme.text
                or theme.actions
                or theme.theme.pk in self.written
                or theme.appreciations.given
            ]
            if themes:
                blocks.append(AxisBlock(axis.axis, themes, axis.appreciations.sentence))
        return blocks

    @property
    def has_more(self) -> bool:
        """Whether there is something beside key figures and themes."""
        return bool(
            self.counts
            or self.appreciated
            or self.reading.plan.total
            or self.money.lines
            or self.stakes
            or self.whole_texts
            or self.posts
        )

    @property
    def appreciated(self) -> list[AxisBlock]:
        return [axis for axis in self.axes if axis.is_named and axis.appreciations]

    @cached_property
    def whole_texts(self) -> list[WholeText]:
        """The texts on the year as a whole; unwritten ones only if the page shows all."""
        slug, year, texts = self.reading.convention.slug, self.reading.period, self.reading.texts
        return [
            WholeText(
                part,
                texts.get(part, ""),
                reverse("evaluation:year_text", args=[slug, year, part]),
                self._comments("year_text", part),
                self.since and self.since.of(PART, part),
            )
            for part in parts_of(self.reading.period)
            if self.shows_all or part in texts
        ]

    def _comments(self, route: str, key: int | Part) -> CommentsLink | None:
        """Return the link to the comments on a text; None for who reads no drafts."""
        if self.commented is None:
            return None
        where = [self.reading.convention.slug, self.reading.year, key]
        url = reverse(f"evaluation:{route}_comments", args=where)
        return CommentsLink(url, self.commented.get(key, 0))

    @cached_property
    def stakes(self) -> list[StakeLine]:
        """The stakes in force at the end; none while none is appreciated, unless ``shows_all``."""
        lines = [stake.line for stake in self.reading.stakes]
        return lines if self.shows_all or any(line.appreciation for line in lines) else []

    @property
    def stakes_since(self) -> WrittenSince | None:
        return self._since_any(STAKE, self.stakes)

    @property
    def stakes_url(self) -> str:
        return self._url("appreciate_stakes") if self.shows_all else ""

    @property
    def stakes_summary(self) -> str:
        """The trends of the stakes as one line: « 2 se sont renforcés, 1 stable »."""
        appreciations = Counter(line.appreciation or NOT_YET for line in self.stakes)
        parts = [
            plural(count, f"{trend},{MANY.get(trend, trend)}")
            for trend, count in appreciations.items()
        ]
        return ", ".join(parts)

    @cached_property
    def posts(self) -> list[PostLine]:
        return [post for post in self.reading.posts if self.shows_all or post.is_told]

    @property
    def posts_since(self) -> WrittenSince | None:
        return self._since_any(POST, self.posts)

    @property
    def posts_url(self) -> str:
        return self._url("posts") if self.shows_all else ""

    def _since_any(self, kind: str, lines: Iterable[StakeLine | PostLine]) -> WrittenSince | None:
        """Return the note of the whole page if one of the ``lines`` has one, else None."""
        if self.since is None:
            return None
        return self.since if any(self.since.of(kind, line.key) for line in lines) else None

    def _url(self, name: str) -> str:
        """Return the address of a page of this period."""
        where = [self.reading.convention.slug, self.reading.period]
        return reverse(f"evaluation:{name}", args=where)

    @property
    def counting(self) -> str:
        return COUNTING

    @property
    def columns(self) -> list[Column]:
        """The columns of the counts."""
        axis = self.reading.convention.words.axis.title
        return [Column(axis, attrgetter("title"), cell="evaluation/year/counts_axis.html"), *COUNTS]

    @cached_property
    def counts(self) -> list[CountsRow]:
        """The movements of the indicators of each axis; not of axes without any."""
        return [
            counts_row(axis.axis.title, axis.axis.colour, axis.counts)
            for axis in self.reading.axes
            if axis.series
        ]

    @property
    def total(self) -> CountsRow:
        return counts_row("Ensemble", 0, self.reading.counts)


def drawn_year(convention: Convention, period: Period) -> DrawnYear:
    """Return the parts of the page that depend on no reader and on no text being written."""
    return DrawnYear(draw_figures(convention, period), draw_actions(convention, period))


@cached(Subject.FIGURES, Subject.TEXT)
def draw_figures(convention: Convention, period: Period) -> DrawnFigures:
    """Draw what the page of a year makes of its figures, read without its texts and actions."""
    page = YearPage(read_figures_alone(convention, period))
    year = page.reading.year
    indicators = reverse("indicators:indicators", args=[convention.slug])

    def moves(rows: list[FigureReading], sign: str, place: str, title: str) -> SafeString:
        """Draw a list of figures; ``place``: its anchor."""
        context = {"rows": rows, "sign": sign, "id": place, "title": title}
        return render_to_string("evaluation/year/moves.html", context)

    return DrawnFigures(
        {
            block.theme.pk: render_to_string(
                "evaluation/year/figures.html",
                {"block": block, "year": year, "url": f"{indicators}?thematique={block.theme.pk}"},
            )
            for axis in page.axes
            for block in axis.themes
        },
        moves(page.progressed, "▲", "progres", "Ce qui a progressé"),
        moves(page.receded, "▽", "reculs", "Ce qui a reculé"),
        render_to_string("evaluation/year/years_rows.html", {"rows": page.years_table}),
    )


@cached(Subject.PLAN, Subject.COMMITTEE, Subject.TEXT)
def draw_actions(convention: Convention, period: Period) -> DrawnActions:
    """Draw the actions of each theme in force or in use in the period, and their money."""
    themes = read_actions_alone(convention, period)
    plan = reverse("actions:plan", args=[convention.slug])
    tables = {
        theme.theme.pk: render_to_string(
            "evaluation/year/actions.html",
            {
                "theme": theme.theme,
                "rows": [action_line(reading) for reading in theme.actions],
                "url": f"{plan}?thematique={theme.theme.pk}",
                "period": period,
            },
        )
        for theme in themes
    }
    actions = [action for theme in themes for action in theme.actions]
    money = YearMoney([line for action in actions for line in action.fundings])
    context = {"money": money, "period": period, "level": 2 if period.is_term else 3}
    return DrawnActions(tables, render_to_string("evaluation/year/money.html", context))


def drawn_communes(convention: Convention, reading: YearReading, asked: str) -> str:
    """Draw the figures by commune of a year, with the map of the indicator that is ``asked`` for,
    by its primary key, else of the first; empty if no indicator is asked for by commune."""
    entries = [series.by_year[reading.year].entry for series in reading.series]
    known = {str(entry.indicator_id) for entry in entries if entry and entry.is_by_commune}
    if not known:
        return ""
    # All unknown keys share one drawing in the cache.
    place = asked if asked in known else "?" if asked else ""
    return draw_communes(convention, reading.period, place)


@cached(Subject.FIGURES, Subject.TEXT, shared=(STATISTICS,))
def draw_communes(convention: Convention, period: Period, asked: str) -> str:
    """Draw what ``drawn_communes`` describes; empty while no figure by commune is given."""
    reading = read_figures_alone(convention, period)
    if not reading.by_commune:
        return ""
    context = {
        "part": YearPart(reading.by_commune, asked),
        "convention": convention,
        "year": reading.year,
    }
    return render_to_string("evaluation/year/communes.html", context)
