"""A year, or the whole term, as read from the database: by axis and theme, in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from conventions.legal.reading import read_structure, themes_by_key
from conventions.legal.words import Word
from conventions.models import Axis, Convention, Theme
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from evaluation.cooperation.lines import PostLine, PostOverYears
from evaluation.images.image import TextImage
from evaluation.period import Period
from evaluation.stakes.reading import StakeReading, read_stakes
from evaluation.texts.criteria import CriterionReading, read_criteria
from evaluation.texts.models import Part
from evaluation.verdicts.words import AppreciationCounts, count_verdicts
from evaluation.year.agreed import Agreed, agreed_in
from evaluation.year.objectives import ObjectiveReading, link_to_objectives, read_objectives
from evaluation.year.plan import ActionReading, PlanCounts, count_plan, read_plan
from evaluation.year.texts import YearTexts, written_texts
from indicators.by_commune.reading import CommuneYear, commune_years
from indicators.collection.dashboard import campaigns_of
from indicators.models import Campaign, CampaignIndicator, CampaignState, Indicator, Value
from indicators.series.attainment import MOVEMENT_WORDS, Attainment, Movement, TargetState
from indicators.series.counts import COMPARED, IndicatorCounts, count
from indicators.series.reading import Cell, FigureRows, Series, YearFigure, read_rows, series_of

NO_TEXTS = YearTexts()
EMPTY: Mapping = {}
NOTHING_AGREED = Agreed()


@dataclass(frozen=True)
class FigureReading:
    """An indicator in a year, in words: what the page, the summary, the tables and the annexes of
    the report say of it. ``from_start``: beside where it started from, not the year before."""

    series: Series
    cell: Cell
    from_start: bool = False

    @property
    def year(self) -> int:
        return self.cell.year

    @property
    def title(self) -> str:
        return self.cell.definition.title

    @property
    def url(self) -> str:
        return self.series.indicator.get_absolute_url()

    @property
    def anchor(self) -> str:
        return self.series.indicator.anchor

    @property
    def colour(self) -> int:
        return self.series.indicator.theme.axis.colour

    @property
    def number(self) -> str:
        """« 438 places », « 12 % »; only where the figure is a number, which may be partial."""
        definition, text = self.cell.definition, self.cell.figure.text
        return text if definition.is_percentage else f"{text} {definition.unit}".strip()

    @property
    def figure(self) -> str:
        """« 438 places (partiel : 41 communes sur 47) », or why there is no number."""
        figure = self.cell.figure
        if figure.is_number:
            return f"{self.number} (partiel : {figure.partial})" if figure.partial else self.number
        return figure.words if figure.is_masked else self.why_missing

    @property
    def why_missing(self) -> str:
        """« non disponible : l’enquête n’a pas eu lieu »; only where there is no number."""
        figure = self.cell.figure
        if figure.is_missing:
            return "chiffre non transmis"
        reason = figure.reason.strip()
        return f"{figure.words} : {reason}" if reason else figure.words

    @property
    def before(self) -> str:
        """The figure that it is compared to, « 431 en 2022 »; empty without one."""
        before = self.compared_to
        return f"{before.figure.words} en {before.year}" if before else ""

    @cached_property
    def compared_to(self) -> YearFigure | None:
        """The baseline if ``from_start``, else the last earlier figure, comparable or not."""
        return self.series.before(self.year, from_start=self.from_start)

    @property
    def comparable(self) -> Decimal | None:
        """The number of ``compared_to``; None where the two may not be compared."""
        return self.series.comparable_before(self.year, from_start=self.from_start)

    @cached_property
    def movement(self) -> Movement:
        return self.series.movement(self.year, from_start=self.from_start)

    @property
    def movement_words(self) -> str:
        """« en progrès depuis 2022 »; « rupture de série » where nothing is compared."""
        movement, before = self.movement, self.compared_to
        words = MOVEMENT_WORDS[movement]
        return f"{words} depuis {before.year}" if movement in COMPARED and before else words

    @property
    def aimed_at(self) -> str:
        """The target that counts for the year, « 448 »; empty without one."""
        aim = self.series.aim(self.year)
        return self.cell.definition.show(aim.value) if aim else ""

    @property
    def until(self) -> str:
        """« en 2024 », « à terme »: when the target is to be reached."""
        aim = self.series.aim(self.year)
        return f"en {aim.year}" if aim and aim.year else "à terme"

    @property
    def aim(self) -> str:
        return f"{self.aimed_at} {self.until}" if self.aimed_at else ""

    @property
    def attainment(self) -> Attainment | None:
        return self.series.attainment(self.year)

    @property
    def is_reached(self) -> bool:
        return self.series.target_state(self.year) == TargetState.REACHED

    @property
    def lacks_baseline(self) -> bool:
        """Whether a baseline is asked for, as of all but the context, and neither the
        definition of the year nor the indicator of today has one."""
        definition = self.cell.definition
        is_without = definition.baseline is None and self.series.indicator.baseline_value is None
        return not definition.is_context and is_without

    @property
    def notes(self) -> list[str]:
        """The words for a figure that is not final: « provisoire », « pas encore vérifié »."""
        figure = self.cell.figure
        notes = [
            ("provisoire", figure.is_provisional),
            ("pas encore vérifié", not figure.is_verified and not figure.is_missing),
        ]
        return [words for words, holds in notes if holds]

    @property
    def remarks(self) -> str:
        """``notes``, and whether it is rounded: « provisoire, arrondi »; empty for a final one."""
        rounded = ["arrondi"] if self.cell.figure.is_rounded else []
        return ", ".join([*self.notes, *rounded])


@dataclass
class ThemeReading:
    """A theme in a year or the term, with its figures up to then, text, actions and objectives.
    ``year``: of its figures; for the term, the last collected one."""

    theme: Theme
    period: Period
    year: int
    series: list[Series] = field(default_factory=list)
    text: str = ""
    actions: list[ActionReading] = field(default_factory=list)
    objectives: list[ObjectiveReading] = field(default_factory=list)

    @cached_property
    def counts(self) -> IndicatorCounts:
        return count(self.series, self.year, from_start=self.period.is_term)

    @property
    def word(self) -> Word:
        return self.theme.axis.convention.words.objective

    @property
    def appreciations(self) -> AppreciationCounts:
        """The counts of verdicts on its objectives in force, those still to be given included."""
        counted = (objective for objective in self.objectives if objective.is_counted)
        return count_verdicts((objective.verdict for objective in counted), self.word)

    @cached_property
    def figures(self) -> list[FigureReading]:
        """The year's own figure of each indicator; for the term, beside where it started from."""
        is_term, year = self.period.is_term, self.year
        return [FigureReading(series, series.by_year[year], is_term) for series in self.series]

    @property
    def plan(self) -> PlanCounts:
        return count_plan(self.actions)


