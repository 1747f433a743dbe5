"""Write the body of the report: axes, their themes, tables of indicators and drawings."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.text import Truncator, capfirst

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
# By the longest figure: the class of the table in the style sheet, and the width of its columns.
WIDTHS = [(5, "narrow", 13.0), (7, "medium", 16.0), (9, "wide", 17.0), (11, "wider", 20.0)]
WIDEST = ("widest", 25.0)
FIXED_COLUMNS = 2  # the baseline and the target


def axes_of(reading: YearReading, years: list[int], lights: LightsByVersion) -> list[ReportAxis]:
    """Return the axes; their tables have columns for the last of ``years`` that fit."""
    return [
        ReportAxis(
            anchor=row.axis.anchor,
            mark=row.axis.mark,
            title=row.axis.title,
            colour=row.axis.colour,
            lead=lead_of(row),
            themes=[theme_of(theme, years, lights) for theme in row.themes],
        )
        for row in reading.axes
    ]


def lead_of(reading: ThemeReading | AxisReading) -> str:
    """Return the sentences that sum up a theme or an axis: its indicators and targets, its actions,
    and its objectives once something is said of them."""
    sentences = (
        describe_indicators(reading.counts, reading.period),
        describe_targets(reading.counts),
        reading.plan.sentence,
        reading.appreciations.sentence,
    )
    return " ".join(filter(None, sentences))


def describe_indicators(counts: IndicatorCounts, period: Period) -> str:
    """Return « 3 des 5 indicateurs comparables progressent et 2 reculent. »; of the term: since
    where they started from."""
    if not counts.followed:
        return f"Aucun indicateur n’a été suivi{'' if period.is_term else ' cette année'}."
    since = "depuis la situation initiale, " if period.is_term and counts.comparable else ""
    return f"{capfirst(since + counts.sentence)}."


def describe_targets(counts: IndicatorCounts) -> str:
    """Return « 1 cible à atteindre fin 2023, atteinte. »; empty where no target is awaited."""
    if not (counts.followed and counts.expects_targets):
        return ""
    return f"{capfirst(counts.targets.sentence)}."


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
            mentions = (shorten_mention(name, is_named=True) for name in series.sources(shown))
            sources = f"Source : {' · '.join(merge_mentions(mentions))}"
            drawings.append(CaptionedChart(caption, sources, chart))
    columns = columns_for(figures, years)
    collected = [cell.year for series in reading.series for cell in series.collected]
    columns = replace(columns, is_cut=bool(collected) and min(collected) < columns.years[0])
    rows = [row_of(figure, columns.years) for figure in reading.figures]
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
        signs=_explain_signs(reading.series, columns.years),
        sources=merge_mentions(s for row in reading.series for s in row.sources(columns.years)),
        drawings=drawings,
        actions=[action_line(action) for action in reading.actions],
    )


def _common(years: Iterable[str]) -> str:
    """Return the year that all of them are, for the head of the column; empty where they differ."""
    different = set(years)
    return different.pop() if len(different) == 1 else ""


def columns_for(figures: Iterable[str], years: list[int]) -> Columns:
    """Return columns for the last of ``years`` that fit, given the figures that the table shows."""
    longest = max(map(len, figures), default=0)
    fitting = ((name, width) for length, name, width in WIDTHS if longest <= length)
    name, width = next(fitting, WIDEST)
    return Columns(years[-max(int(TABLE_ROOM / width) - FIXED_COLUMNS, 1) :], name)


def row_of(row: FigureReading, years: list[int]) -> IndicatorRow:
    definition, aim, reached = row.cell.definition, row.series.aim(row.year), row.attainment
    is_partial = row.movement == Movement.PARTIAL
    return IndicatorRow(
        anchor=row.anchor,
        title=row.title,
        unit=definition.unit,
        baseline=definition.show(definition.baseline),
        baseline_year=str(definition.baseline_year or ""),
        figures=[_cell(row.series.by_year.get(year)) for year in years],
        target=row.aimed_at,
        target_year=(str(aim.year) if aim.year else "à terme") if aim else "",
        attainment=reached.short if reached else "",
        is_reached=row.is_reached,
        movement=row.cell.figure.partial_words if is_partial else row.movement_words,
        movement_kind=str(row.movement),
        is_protected=any(cell.is_protected for cell in row.series.cells),
    )


def _cell(cell: Cell | None) -> FigureCell:
    """Return a figure with the signs that ``_explain_signs`` explains."""
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


def _explain_signs(all_series: list[Series], years: list[int]) -> list[str]:
    """Return the explanations of the signs that a table uses."""
    cells = [s.by_year[y] for s in all_series for y in years if y in s.by_year]
    collected = [cell for cell in cells if cell.is_collected]
    figures = [cell.figure for cell in collected]
    kinds = {figure.kind for figure in figures} - {PENDING}
    signs = [f"{sign} : {EXPLAINED[kind]}" for kind, sign in SIGNS.items() if kind in kinds]
    reasons = {figure.reason: None for figure in figures if figure.is_pending}
    signs += [f"{SIGNS[PENDING]} : {reason}" for reason in reasons]
    if any(figure.is_provisional for figure in figures):
        signs.append(f"{PROVISIONAL} : chiffre provisoire")
    if any(not figure.is_verified and not figure.is_missing for figure in figures):
        signs.append(f"{UNVERIFIED} : chiffre transmis, pas encore vérifié")
    if any(figure.is_rounded for figure in figures):
        signs.append("certains effectifs sont arrondis (secret statistique)")
    partial = [cell for cell in collected if cell.figure.is_number and cell.figure.partial]
    if partial:
        of = (f"{c.definition.title} en {c.year}, {c.figure.partial}" for c in partial)
        signs.append(
            f"partiel : total d’une partie des communes, comparé à aucun autre ({', '.join(of)})"
        )
    if any(cell.is_break and not cell.is_of_other_communes for cell in collected):
        signs.append(f"{BREAK} : rupture de série, la définition a changé cette année-là")
    if any(cell.is_of_other_communes for cell in collected):
        signs.append(
            f"{BREAK} : rupture de série, les communes du territoire ne sont plus les mêmes cette "
            "année-là"
        )
    if len(collected) < len(all_series) * len(years):
        signs.append("case vide : l’indicateur n’était pas suivi cette année-là")
    return signs
