"""A year of the evaluation as read from the database: by axis and theme, in a few queries."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from conventions.models import Axis, Convention, Theme
from conventions.reading import axes_as_read
from evaluation.figures.counts import Counts, count
from evaluation.figures.series import Cell, Series, read_series
from evaluation.models import Campaign, CampaignIndicator, Indicator, Narrative
from evaluation.report.plan import ActionReading, PlanCounts, count_plan, read_plan


@dataclass
class ThemeReading:
    """A theme in a year: its indicators with their figures up to then, its text, its actions."""

    theme: Theme
    year: int
    series: list[Series] = field(default_factory=list)
    narrative: Narrative | None = None
    actions: list[ActionReading] = field(default_factory=list)

    @cached_property
    def counts(self) -> Counts:
        return count(self.series, self.year)

    @property
    def plan(self) -> PlanCounts:
        return count_plan(self.actions)

    @property
    def text(self) -> str:
        return self.narrative.text.strip() if self.narrative else ""


@dataclass
class AxisReading:
    axis: Axis
    themes: list[ThemeReading]

    @cached_property
    def counts(self) -> Counts:
        return count(self.series, self.themes[0].year) if self.themes else count([], 0)

    @property
    def series(self) -> list[Series]:
        return [series for theme in self.themes for series in theme.series]

    @property
    def plan(self) -> PlanCounts:
        return count_plan(action for theme in self.themes for action in theme.actions)


@dataclass
class YearReading:
    """``axes`` in reading order, each with its themes; the indicators are the campaign's."""

    convention: Convention
    campaign: Campaign
    axes: list[AxisReading]

    @property
    def year(self) -> int:
        return self.campaign.year

    @property
    def themes(self) -> list[ThemeReading]:
        return [theme for axis in self.axes for theme in axis.themes]

    @cached_property
    def series(self) -> list[Series]:
        return [series for axis in self.axes for series in axis.series]

    @cached_property
    def counts(self) -> Counts:
        return count(self.series, self.year)

    @property
    def actions(self) -> list[ActionReading]:
        return [action for theme in self.themes for action in theme.actions]

    @cached_property
    def plan(self) -> PlanCounts:
        return count_plan(self.actions)

    @property
    def is_fictional(self) -> bool:
        """Whether something that is shown belongs to a demonstration."""
        return self.campaign.is_fictional or any(a.action.is_fictional for a in self.actions)

    @cached_property
    def years(self) -> list[int]:
        """The years collected up to this one."""
        return sorted({cell.year for s in self.series for cell in s.collected} | {self.year})

    @property
    def cells(self) -> Iterator[tuple[Series, Cell]]:
        """The year's own figure of each indicator."""
        return ((series, series.by_year[self.year]) for series in self.series)

    @cached_property
    def missing(self) -> list[tuple[Series, Cell]]:
        """The indicators that have no number for the year, whatever the reason; not the secret."""
        return [
            (series, cell)
            for series, cell in self.cells
            if not cell.figure.is_number and not cell.figure.is_masked
        ]

    @cached_property
    def provisional(self) -> list[tuple[Series, Cell]]:
        """The figures that their provider may still change, or that nobody has verified."""
        return [
            (series, cell)
            for series, cell in self.cells
            if not cell.figure.is_missing
            and (cell.figure.is_provisional or not cell.figure.is_verified)
        ]

    @property
    def untold(self) -> list[ThemeReading]:
        """The themes with indicators of which nothing is written yet."""
        return [theme for theme in self.themes if theme.series and not theme.text]


def read_year(convention: Convention, campaign: Campaign) -> YearReading:
    """The year of ``campaign``: indicators by their frozen definitions and actions as they stood,
    under their theme.

    Themes are those in force on the last day of the year, within the term; one that is not any
    more, but under which there is an indicator or an action, is added to its axis. 15 queries.
    """
    year = campaign.year
    axes = axes_as_read(convention, convention.reading_day(datetime.date(year, 12, 31)))
    for axis in axes:
        axis.convention = convention
    known = {theme.pk for axis in axes for theme in axis.themes_read}
    series = _by_theme(_series_of(convention, campaign), year, known)
    actions = defaultdict(list)
    for one in read_plan(convention, year):
        actions[one.action.theme_id].append(one)
    texts = {
        narrative.theme_id: narrative
        for narrative in Narrative.objects.of(convention).filter(year=year)
    }

    def reading(theme: Theme) -> ThemeReading:
        pk = theme.pk
        return ThemeReading(theme, year, series.get(pk, []), texts.get(pk), actions.get(pk, []))

    read = [AxisReading(axis, [reading(theme) for theme in axis.themes_read]) for axis in axes]
    gone = {pk: found[0].action.theme for pk, found in actions.items()}
    gone |= {pk: found[0].indicator.theme for pk, found in series.items()}
    _add_gone(read, [theme for pk, theme in gone.items() if pk not in known], reading)
    return YearReading(convention, campaign, read)


def _series_of(convention: Convention, campaign: Campaign) -> list[Series]:
    if campaign.is_prepared:
        return []
    asked = CampaignIndicator.objects.filter(campaign=campaign).order_by()
    indicators = Indicator.objects.filter(pk__in=asked.values("indicator"))
    indicators = list(indicators.select_related("theme__axis").in_reading_order())
    for indicator in indicators:
        indicator.convention = indicator.theme.axis.convention = convention
    return read_series(convention, indicators, until=campaign.year)


def _by_theme(series: Iterable[Series], year: int, known: set[int]) -> dict[int, list[Series]]:
    """By primary key of the theme that the year's definition names, if it is read, else today's."""
    by_theme = defaultdict(list)
    for one in series:
        named = (one.definition_of(year).theme or {}).get("id")
        by_theme[named if named in known else one.indicator.theme_id].append(one)
    return by_theme


def _add_gone(read: list[AxisReading], gone: list[Theme], reading) -> None:
    """Add the themes that are not read any more, so that nothing is lost."""
    by_number = {axis.axis.number: axis for axis in read}
    for theme in gone:
        if theme.axis.number not in by_number:
            by_number[theme.axis.number] = AxisReading(theme.axis, [])
            theme.axis.themes_read = []
            read.append(by_number[theme.axis.number])
        theme.orientations = []
        by_number[theme.axis.number].themes.append(reading(theme))
    read.sort(key=lambda axis: axis.axis.number)