@dataclass
class AxisReading:
    axis: Axis
    period: Period
    themes: list[ThemeReading]

    @cached_property
    def counts(self) -> IndicatorCounts:
        """The counts of its indicators; all zero without a theme."""
        year = self.themes[0].year if self.themes else 0
        return count(self.series, year, from_start=self.period.is_term)

    @property
    def series(self) -> list[Series]:
        return [series for theme in self.themes for series in theme.series]

    @property
    def plan(self) -> PlanCounts:
        return count_plan(action for theme in self.themes for action in theme.actions)

    @property
    def appreciations(self) -> AppreciationCounts:
        """The counts of verdicts on its objectives in force, those still to be given included."""
        objectives = [objective for theme in self.themes for objective in theme.objectives]
        counted = (objective for objective in objectives if objective.is_counted)
        word = self.axis.convention.words.objective
        return count_verdicts((objective.verdict for objective in counted), word)


@dataclass
class YearReading:
    """A year, or the term: ``axes`` in reading order, each with its themes; the indicators are
    those of the ``campaign``. ``texts``: the written texts about the whole, by part; ``images``: of
    all texts; ``criteria``: of the term alone. ``stakes``: those in force when the period ended;
    ``posts``: the posts of cooperation in a year; ``posts_over_years``: over the term."""

    convention: Convention
    campaign: Campaign
    period: Period
    axes: list[AxisReading]
    texts: dict[Part, str] = field(default_factory=dict)
    images: list[TextImage] = field(default_factory=list)
    criteria: list[CriterionReading] = field(default_factory=list)
    stakes: list[StakeReading] = field(default_factory=list)
    posts: list[PostLine] = field(default_factory=list)
    posts_over_years: list[PostOverYears] = field(default_factory=list)

    @property
    def year(self) -> int:
        """The year of the figures: of a term, its last one."""
        return self.campaign.year

    @property
    def themes(self) -> list[ThemeReading]:
        return [theme for axis in self.axes for theme in axis.themes]

    @cached_property
    def series(self) -> list[Series]:
        return [series for axis in self.axes for series in axis.series]

    @cached_property
    def by_commune(self) -> list[CommuneYear]:
        """The year's figures by commune, in reading order, of the indicators for which some are
        given. Many rows, read on first use; no query where none was asked for."""
        entries = (series.by_year[self.year].entry for series in self.series)
        asked = [entry for entry in entries if entry is not None and entry.is_by_commune]
        return [figures for figures in commune_years(asked) if figures.is_given]

    @cached_property
    def counts(self) -> IndicatorCounts:
        return count(self.series, self.year, from_start=self.period.is_term)

    @property
    def word(self) -> Word:
        """The territory's word for its themes; for its axes, where it has no themes."""
        words = self.convention.words
        return words.theme if any(one.theme.title for one in self.themes) else words.axis

    @property
    def actions(self) -> list[ActionReading]:
        return [action for theme in self.themes for action in theme.actions]

    @cached_property
    def plan(self) -> PlanCounts:
        return count_plan(self.actions)

    @property
    def objectives(self) -> list[ObjectiveReading]:
        return [one for theme in self.themes for one in theme.objectives if one.is_in_force]

    @property
    def appreciations(self) -> AppreciationCounts:
        """The counts of verdicts on its objectives in force, those still to be given included."""
        verdicts = (one.verdict for one in self.objectives if one.is_counted)
        return count_verdicts(verdicts, self.convention.words.objective)

    @property
    def is_fictional(self) -> bool:
        return self.campaign.is_fictional or any(a.action.is_fictional for a in self.actions)

    @cached_property
    def years(self) -> list[int]:
        """The years in which its indicators were collected, this one included, in order."""
        cells = (cell for series in self.series for cell in series.collected)
        return sorted({cell.year for cell in cells} | {self.year})

    @cached_property
    def figures(self) -> list[FigureReading]:
        return [one for theme in self.themes for one in theme.figures]

    @property
    def missing(self) -> list[FigureReading]:
        """The figures without a number, whatever the reason, but for those that are masked."""
        return [
            reading
            for reading in self.figures
            if not reading.cell.figure.is_number and not reading.cell.figure.is_masked
        ]

    @property
    def provisional(self) -> list[FigureReading]:
        """The figures of some communes only, provisional, or not verified."""
        shown = [one for one in self.figures if not one.cell.figure.is_missing]
        return [one for one in shown if one.notes or one.cell.figure.partial]


