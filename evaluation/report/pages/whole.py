"""Read the pages of a report from its content, for its templates."""

from dataclasses import dataclass
from functools import cached_property

from evaluation.report.content import ReportContent
from evaluation.report.pages.plate import Plate
from evaluation.report.pages.stories import Story, stories_by_theme
from evaluation.report.pages.themes import ThemePage, theme_pages
from evaluation.report.pages.year import YearPages

FEW_THEMES = 2


@dataclass(frozen=True)
class ReportPages:
    """What the pages of a report, its short version and its annex show of a content."""

    content: ReportContent

    @cached_property
    def stories(self) -> dict[str, list[Story]]:
        return stories_by_theme(self.content)

    @cached_property
    def themes(self) -> list[ThemePage]:
        return theme_pages(self.content, self.stories)

    @cached_property
    def year(self) -> YearPages:
        return YearPages(self.content, self.themes)

    @cached_property
    def plate(self) -> Plate:
        return Plate(self.content)

    @property
    def is_brief(self) -> bool:
        """Whether so few themes have content that its chapters share their pages."""
        return len([page for page in self.themes if not page.theme.is_bare]) <= FEW_THEMES

    @property
    def first_story(self) -> Story | None:
        """The indicator that explains how drawings are read: that with most figures."""
        drawn = [story for page in self.themes for story in page.drawn]
        return max(drawn, key=lambda story: len(story.numbers), default=None)

    @property
    def logo_size(self) -> str:
        """The class of the logos on the cover: the more parties, the smaller."""
        count = len(self.content.parties)
        return next(size for least, size in ((10, "crowd"), (4, "many"), (0, "")) if count >= least)

    @property
    def explained_colour(self) -> int:
        return self.first_story.colour if self.first_story else 1
