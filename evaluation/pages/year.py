"""What the page of a year shows: its counts, its figures with their movement, its texts."""

from dataclasses import dataclass

from django.urls import reverse

from conventions.models import Axis, Theme
from ctg_portal.templatetags.french import plural
from evaluation.figures.attainment import Attainment, Movement
from evaluation.figures.counts import Counts
from evaluation.figures.series import Cell, Series
from evaluation.report.actions import action_line
from evaluation.report.model import CountsRow
from evaluation.report.model_actions import ActionLine
from evaluation.report.parts import lead_of, movement_words, sentence_of
from evaluation.report.reading import AxisReading, ThemeReading, YearReading
from evaluation.report.summary import counts_row, why_missing


@dataclass(frozen=True)
class FigureRow:
    """An indicator in the list of a theme."""

    series: Series
    cell: Cell

    @property
    def url(self) -> str:
        return self.series.indicator.get_absolute_url()

    @property
    def title(self) -> str:
        return self.cell.definition.title

    @property
    def unit(self) -> str:
        definition = self.cell.definition
        return "" if definition.is_percentage else definition.unit

    @property
    def figure(self) -> str:
        """The figure with its unit, or why there is none."""
        figure = self.cell.figure
        if figure.is_number:
            return f"{figure.words} {self.unit}".strip()
        return figure.words if figure.is_masked else why_missing(self.cell)

    @property
    def notes(self) -> str:
        """What is to be known of the figure: « provisoire, pas encore vérifié »."""
        figure = self.cell.figure
        told = []
        if figure.is_provisional:
            told.append("provisoire")
        if not figure.is_verified and not figure.is_missing:
            told.append("pas encore vérifié")
        if figure.is_rounded:
            told.append("arrondi")
        return ", ".join(told)

    @property
    def before(self) -> str:
        """« 431 en 2022 »; empty without an earlier figure."""
        before = self.series.before(self.cell.year)
        return f"{before[1].words} en {before[0]}" if before else ""

    @property
    def movement(self) -> Movement:
        return self.series.movement(self.cell.year)

    @property
    def movement_words(self) -> str:
        return movement_words(self.series, self.cell.year)

    @property
    def aim(self) -> str:
        """« 448 en 2024 », « 448 à terme »; empty without a target."""
        aim = self.series.aim(self.cell.year)
        if aim is None:
            return ""
        until = f"en {aim.year}" if aim.year else "à terme"
        return f"{self.cell.definition.show(aim.value)} {until}"

    @property
    def attainment(self) -> Attainment | None:
        return self.series.attainment(self.cell.year)


@dataclass(frozen=True)
class ActionRow:
    """An action in the list of a theme: told as in the report, with its sheet."""

    line: ActionLine
    url: str


@dataclass(frozen=True)
class ThemeBlock:
    theme: Theme
    reading: ThemeReading
    rows: list[FigureRow]
    actions: list[ActionRow]
    lead: str
    write_url: str

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(row.cell.source for row in self.rows))


@dataclass(frozen=True)
class AxisBlock:
    axis: Axis
    themes: list[ThemeBlock]


@dataclass(frozen=True)
class YearPage:
    """The page: ``reading`` once read, in words and rows. ``shows_all``: the themes of which
    there is nothing yet too, for who writes their texts."""

    reading: YearReading
    shows_all: bool = False

    @property
    def title(self) -> str:
        return headline(self.reading)

    @property
    def axes(self) -> list[AxisBlock]:
        return [block for axis in self.reading.axes if (block := self._axis(axis)).themes]

    @property
    def counts(self) -> list[CountsRow]:
        return [
            counts_row(axis.axis.title, axis.axis.colour, axis.counts)
            for axis in self.reading.axes
            if axis.series
        ]

    @property
    def total(self) -> CountsRow:
        return counts_row("Ensemble", 0, self.reading.counts)

    def _axis(self, axis: AxisReading) -> AxisBlock:
        shown = [
            theme
            for theme in axis.themes
            if self.shows_all or theme.series or theme.text or theme.actions
        ]
        return AxisBlock(axis.axis, [self._theme(theme) for theme in shown])

    def _theme(self, theme: ThemeReading) -> ThemeBlock:
        rows = [FigureRow(series, series.by_year[theme.year]) for series in theme.series]
        actions = [
            ActionRow(action_line(one), one.action.get_absolute_url()) for one in theme.actions
        ]
        args = [self.reading.convention.slug, theme.year, theme.theme.pk]
        url = reverse("evaluation:narrative", args=args)
        return ThemeBlock(theme.theme, theme, rows, actions, lead_of(theme), url)


def headline(reading: YearReading) -> str:
    """What the year comes to, as the title of its page."""
    year, counts = reading.year, reading.counts
    if reading.campaign.is_prepared:
        return f"Évaluation {year} : le recueil n’est pas encore ouvert"
    if not counts.total:
        actions = len(reading.actions)
        beside = f", {plural(actions, 'action,actions')} au plan" if actions else ""
        return f"Évaluation {year} : aucun indicateur n’est suivi{beside}"
    if counts.missing == counts.total:
        return f"Évaluation {year} : {_awaited(counts)}"
    return f"Évaluation {year} : {sentence_of(counts)}"


def _awaited(counts: Counts) -> str:
    if counts.total == 1:
        return "le seul indicateur suivi est sans donnée"
    return f"les {counts.total} indicateurs suivis sont sans donnée"