def read_year(
    convention: Convention,
    campaign: Campaign,
    texts: YearTexts | None = None,
    period: Period | None = None,
) -> YearReading:
    """Read the year of ``campaign``, or a ``period`` that has its figures (the term): indicators by
    their frozen definitions, actions as they stood at its end, and ``texts``, by default those that
    are written now, under their themes.

    Themes are those in force on the last day within the term, and those that have an indicator, an
    action or a text. 20 queries, and those of the texts, when no part is cached.
    """
    period = period or Period(campaign.year)
    texts = written_texts(convention, period.year) if texts is None else texts
    agreed = agreed_in(convention, period)
    axes = _read_axes(
        convention,
        period,
        campaign.year,
        series=read_figures(convention, campaign.year),
        actions=read_plan(convention, period),
        texts=texts,
        agreed=agreed,
    )
    reading = YearReading(
        convention,
        campaign,
        period,
        axes,
        texts=texts.parts,
        images=texts.images,
        criteria=read_criteria(convention, texts.criteria) if period.is_term else [],
        stakes=read_stakes(agreed.stakes, texts.stakes),
        posts=texts.posts,
        posts_over_years=texts.posts_over_years,
    )
    link_to_objectives(reading.objectives, reading.actions, reading.series, campaign.year)
    for objective in reading.objectives:
        objective.verdicts = texts.verdicts.get(objective.objective.pk, {})
    return reading


def read_figures_alone(convention: Convention, period: Period) -> YearReading:
    """Read a year, or the term, that has a collection, with its themes and figures alone."""
    campaign = period.campaign(convention)
    series = read_figures(convention, campaign.year)
    axes = _read_axes(convention, period, campaign.year, series=series)
    return YearReading(convention, campaign, period, axes)


def read_actions_alone(convention: Convention, period: Period) -> list[ThemeReading]:
    """Read the themes of a year, or the term, with their actions alone, in reading order."""
    year = period.last_day(convention).year
    axes = _read_axes(convention, period, year, actions=read_plan(convention, period))
    return [theme for axis in axes for theme in axis.themes]


