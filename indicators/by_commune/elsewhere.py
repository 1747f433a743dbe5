"""What figures by commune bring to the page of a commune: each beside the territory's median."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from accounts.models import User
from conventions.models import Commune, Convention
from ctg_portal.house import CommuneSection
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from indicators.by_commune.drawing import number_told
from indicators.by_commune.reading import CommuneYear, read_by_commune
from indicators.definitions.adding_up import is_summable
from indicators.definitions.models import Indicator
from indicators.disclosure import DisclosedFigure
from indicators.figures.campaigns import CampaignIndicator, CampaignState

# How many lines of a list are shown, and how many more are worth no fold.
SHOWN, FEW = 8, 3


@dataclass(frozen=True)
class Beside:
    """A figure of the commune, and what the communes of the territory have."""

    indicator: Indicator
    one: CommuneYear
    figure: DisclosedFigure

    @property
    def title(self) -> str:
        return self.one.definition.title

    @property
    def words(self) -> str:
        """« 25 places », or in words why there is no number."""
        figure, definition = self.figure, self.one.definition
        if figure.is_missing:
            return "pas transmis"
        if not figure.is_number:
            return figure.words
        return number_told(figure, "" if definition.is_percentage else definition.unit)

    @property
    def is_secret(self) -> bool:
        return self.figure.is_masked and not self.figure.is_pending

    @cached_property
    def is_placed(self) -> bool:
        """Whether it is told on which side of the median it is: of ratios and rates. A town has
        more children than a village, which says nothing of either."""
        definition = self.one.definition
        adds_up = is_summable(definition.title, definition.unit, definition.calculation)
        return self.figure.is_number and not adds_up

    @property
    def onward(self) -> str:
        """What stands between the figure and what is told of the median; nothing without that."""
        if not self.comparison:
            return ""
        return "," if self.is_placed else "\u00a0;"

    @cached_property
    def comparison(self) -> str:
        """« au-dessus de la médiane des communes (12,4 %) »; of a count, and of a commune without
        a number, the median alone."""
        median, told = self.one.median, self.one.median_told
        if median is None:
            return ""
        if not self.is_placed:
            return f"médiane des communes : {told}"
        if self.figure.number == median:
            return f"à la médiane des communes ({told})"
        where = "au-dessus" if self.figure.number > median else "au-dessous"
        return f"{where} de la médiane des communes ({told})"


class Line(NamedTuple):
    """The same as it is shown."""

    title: str
    url: str
    words: str
    is_secret: bool
    onward: str
    comparison: str
    source: str

    @classmethod
    def of(cls, beside: Beside) -> "Line":
        return cls(
            beside.title,
            beside.indicator.get_absolute_url(),
            beside.words,
            beside.is_secret,
            beside.onward,
            beside.comparison,
            beside.one.source,
        )


@dataclass(frozen=True)
class CommuneFigures:
    """The figures of a commune in a year that is closed. ``lines``: none where the commune was not
    of the territory then."""

    commune: Commune
    year: int
    lines: list[Line]
    is_fictional: bool

    @property
    def first(self) -> list[Line]:
        """Those that are read at once; all, where few more are there."""
        return self.lines[:SHOWN] if len(self.lines) > SHOWN + FEW else self.lines

    @property
    def others(self) -> list[Line]:
        return self.lines[len(self.first) :]


def commune_figures(user: User, commune: Commune, year: int | None) -> Iterator[CommuneSection]:
    """The figures asked of each commune in the ``year`` that is read, if it is closed, or else in
    the last one that is; nothing where none ever was."""
    convention = commune.convention
    years = _closed_years(convention)
    if not years:
        return
    year = year if year in years else max(years)
    lines, is_fictional = _lines_of(convention, commune.pk, year)
    part = CommuneFigures(commune, year, lines, is_fictional)
    yield CommuneSection("indicators/by_commune/commune_section.html", part)


def _closed(convention: Convention):
    entries = CampaignIndicator.objects.of(convention).by_commune()
    return entries.filter(campaign__state=CampaignState.CLOSED)


@cached(Subject.FIGURES)
def _closed_years(convention: Convention) -> set[int]:
    """The years that are closed, in which something was asked of each commune."""
    return set(_closed(convention).order_by().values_list("campaign__year", flat=True).distinct())


@cached(Subject.FIGURES, Subject.COMMITTEE, Subject.TEXT)
def _lines_of(convention: Convention, commune: int, year: int) -> tuple[list[Line], bool]:
    """The figures of a commune in a year that is closed, and whether one of them is fictional."""
    asked = _closed(convention).filter(campaign__year=year)
    rows = Indicator.objects.filter(campaign_indicators__in=asked).select_related("theme__axis")
    indicators = list(rows.in_reading_order())
    read = read_by_commune(convention, indicators, year=year)
    found = []
    for indicator in indicators:
        indicator.convention = convention
        [one] = read[indicator.pk]
        own = (figure for known, figure in one.figures if known.pk == commune)
        found += [Beside(indicator, one, figure) for figure in own]
    is_fictional = any(beside.one.entry.campaign.is_fictional for beside in found)
    return [Line.of(beside) for beside in found], is_fictional
