"""Hold all that an evaluation says as plain data; its documents are made from this alone.

Texts are as people wrote them; the document sets them (typography, Markdown). Figures are as they
may be shown (rule 6), already written out.
"""

import hashlib
import json
from dataclasses import dataclass, field, fields
from functools import cached_property
from operator import attrgetter

from committee.meetings.governance import Governance
from ctg_portal.templatetags.french import feminine
from documents.tables import Column
from evaluation.cooperation.lines import PostLine, PostOverYears
from evaluation.editions.frozen import FORMAT
from evaluation.images.image import TextImage
from evaluation.period import Period
from evaluation.report.sections import BY_KEY, Chapter, Section, usual_order
from evaluation.stakes.lines import StakeLine
from evaluation.verdicts.words import YearCell
from evaluation.year.action_lines import ActionLine, GapsOf
from evaluation.year.key_figures import KeyFigure
from indicators.by_commune.drawing import Ground
from indicators.by_commune.snapshot import CommunesSnapshot
from indicators.disclosure import PENDING, WORDS
from indicators.series.charts import Chart
from indicators.series.lines import FigureLine


@dataclass(frozen=True)
class ReportParty:
    """A party: ``logo`` is a ``data:`` address, empty without a usable logo."""

    name: str
    logo: str
    chairs: bool
    agrees: bool


@dataclass(frozen=True)
class YearCount:
    """How many indicators of a theme progressed in a year, of those comparable, « 2 sur 3 »;
    ``shade`` of its cell."""

    text: str
    shade: int


@dataclass(frozen=True)
class CountsRow:
    """How many indicators of a theme, or of all, moved which way. ``comparable``: progress, recede
    or are stable; ``other``: are not comparable, and have a figure. ``due``: how many of the
    ``targets`` to be reached by now are, « 1 sur 3 »; ``later``: how many of those for later.

    ``years``: in each year that the summary covers. Contents of earlier formats had neither
    ``comparable``, which is None, nor what follows: they counted over all, and had ``reached``
    instead."""

    title: str
    colour: int
    total: int
    progress: int
    setback: int
    stable: int
    other: int
    missing: int
    reached: int = 0
    years: list[YearCount] = field(default_factory=list)
    comparable: int | None = None
    targets: int = 0
    due: str = ""
    later: str = ""


# Headings on the page of the year and in the report.
COUNTS = (
    Column("Suivis", attrgetter("total"), "number"),
    Column("Se comparent", attrgetter("comparable"), "number"),
    Column("En progrès", attrgetter("progress"), "number"),
    Column("En recul", attrgetter("setback"), "number"),
    Column("Stables", attrgetter("stable"), "number"),
    Column("Non comparés", attrgetter("other"), "number"),
    Column("Sans donnée", attrgetter("missing"), "number"),
    Column("Cibles à échéance", attrgetter("due")),
    Column("Cibles à venir", attrgetter("later")),
)
# Columns beside the years, in the summary.
SINCE = [column for column in COUNTS if column.label in ("En recul", "Sans donnée")]
REACHED = "Cibles atteintes"


@dataclass(frozen=True)
class SummaryLine:
    """An indicator in a list of the summary, with what there is to say of it, uncut; ``anchor`` is
    that of its row."""

    title: str
    text: str
    anchor: str
    colour: int


@dataclass(frozen=True)
class SummaryList:
    """A list of the summary. ``kind``: a success or a difficulty, where the coordinator chose its
    lines; empty where they were counted."""

    title: str
    lines: list[SummaryLine]
    kind: str = ""