def _read_axes(
    convention: Convention,
    period: Period,
    year: int,
    *,
    series: Mapping[int, list[Series]] = EMPTY,
    actions: Iterable[ActionReading] = (),
    texts: YearTexts = NO_TEXTS,
    agreed: Agreed = NOTHING_AGREED,
) -> list[AxisReading]:
    """Sort what is read of a year by theme, under its axis: the themes in force on its last day,
    and those that have an indicator, an action or a text."""
    actions_by_theme = defaultdict(list)
    for action in actions:
        actions_by_theme[action.action.theme_id].append(action)
    day = convention.reading_day(period.last_day(convention))
    with_content = frozenset(series.keys() | actions_by_theme.keys() | texts.themes.keys())
    axes = read_structure(convention, day, requested=with_content).axes
    objectives_by_theme = read_objectives(agreed, axes, texts.objectives)

    def reading(theme: Theme) -> ThemeReading:
        """Return a theme with all that was read of it."""
        pk = theme.pk
        return ThemeReading(
            theme,
            period,
            year,
            series.get(pk, []),
            texts.themes.get(pk, ""),
            actions_by_theme.get(pk, []),
            objectives_by_theme[pk],
        )

    return [
        AxisReading(axis, period, [reading(theme) for theme in axis.themes_read]) for axis in axes
    ]


@cached(Subject.FIGURES, Subject.TEXT)
def read_figures(convention: Convention, year: int) -> dict[int, list[Series]]:
    """Read the series collected in a year that has a collection, by primary key of their theme
    then. Six queries."""
    return read_campaign_figures(
        convention,
        next(campaign for campaign in campaigns_of([convention]) if campaign.year == year),
    )


def read_campaign_figures(convention: Convention, campaign: Campaign) -> dict[int, list[Series]]:
    """Read a collection as ``read_figures`` does, uncached but for its rows; nothing while it is
    only prepared."""
    if campaign.is_prepared:
        return {}
    themes = themes_by_key(convention)
    indicators, rows = _rows_of(convention, campaign.year)
    for indicator in indicators:
        indicator.convention, indicator.theme = convention, themes[indicator.theme_id]
    return _by_theme(series_of(convention, indicators, rows), themes, campaign.year)


@cached(Subject.FIGURES)
def _rows_of(convention: Convention, year: int) -> tuple[list[Indicator], FigureRows]:
    """Return the indicators asked for in a year that has a collection, as their rows are today, and
    the rows of their figures up to then. Six queries."""
    campaign = next(row for row in campaigns_of([convention]) if row.year == year)
    asked = CampaignIndicator.objects.filter(campaign=campaign).order_by()
    indicators = list(Indicator.objects.filter(pk__in=asked.values("indicator")).order_by("pk"))
    keys = [indicator.pk for indicator in indicators]
    return indicators, read_rows(keys, _campaigns_shown_with(campaign))


def _campaigns_shown_with(campaign: Campaign) -> QuerySet[Campaign]:
    """Return the collections whose figures a year shows: its own, and those of earlier years. An
    earlier year whose collection was opened after this one was closed counts only once it is closed
    too and has a figure, so that what the parties agree to does not move meanwhile."""
    campaigns = Campaign.objects.of(campaign.convention_id).up_to(campaign.year)
    if not campaign.is_closed:
        return campaigns
    given = Value.objects.shown().filter(campaign_indicator__campaign=OuterRef("pk"))
    is_settled = Q(Exists(given), state=CampaignState.CLOSED)
    is_earlier = Q(pk=campaign.pk) | Q(opened_at__lte=campaign.closed_at)
    return campaigns.filter(is_earlier | is_settled)


def _by_theme(
    series: list[Series], themes: Mapping[int, Theme], year: int
) -> dict[int, list[Series]]:
    """Group series by primary key of their theme: the one that the year's definition names if it
    still is among ``themes``, else that of the indicator today; each list by the indicators' rank.
    """
    by_theme = defaultdict(list)
    for each in series:
        named = (each.definition_of(year).theme or {}).get("id")
        by_theme[named if named in themes else each.indicator.theme_id].append(each)
    for theme_series in by_theme.values():
        theme_series.sort(key=lambda each: (each.indicator.rank, each.indicator.pk))
    return by_theme
