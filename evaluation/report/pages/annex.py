"""Lay out the annex of data: all series, all communes, actions, objectives, definitions."""

from dataclasses import dataclass
from functools import cached_property

from evaluation.report.content import ReportContent
from evaluation.report.pages.plate import CommunesTable
from evaluation.report.pages.stories import Story
from evaluation.report.pages.themes import ThemePage
from evaluation.report.pages.whole import ReportPages

MOST_YEARS, MOST_COLUMNS = 8, 18


@dataclass(frozen=True)
class SeriesRow:
    """An indicator with a cell for each year of the table."""

    story: Story
    years: list[int]

    @property
    def cells(self) -> list[str]:
        by_year = {point.year: point.text for point in self.story.points}
        return [by_year.get(year, "") for year in self.years]

    @property
    def source(self) -> str:
        return " ; ".join(self.story.sources)

    @property
    def baseline(self) -> str:
        row = self.story.row
        return f"{row.baseline} ({row.baseline_year})" if row.baseline_year else row.baseline

    @property
    def target(self) -> str:
        row = self.story.row
        return f"{row.target} ({row.target_year})" if row.target_year else row.target


@dataclass(frozen=True)
class Annex:
    """The annex of a content."""

    content: ReportContent

    @cached_property
    def pages(self) -> ReportPages:
        return ReportPages(self.content)

    @property
    def full_title(self) -> str:
        return f"{self.content.title}, annexe statistique – {self.content.territory}"

    @property
    def themes(self) -> list[ThemePage]:
        return self.pages.themes

    @cached_property
    def years(self) -> list[int]:
        years = {p.year for page in self.themes for story in page.stories for p in story.points}
        return sorted(years)[-MOST_YEARS:]

    @property
    def series(self) -> list[tuple[ThemePage, list[SeriesRow]]]:
        """The indicators of each theme that has some."""
        return [
            (page, [SeriesRow(story, self.years) for story in page.stories])
            for page in self.themes
            if page.stories
        ]

    @property
    def communes(self) -> list[CommunesTable]:
        """All indicators by commune, in tables of at most ``MOST_COLUMNS``."""
        rows = self.content.communes
        return [CommunesTable(rows[at : at + MOST_COLUMNS])
                for at in range(0, len(rows), MOST_COLUMNS)]  # fmt: skip

    @property
    def has_actions(self) -> bool:
        return self.content.has_actions

    @property
    def with_objectives(self) -> list[ThemePage]:
        """All themes with objectives, also those on which the year has nothing."""
        pages = [
            ThemePage(self.content, axis, theme, [])
            for axis in self.content.axes
            for theme in axis.themes
        ]
        return [page for page in pages if page.objectives]
