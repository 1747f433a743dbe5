"""An indicator as a list shows it: last figures, trend, target, where its agreement stands."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.safestring import SafeString

from agreements.answers.lights import Point
from conventions.models import Axis, Standing, Theme
from ctg_portal.text.colours import AXIS_COLOURS
from indicators.definitions.models import Indicator
from indicators.disclosure.figure import DisclosedFigure
from indicators.series.attainment import MOVEMENT_WORDS, Attainment, Movement
from indicators.series.charts import spark
from indicators.series.counts import COMPARED
from indicators.series.mentions import merge_mentions
from indicators.series.reading import Cell, Series, YearFigure


@dataclass(frozen=True)
class ListedIndicator:
    """An indicator as a list shows it. ``years``: the columns; ``point``: the version discussed,
    with each party's answer, None without one."""

    series: Series
    years: list[int]
    point: Point | None

    @property
    def indicator(self) -> Indicator:
        return self.series.indicator

    @property
    def unit(self) -> str:
        return self.series.definition.unit

    @cached_property
    def cells(self) -> list[Cell | None]:
        """The figure of each of ``years``; None where it was not asked for."""
        return [self.series.by_year.get(year) for year in self.years]

    @property
    def is_collected(self) -> bool:
        return any(cell is not None and cell.is_collected for cell in self.cells)

    @property
    def is_new(self) -> bool:
        """Whether it is not in force: a draft, proposed for the first time, or withdrawn."""
        return not self.indicator.is_agreed

    @cached_property
    def last_year(self) -> int | None:
        """The latest year with a figure, of all years; None without one."""
        last = self.series.last
        return last.year if last else None

    @cached_property
    def movement(self) -> Movement | None:
        return self.series.movement(self.last_year) if self.last_year else None

    @property
    def movement_words(self) -> str:
        """« en progrès en 2023 », or how partial the figure is; empty without a figure."""
        if self.movement in (None, Movement.CONTEXT):
            return MOVEMENT_WORDS.get(self.movement, "")
        if self.movement == Movement.PARTIAL:
            return f"{self.series.last.figure.partial_words} en {self.last_year}"
        return f"{MOVEMENT_WORDS[self.movement]} en {self.last_year}"

    @property
    def attainment(self) -> Attainment | None:
        return self.series.attainment(self.last_year) if self.last_year else None

    @property
    def aim_words(self) -> str:
        """The target at the last year with a figure: « 500 en 2024 », « 500 à terme »; or empty."""
        year = self.last_year or (self.years[-1] if self.years else 0)
        aim = self.series.aim(year)
        if aim is None:
            return ""
        return f"{self.series.definition.show(aim.value)} " + (
            f"en {aim.year}" if aim.year else "à terme"
        )

    @property
    def line(self) -> str:
        return spark(self.series)

    @property
    def colour(self) -> str:
        return AXIS_COLOURS[self.indicator.theme.axis.colour - 1]

    @property
    def sources(self) -> list[str]:
        """The source mentions of the figures shown, or the provider's if there is no figure."""
        return self.series.sources(self.years) or [self.indicator.provider.source]


@dataclass(frozen=True)
class Moved:
    """An indicator that went one way or the other in ``year``; ``share``: by how many percent,
    without its sign, 0 where that is undefined."""

    series: Series
    year: int

    @property
    def indicator(self) -> Indicator:
        return self.series.indicator

    @property
    def before(self) -> YearFigure | None:
        return self.series.before(self.year)

    @property
    def after(self) -> DisclosedFigure:
        return self.series.figure(self.year)

    @property
    def movement(self) -> Movement:
        return self.series.movement(self.year)

    @property
    def words(self) -> str:
        return MOVEMENT_WORDS[self.movement]

    @property
    def share(self) -> Decimal:
        return abs(self.series.variation(self.year) or Decimal(0))

    @property
    def place(self) -> tuple[bool, Decimal]:
        """Return the key by which the list is sorted: what recedes first, then what moved most."""
        return self.movement != Movement.SETBACK, -self.share


@dataclass(frozen=True)
class DrawnRow:
    """An indicator of the list, with its table row drawn (``line``). ``movement``: in the last
    closed year, None without one."""

    pk: int
    title: str
    standing: str
    theme: Theme
    sources: list[str]
    line: SafeString
    movement: Movement | None

    @property
    def is_draft(self) -> bool:
        return self.standing == Standing.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        return self.standing == Standing.WITHDRAWN


@dataclass(frozen=True)
class ListedTheme:
    """A theme with its rows on this page."""

    theme: Theme
    rows: list[DrawnRow]

    @property
    def tally(self) -> str:
        """« 3 en progrès, 1 en recul »: of its indicators in the last closed year; else empty."""
        counted = Counter(row.movement for row in self.rows)
        return ", ".join(
            f"{counted[movement]} {MOVEMENT_WORDS[movement]}"
            for movement in COMPARED
            if counted[movement]
        )

    @property
    def sources(self) -> list[str]:
        """The source mentions of its figures, each once (art. 5)."""
        return merge_mentions(source for row in self.rows for source in row.sources)


@dataclass(frozen=True)
class ListedAxis:
    axis: Axis
    themes: list[ListedTheme]