@dataclass(frozen=True)
class Summary:
    """The year, or the term, in brief. ``by``: what the rows are, in the territory's word.

    ``actions`` counts them in a sentence; empty without any, or where there is no room for it; so
    does ``objectives``, those of which something is said. ``successes``, ``difficulties``: those
    that the coordinator chose; they stand in the place of the lists that the portal makes.
    ``targets``: the sentence on targets, which the key figures say too. ``most_above``,
    ``most_below``: how many lines of the lists fit on one page; no page cuts them any more, but
    they are part of frozen contents and of their digest.
    """

    sentence: str
    actions: str
    by: str
    rows: list[CountsRow]
    total: CountsRow
    progressed: list[SummaryLine]
    receded: list[SummaryLine]
    reached: list[SummaryLine]
    missing: list[SummaryLine]
    most_above: int
    most_below: int
    objectives: str = ""
    figures: list[KeyFigure] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    successes: list[SummaryLine] = field(default_factory=list)
    difficulties: list[SummaryLine] = field(default_factory=list)
    targets: str = ""

    @property
    def is_brief(self) -> bool:
        """Whether it says so little that it takes no page of its own."""
        return not (self.rows or self.figures or self.chosen_lists)

    @property
    def chosen_lists(self) -> list[SummaryList]:
        """The lists of what the coordinator chose."""
        chosen = [
            ("success", self.successes, "réussite,réussites"),
            ("difficulty", self.difficulties, "difficulté,difficultés"),
        ]
        return [
            SummaryList(f"{feminine(len(lines))} {forms.split(',')[len(lines) >= 2]}", lines, kind)
            for kind, lines, forms in chosen
            if lines
        ]

    @property
    def counted_lists(self) -> list[SummaryList]:
        """The lists that the portal makes, those that went wrong first, but in the place of what
        was chosen; none without indicators."""
        bad = [
            SummaryList("Ce qui a reculé", self.receded),
            SummaryList("Ce qui manque", self.missing),
        ]
        good = [
            SummaryList("Ce qui a progressé", self.progressed),
            SummaryList("Cibles atteintes", self.reached),
        ]
        if not self.rows:
            return []
        return [*(bad if not self.difficulties else []), *(good if not self.successes else [])]

    @property
    def lists(self) -> list[SummaryList]:
        """All its lists, those that were chosen first."""
        return [*self.chosen_lists, *self.counted_lists]

    @property
    def counts_comparable(self) -> bool:
        """Whether its shares are over the comparable indicators; contents of earlier formats
        counted over all."""
        return self.total.comparable is not None

    @property
    def years_columns(self) -> list[Column]:
        """The columns of the table of its rows: each year, then what receded, is missing and was
        reached in the last one."""

        def year(place: int) -> Column:
            return Column(
                str(self.years[place]),
                lambda row: row.years[place].text,
                mark=lambda row: f"q{row.years[place].shade}",
            )

        def colour(row: CountsRow) -> str:
            return f"axis-{row.colour}" if row.colour else ""

        first = Column(self.by, attrgetter("title"), mark=colour)
        reached = (
            Column(REACHED, attrgetter("due"))
            if self.counts_comparable
            else Column(REACHED, attrgetter("reached"), "number")
        )
        return [first, *map(year, range(len(self.years))), *SINCE, reached]


@dataclass(frozen=True)
class ReportLight:
    who: str
    state: str
    word: str


@dataclass(frozen=True)
class ReportObjective:
    """An objective of the signed text (no ``lights``), or of the committee. ``level`` 1 or 2.

    ``appreciation``: what the year made of it, in a word, ``verdict`` its code; ``justification``
    in Markdown. Empty while nothing is said of it. ``key`` is that of the objective. ``years``:
    what each year had made of it, in an evaluation of the whole term.
    """

    code: str
    title: str
    level: int
    aim: str = ""
    status: str = ""
    lights: list[ReportLight] = field(default_factory=list)
    key: int = 0
    verdict: str = ""
    appreciation: str = ""
    justification: str = ""
    years: list[YearCell] = field(default_factory=list)


