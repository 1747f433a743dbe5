"""The body of the report: axes, their themes, tables of indicators and drawings."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.text import Truncator

from evaluation.period import Period
from evaluation.report.content import (
    CaptionedChart,
    Columns,
    FigureCell,
    IndicatorRow,
    ReportAxis,
    ReportTheme,
)
from evaluation.report.objectives import LightsByVersion, committee_in, signed_in
from evaluation.year.actions import action_line
from evaluation.year.reading import AxisReading, FigureReading, ThemeReading, YearReading
from indicators.disclosure import MASKED, MISSING, PENDING, SIGNS, WORDS
from indicators.disclosure.words import MEANING
from indicators.series.attainment import Movement
from indicators.series.charts import trend_chart
from indicators.series.counts import IndicatorCounts
from indicators.series.mentions import merge_mentions
from indicators.series.reading import Cell, Series
from indicators.statistics.source import shorten_mention

CAPTION = 90  # characters
NOT_COLLECTED = FigureCell("")
PROVISIONAL, UNVERIFIED, BREAK = "p", "*", "≠"
# In a document, where nothing can be pointed at, a word says more than a dash.
EXPLAINED = WORDS | {
    MASKED: MEANING,
    MISSING: "chiffre non transmis",
}

# Millimetres: what a page gives to columns of figures, the title kept readable beside them.
TABLE_ROOM = 166 - 40 - 15
# By the longest figure: the class of the table (which tells the style sheet), and its columns.
WIDTHS = [(5, "narrow", 13.0), (7, "medium", 16.0), (9, "wide", 17.0), (11, "wider", 20.0)]
WIDEST = ("widest", 25.0)
# The baseline and the target stand beside the years.
BESIDE = 2


def axes_of(reading: YearReading, years: list[int], lights: LightsByVersion) -> list[ReportAxis]:
    """The body, axis by axis; the tables have columns for the last of ``years`` that fit."""
    return [
        ReportAxis(
            anchor=one.axis.anchor,
            mark=one.axis.mark,
            title=one.axis.title,
            colour=one.axis.colour,
            lead=lead_of(one),
            themes=[theme_of(theme, years, lights) for theme in one.themes],
        )
        for one in reading.axes
    ]


def lead_of(reading: ThemeReading | AxisReading) -> str:
    """What a theme or an axis comes to: its indicators, then its actions if it has any, and its
    objectives once something is said of them."""
    counts = lead(reading.counts, reading.period)
    told = (counts, reading.plan.sentence, reading.appreciations.sentence)
    return " ".join(filter(None, told))


def lead(counts: IndicatorCounts, period: Period) -> str:
    """« 3 des 5 indicateurs qui se comparent progressent et 2 reculent. 1 cible à atteindre fin
    2023, atteinte. » Of the term: since where they started from."""
    if not counts.followed:
        return f"Aucun indicateur n’a été suivi{'' if period.is_term else ' cette année'}."
    since = "depuis la situation initiale, " if period.is_term and counts.comparable else ""
    sentences = [f"{since}{counts.sentence}"]
    if counts.expects_targets:
        sentences.append(counts.targets.sentence)
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)


def theme_of(reading: ThemeReading, years: list[int], lights: LightsByVersion) -> ReportTheme:
    theme, year = reading.theme, reading.year
    # The columns are as wide as the longest figure in them asks for.
    figures, drawings = [], []
    for series in reading.series:
        definition, aim = series.definition_of(year), series.aim(year)
        figures += [definition.show(definition.baseline), definition.show(aim and aim.value)]
        figures += [series.figure(y).text for y in years]
        if chart := trend_chart(series, year):
            caption = f"{Truncator(definition.title).chars(CAPTION)} ({definition.unit})"
            shown = (cell.year for cell in series.collected if cell.figure.is_number)
            mentions = (shorten_mention(one, is_named=True) for one in series.sources(shown))
            sources = f"Source : {' · '.join(merge_mentions(mentions))}"
            drawings.append(CaptionedChart(caption, sources, chart))
    columns = columns_for(figures, years)
    told = [cell.year for one in reading.series for cell in one.collected]
    columns = replace(columns, is_cut=bool(told) and min(told) < columns.years[0])
    rows = [row_of(one, columns.years) for one in reading.figures]
    return ReportTheme(
        anchor=theme.anchor,
        number=theme.number,
        title=theme.title,
        lead=lead_of(reading),
        narrative=reading.text,
        signed=signed_in(reading),
        committee=committee_in(reading, lights),
        columns=columns,
        baseline_year=_common(row.baseline_year for row in rows if row.baseline),
        target_year=_common(row.target_year for row in rows if row.target),
        rows=rows,
        signs=_signs(reading.series, columns.years),
        sources=merge_mentions(s for one in reading.series for s in one.sources(columns.years)),
        drawings=drawings,
        actions=[action_line(one) for one in reading.actions],
    )


def _common(years: Iterable[str]) -> str:
    """The year that all of them are, told once at the head of the column; else empty."""
    told = set(years)
    return told.pop() if len(told) == 1 else ""


def columns_for(figures: Iterable[str], years: list[int]) -> Columns:
    """The last of ``years`` that fit, given the figures that the table shows."""
    longest = max(map(len, figures), default=0)
    fitting = ((name, width) for length, name, width in WIDTHS if longest <= length)
    name, width = next(fitting, WIDEST)
    return Columns(years[-max(int(TABLE_ROOM / width) - BESIDE, 1) :], name)


def row_of(one: FigureReading, years: list[int]) -> IndicatorRow:
    definition, aim, reached = one.cell.definition, one.series.aim(one.year), one.attainment
    is_partial = one.movement == Movement.PARTIAL
    return IndicatorRow(
        anchor=one.anchor,
        title=one.title,
        unit=definition.unit,
        baseline=definition.show(definition.baseline),
        baseline_year=str(definition.baseline_year or ""),
        figures=[_cell(one.series.by_year.get(year)) for year in years],
        target=one.aimed_at,
        target_year=(str(aim.year) if aim.year else "à terme") if aim else "",
        attainment=reached.short if reached else "",
        is_reached=one.is_reached,
        movement=one.cell.figure.partial_words if is_partial else one.movement_words,
        movement_kind=str(one.movement),
        is_protected=any(cell.is_protected for cell in one.series.cells),
    )


def _cell(cell: Cell | None) -> FigureCell:
    """A figure with the signs that ``_signs`` explains."""
    if cell is None or not cell.is_collected:
        return NOT_COLLECTED
    figure = cell.figure
    mark = PROVISIONAL if figure.is_provisional else ""
    mark += "" if figure.is_verified or figure.is_missing else UNVERIFIED
    text = figure.text or SIGNS[figure.kind]
    return FigureCell(
        f"{BREAK}\u00a0{text}" if cell.is_break else text,
        mark,
        not figure.is_number,
        figure.partial if figure.is_number else "",
    )


def _signs(all_series: list[Series], years: list[int]) -> list[str]:
    """The signs that a table uses, each explained."""
    cells = [s.by_year[y] for s in all_series for y in years if y in s.by_year]
    collected = [cell for cell in cells if cell.is_collected]
    figures = [cell.figure for cell in collected]
    kinds = {figure.kind for figure in figures} - {PENDING}
    told = [f"{sign} : {EXPLAINED[kind]}" for kind, sign in SIGNS.items() if kind in kinds]
    reasons = {figure.reason: None for figure in figures if figure.is_pending}
    told += [f"{SIGNS[PENDING]} : {reason}" for reason in reasons]
    if any(figure.is_provisional for figure in figures):
        told.append(f"{PROVISIONAL} : chiffre provisoire")
    if any(not figure.is_verified and not figure.is_missing for figure in figures):
        told.append(f"{UNVERIFIED} : chiffre transmis, pas encore vérifié")
    if any(figure.is_rounded for figure in figures):
        told.append("certains effectifs sont arrondis (secret statistique)")
    partial = [cell for cell in collected if cell.figure.is_number and cell.figure.partial]
    if partial:
        of = (f"{c.definition.title} en {c.year}, {c.figure.partial}" for c in partial)
        told.append(
            f"partiel : total d’une partie des communes, comparé à aucun autre ({', '.join(of)})"
        )
    if any(cell.is_break and not cell.is_of_other_communes for cell in collected):
        told.append(f"{BREAK} : rupture de série, la définition a changé cette année-là")
    if any(cell.is_of_other_communes for cell in collected):
        told.append(
            f"{BREAK} : rupture de série, les communes du territoire ne sont plus les mêmes cette "
            "année-là"
        )
    if len(collected) < len(all_series) * len(years):
        told.append("case vide : l’indicateur n’était pas suivi cette année-là")
    return told
