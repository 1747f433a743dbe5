"""What the page of a year shows: its counts, its figures with their movement, its texts."""

from dataclasses import dataclass
from operator import attrgetter

from django.urls import reverse

from conventions.models import Axis, Theme
from ctg_portal.templatetags.french import plural
from documents.tables import Column
from evaluation.report.content import COUNTS, CountsRow
from evaluation.report.parts import lead_of, sentence_of
from evaluation.report.summary import counts_row
from evaluation.year.action_lines import ActionLine
from evaluation.year.actions import action_line
from evaluation.year.reading import FigureReading, ThemeReading, YearReading


@dataclass(frozen=True)
class ActionRow:
    """An action in the list of a theme: told as in the report, with its sheet."""

    line: ActionLine
    url: str


@dataclass(frozen=True)
class ThemeBlock:
    theme: Theme
    reading: ThemeReading
    rows: list[FigureReading]
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
        slug, year = self.reading.convention.slug, self.reading.year
        blocks = []
        for axis in self.reading.axes:
            themes = [
                ThemeBlock(
                    theme=theme.theme,
                    reading=theme,
                    rows=theme.figures,
                    actions=[
                        ActionRow(action_line(one), one.action.get_absolute_url())
                        for one in theme.actions
                    ],
                    lead=lead_of(theme),
                    write_url=reverse("evaluation:narrative", args=[slug, year, theme.theme.pk]),
                )
                for theme in axis.themes
                if self.shows_all or theme.series or theme.text or theme.actions
            ]
            if themes:
                blocks.append(AxisBlock(axis.axis, themes))
        return blocks

    @property
    def columns(self) -> list[Column]:
        """Those of the counts."""
        axis = self.reading.convention.words.axis.title
        return [Column(axis, attrgetter("title"), cell="evaluation/year/counts_axis.html"), *COUNTS]

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


def headline(reading: YearReading) -> str:
    """What the year comes to, as the title of its page."""
    year, counts = reading.year, reading.counts
    if reading.campaign.is_prepared:
        return f"Évaluation {year} : le recueil n’est pas encore ouvert"
    if not counts.total:
        actions = len(reading.actions)
        beside = f", {plural(actions, 'action,actions')} au plan" if actions else ""
        return f"Évaluation {year} : aucun indicateur n’est suivi{beside}"
    if counts.missing < counts.total:
        return f"Évaluation {year} : {sentence_of(counts)}"
    if counts.total == 1:
        return f"Évaluation {year} : le seul indicateur suivi est sans donnée"
    return f"Évaluation {year} : les {counts.total} indicateurs suivis sont sans donnée"