@dataclass(frozen=True)
class FigureCell:
    """A figure as a narrow cell shows it, « 1 234 », « n.d. », « ≠ 12 »; ``mark``: « p », « * ».

    ``is_sign``: there is no number. ``partial``: the communes of a total that is not of all.
    """

    text: str
    mark: str = ""
    is_sign: bool = False
    partial: str = ""


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator in the table of a theme. ``baseline`` and ``target`` have their years, and are
    empty without a number. ``movement`` says in words how it moved since when, ``movement_kind`` is
    its code. ``is_protected``: a rule of secrecy holds for its figures."""

    anchor: str
    title: str
    unit: str
    baseline: str
    baseline_year: str
    figures: list[FigureCell]
    target: str
    target_year: str
    attainment: str
    is_reached: bool
    movement: str
    movement_kind: str
    is_protected: bool = False


@dataclass(frozen=True)
class CaptionedChart:
    """A chart with what stands around it: ``caption`` names the indicator and its unit."""

    caption: str
    source: str
    chart: Chart


@dataclass(frozen=True)
class Columns:
    """The columns of a table of indicators. ``width`` is the class of the table in the style sheet;
    ``is_cut``: figures of earlier years have no column."""

    years: list[int]
    width: str
    is_cut: bool = False


@dataclass(frozen=True)
class ReportTheme:
    """A theme, or the results of an axis without themes, whose ``title`` is empty.

    ``signs``: the explanations of the signs that the table uses. ``baseline_year`` and
    ``target_year`` are those of every row; empty, each row has its own.
    """

    anchor: str
    number: str
    title: str
    lead: str
    narrative: str
    signed: list[ReportObjective]
    committee: list[ReportObjective]
    columns: Columns
    baseline_year: str
    target_year: str
    rows: list[IndicatorRow]
    signs: list[str]
    sources: list[str]
    drawings: list[CaptionedChart]
    actions: list[ActionLine]

    @property
    def is_bare(self) -> bool:
        """Whether the year has nothing on it."""
        return not (self.rows or self.actions or self.narrative or self.committee)

    @property
    def noted(self) -> list[ActionLine]:
        """The actions with a note of the year."""
        return [action for action in self.actions if action.note]

    @property
    def signed_in_levels(self) -> list[tuple[ReportObjective, list[ReportObjective]]]:
        """Each objective of the signed text with those below it."""
        levels: list[tuple[ReportObjective, list[ReportObjective]]] = []
        for objective in self.signed:
            if objective.level == 1 or not levels:
                levels.append((objective, []))
            else:
                levels[-1][1].append(objective)
        return levels


@dataclass(frozen=True)
class ReportAxis:
    anchor: str
    mark: str
    title: str
    colour: int
    lead: str
    themes: list[ReportTheme]

    @property
    def is_bare(self) -> bool:
        """Whether the year has nothing on it: such axes are listed together."""
        return all(theme.is_bare for theme in self.themes)

    @property
    def has_titles(self) -> bool:
        """Whether its themes are to be named."""
        return any(theme.title for theme in self.themes)


@dataclass(frozen=True)
class MoneyCell:
    """A sum in euros, or the words for an unknown one; ``note``: how many lines it sums up, where
    not all are known."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class MoneyRow:
    """The sums planned, granted and spent by a funder, in a theme, or in a year. ``share``: how
    much of the planned sum is spent, ``bar`` that in steps of five, None where it says nothing;
    ``basis``: the sums of the share, where they are not those of the row."""

    title: str
    colour: int
    planned: MoneyCell
    granted: MoneyCell
    spent: MoneyCell
    share: str
    bar: int | None
    basis: str = ""


@dataclass(frozen=True)
class MoneyTable:
    """A table of money; ``total``: a row of all, where there are several."""

    caption: str
    heading: str
    rows: list[MoneyRow]
    total: MoneyRow | None


@dataclass(frozen=True)
class FundingLine:
    """The sums of a funder in a year, for files: decimal texts, empty where unknown. ``lines``: how
    many lines of funding there are, ``known``: for how many of them the sum spent is known."""

    funder: str
    year: int
    planned: str
    granted: str
    spent: str
    lines: int
    known: int


@dataclass(frozen=True)
class Means:
    """The money of the convention's actions: no table without any."""

    sentence: str = ""
    tables: list[MoneyTable] = field(default_factory=list)
    data: list[FundingLine] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The first sentence of ``sentence``."""
        return self.sentence.partition(". ")[0].rstrip(".")

    @property
    def rest(self) -> str:
        return self.sentence.partition(". ")[2]


@dataclass(frozen=True)
class Term:
    """A word of the trade that the report uses, and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class DefinitionLine:
    title: str
    text: str
    details: str


@dataclass(frozen=True)
class WordsUsed:
    """The territory's words for an axis, a theme, an objective: for headings and captions."""

    axis: str
    axes: str
    theme: str
    themes: str
    objective: str
    objectives: str


@dataclass(frozen=True)
class ReportText:
    """A text about the whole year: ``text`` is Markdown."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class ReportCriterion:
    """The result of the term by a criterion of evaluation. ``mark`` in words, empty without one;
    ``step``: its place on the scale, from 1, or 0; ``text`` is Markdown, perhaps empty."""

    code: str
    title: str
    question: str
    mark: str
    step: int
    text: str

    @property
    def anchor(self) -> str:
        return f"critere-{self.code}"


# Lines of contents: more than what a page takes, unless they are set closer, up to what it then
# takes.
LONG, LONGEST = 24, 40


def fields_of(row) -> dict:
    """Return the fields of a dataclass by name, those that are dataclasses as they are, so that
    ``json.dumps`` writes a content without a copy of it."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _digest(content) -> str:
    plain = json.dumps([FORMAT, content], default=fields_of, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True)
