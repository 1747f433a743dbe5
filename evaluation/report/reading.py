"""A year of the evaluation as read from the database: by axis and theme, in a few queries."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from conventions.models import Axis, Convention, Theme
from conventions.reading import read_structure
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

    Themes are those in force on the last day of the year, within the term, and those under which
    there is an indicator, an action or a text. 15 queries.
    """
    year = campaign.year
    series = _by_theme(convention, _series_of(convention, campaign), year)
    actions = defaultdict(list)
    for one in read_plan(convention, year):
        actions[one.action.theme_id].append(one)
    texts = {
        narrative.theme_id: narrative
        for narrative in Narrative.objects.of(convention).filter(year=year)
    }
    told = {pk for pk, narrative in texts.items() if narrative.text.strip()}
    day = convention.reading_day(datetime.date(year, 12, 31))
    axes = read_structure(convention, day, held=series.keys() | actions.keys() | told).axes

    def reading(theme: Theme) -> ThemeReading:
        pk = theme.pk
        return ThemeReading(theme, year, series.get(pk, []), texts.get(pk), actions.get(pk, []))

    read = [AxisReading(axis, [reading(theme) for theme in axis.themes_read]) for axis in axes]
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


def _by_theme(convention: Convention, series: list[Series], year: int) -> dict[int, list[Series]]:
    """By primary key of the theme that the year's definition names, else of today's."""
    named = [(one.definition_of(year).theme or {}).get("id") for one in series]
    there = Theme.objects.filter(axis__convention=convention, pk__in=filter(None, named))
    known = set(there.values_list("pk", flat=True))
    by_theme = defaultdict(list)
    for one, pk in zip(series, named, strict=True):
        by_theme[pk if pk in known else one.indicator.theme_id].append(one)
    return by_theme
