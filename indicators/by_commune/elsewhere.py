"""Bring figures by commune to the page of a commune, each beside the territory's median."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from accounts.models import User
from conventions.models import Commune, Convention
from ctg_portal.house import CommuneSection
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import STATISTICS, Subject
from indicators.by_commune.drawing import format_number_of
from indicators.by_commune.reading import CommuneYear, read_by_commune
from indicators.definitions.models import Indicator
from indicators.disclosure import DisclosedFigure
from indicators.figures.campaigns import CampaignIndicator, CampaignIndicatorQuerySet, CampaignState
from indicators.series.mentions import merge_mentions

SHOWN = 5  # lines; the others are folded


@dataclass(frozen=True)
class ComparedFigure:
    """A figure of the commune, compared with the communes of the territory."""

    indicator: Indicator
    commune_year: CommuneYear
    commune: Commune
    figure: DisclosedFigure

    @property
    def words(self) -> str:
        """The figure, « 25 places », or why there is no number: « pas transmis », « secret »…"""
        figure, definition = self.figure, self.commune_year.definition
        if figure.is_missing:
            return "pas transmis"
        if not figure.is_number:
            return figure.words
        text = format_number_of(figure, "" if definition.is_percentage else definition.unit)
        ratio = self.compared
        if self.commune_year.per and ratio.is_number:
            about = "environ " if ratio.is_rounded else ""
            return f"{text}, soit {about}{ratio.text} {self.commune_year.per}"
        return text

    @cached_property
    def compared(self) -> DisclosedFigure:
        """The figure by which the commune is compared: of a count, that for 100 of a population. A
        town has more children than a village, which says nothing of either."""
        return self.commune_year.ratio(self.commune) or self.figure

    @property
    def is_placed(self) -> bool:
        """Whether it says on which side of the median it is."""
        return self.compared.is_number

    @property
    def source(self) -> str:
        """The source of the figure, and of the population that divides it."""
        own, divided = self.commune_year.source_of(self.figure), self.commune_year.denominators
        return f"{own} · {divided.source}" if divided and self.is_placed else own

    @property
    def onward(self) -> str:
        """The punctuation between figure and comparison; empty without a comparison."""
        if not self.comparison:
            return ""
        return "," if self.is_placed else "\u00a0;"

    @cached_property
    def comparison(self) -> str:
        """« au-dessus de la médiane des communes (12,4 %) »; the median alone for a commune without
        a number; empty if too few communes have one, or communes are not compared."""
        median, median_text = self.commune_year.median, self.commune_year.median_text
        if median is None:
            return ""
        if not self.is_placed:
            return f"médiane des communes : {median_text}"
        if self.compared.number == median:
            return f"à la médiane des communes ({median_text})"
        where = "au-dessus" if self.compared.number > median else "au-dessous"
        return f"{where} de la médiane des communes ({median_text})"


class ComparedLine(NamedTuple):
    """A compared figure as it is shown. ``is_compared``: beside the median of the communes."""

    title: str
    url: str
    words: str
    is_secret: bool
    onward: str
    comparison: str
    source: str
    is_compared: bool

    @classmethod
    def of(cls, compared: ComparedFigure) -> "ComparedLine":
        """Return a compared figure as a line of texts, as the commune's page shows it."""
        return cls(
            compared.commune_year.definition.title,
            compared.indicator.get_absolute_url(),
            compared.words,
            compared.figure.is_masked and not compared.figure.is_pending,
            compared.onward,
            compared.comparison,
            compared.source,
            compared.is_placed and bool(compared.comparison),
        )


@dataclass(frozen=True)
class CommuneFigures:
    """The figures of a commune in a closed year; no ``lines`` if it was outside the territory."""

    commune: Commune
    year: int
    lines: list[ComparedLine]

    @property
    def first(self) -> list[ComparedLine]:
        """The lines shown unfolded: what is compared with other communes, before what is not."""
        return sorted(self.lines, key=lambda line: not line.is_compared)[:SHOWN]

    @property
    def others(self) -> list[ComparedLine]:
        first = self.first
        return [line for line in self.lines if line not in first]

    @property
    def first_sources(self) -> list[str]:
        return merge_mentions(line.source for line in self.first)

    @property
    def other_sources(self) -> list[str]:
        return merge_mentions(line.source for line in self.others)


def commune_figures(user: User, commune: Commune, year: int | None) -> Iterator[CommuneSection]:
    """Yield the section of a commune's page with its figures in ``year`` if closed, else in the
    last closed year; nothing without a closed year of figures by commune. Alike for all users."""
    convention = commune.convention
    years = _closed_years(convention)
    if not years:
        return
    year = year if year in years else max(years)
    part = CommuneFigures(commune, year, _lines_of(convention, commune.pk, year))
    yield CommuneSection("indicators/by_commune/commune_section.html", part)


def _closed_entries(convention: Convention) -> CampaignIndicatorQuerySet:
    """Return the entries asked of each commune in closed campaigns."""
    entries = CampaignIndicator.objects.of(convention).by_commune()
    return entries.filter(campaign__state=CampaignState.CLOSED)


@cached(Subject.FIGURES)
def _closed_years(convention: Convention) -> set[int]:
    """Return the closed years in which a figure was asked of each commune."""
    entries = _closed_entries(convention).order_by()
    return set(entries.values_list("campaign__year", flat=True).distinct())


@cached(Subject.FIGURES, Subject.COMMITTEE, Subject.TEXT, shared=(STATISTICS,))
def _lines_of(convention: Convention, commune: int, year: int) -> list[ComparedLine]:
    """Return a commune's lines of a closed year, in reading order."""
    asked = _closed_entries(convention).filter(campaign__year=year)
    rows = Indicator.objects.filter(campaign_indicators__in=asked).select_related("theme__axis")
    indicators = list(rows.in_reading_order())
    read = read_by_commune(convention, indicators, year=year)
    compared_figures = []
    for indicator in indicators:
        indicator.convention = convention
        [commune_year] = read[indicator.pk]
        compared_figures += [
            ComparedFigure(indicator, commune_year, known, figure)
            for known, figure in commune_year.figures
            if known.pk == commune
        ]
    return [ComparedLine.of(compared) for compared in compared_figures]