class ReportContent:
    """The evaluation of a convention: of a year, or, with ``year`` None, of its whole term, whose
    years ``span`` names, « 2020–2024 ».

    ``opening`` and ``closing``: the texts before the results, and after the axes.
    ``actions_caption``: the day whose states the tables of actions show; empty without any action.
    ``confidentiality``: why a project of it is not for everybody. ``data``: the lines of the files
    beside it, of all years. ``images``: those of its texts, each with the digest of its file.
    ``criteria``, ``scale``: those of the term. ``sections``: the keys of the sections of the
    document, in their order. ``stakes``: what became of the shared stakes; ``posts``: the posts of
    cooperation in the year; ``posts_over_years``: in the term. ``communes``: the indicators that
    are followed by commune, drawn on ``ground``. ``governance``: how the committee has worked, None
    without a meeting."""

    year: int | None
    title: str
    convention: str
    territory: str
    term: str
    collection: str
    is_fictional: bool
    words: WordsUsed
    parties: list[ReportParty]
    opening: list[ReportText]
    summary: Summary
    axes: list[ReportAxis]
    closing: list[ReportText]
    missing: list[GapsOf]
    provisional: list[GapsOf]
    actions_caption: str
    unwritten: list[GapsOf]
    definitions: list[DefinitionLine]
    method: list[str]
    confidentiality: str = ""
    means: Means = field(default_factory=Means)
    glossary: list[Term] = field(default_factory=list)
    data: list[FigureLine] = field(default_factory=list)
    images: list[TextImage] = field(default_factory=list)
    span: str = ""
    criteria: list[ReportCriterion] = field(default_factory=list)
    scale: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=usual_order)
    stakes: list[StakeLine] = field(default_factory=list)
    posts: list[PostLine] = field(default_factory=list)
    posts_over_years: list[PostOverYears] = field(default_factory=list)
    communes: list[CommunesSnapshot] = field(default_factory=list)
    ground: Ground | None = None
    governance: Governance | None = None

    @property
    def period(self) -> Period:
        return Period(self.year)

    @property
    def results(self) -> str:
        """The heading of an axis without themes: « Résultats de l’année »."""
        return f"Résultats de {self.period.subject}"

    @property
    def spent(self) -> str:
        """The heading of the actions' money: « Dépensé en 2023 »; of the term, « Dépensé »."""
        return "Dépensé" if self.period.is_term else f"Dépensé en {self.year}"

    @property
    def appreciation(self) -> str:
        """The heading of the appreciations of the committee's objectives."""
        return "Appréciation finale" if self.period.is_term else "Appréciation de l’année"

    @property
    def this(self) -> str:
        return self.period.subject if self.period.is_term else "cette année"

    @property
    def figures_year(self) -> int | None:
        """The year whose figures are compared; of a term, its last one."""
        return self.year or max(self.summary.years, default=None)

    @property
    def pending(self) -> list[FigureLine]:
        """The figures for which it is not decided yet what is secret: each indicator and year
        once."""
        lines = [line for line in self.data if line.sign == WORDS[PENDING]]
        return list({(line.indicator, line.year): line for line in reversed(lines)}.values())[::-1]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return _digest(self)

    @cached_property
    def analyses_digest(self) -> str:
        """The SHA-256 of what is said of the year's figures and actions: of all but the cover, the
        parties, and how the document is to be read."""
        analyses = [
            *(self.opening, self.summary, self.axes, self.means, self.criteria, self.closing),
            *(self.data, self.images, self.stakes, self.posts, self.posts_over_years),
            self.communes,
        ]
        return _digest(analyses)

    @property
    def full_title(self) -> str:
        """« Évaluation annuelle 2023 – Grand Châtellerault », the title of the file."""
        return f"{self.title} – {self.territory}"

    @property
    def followed_axes(self) -> list[ReportAxis]:
        """The axes on which the year has something."""
        return [axis for axis in self.axes if not axis.is_bare]

    @property
    def bare_axes(self) -> list[ReportAxis]:
        """The axes on which the year has nothing."""
        return [axis for axis in self.axes if axis.is_bare]

    def has(self, key: str) -> bool:
        """Return whether the document has a section, by its key."""
        return key in self.sections

    @property
    def filled_sections(self) -> list[Section]:
        """The chosen sections for which there is content."""
        chosen = (BY_KEY[key] for key in self.sections if key in BY_KEY)
        return [section for section in chosen if section.needs(self)]

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The lines of its contents."""
        return [line for section in self.filled_sections for line in section.chapters_in(self)]

    @property
    def is_long(self) -> bool:
        """Whether its contents are set closer, to stay on a page."""
        return LONG < sum(1 + len(chapter.below) for chapter in self.chapters) <= LONGEST

    @property
    def summary_title(self) -> str:
        return f"{self.period.in_brief} en une page"

    @property
    def bare_title(self) -> str:
        """« Axes sans suivi en 2023 »."""
        return f"{self.words.axes} sans suivi {self.period.within}"

    @property
    def gaps_title(self) -> str:
        """The title of the annex of what is missing."""
        has_notes = self.has_actions and not self.period.is_term
        what = "Chiffres et bilans manquants" if has_notes else "Chiffres manquants"
        return f"{what} ou provisoires"

    @property
    def has_actions(self) -> bool:
        return any(theme.actions for axis in self.axes for theme in axis.themes)
