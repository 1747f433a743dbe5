"""The figures of indicators as lines of a table, one for each year: what every file of them holds.

Columns are declared once, here: for spreadsheets, for programs, for the files within a report.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from documents.tables import Column
from indicators.definitions.definition import Definition
from indicators.disclosure import DisclosedFigure
from indicators.series.reading import Cell, Series

# What files say of the word.
PENDING_NOTE = (
    "« En attente » : incomplet, ou pas encore vérifié par son fournisseur ; ce qui manque est dit."
)


@dataclass(frozen=True)
class FigureLine:
    """One year of one indicator, as everybody may read it. Numbers are decimal texts, « 12.5 »,
    empty where there is none; then ``sign`` says why, in a word. ``notes``: how final the number
    is; ``reason``: of an absence, in its provider's words, or what is awaited. ``place``: the
    commune or sector that it is of, the former with its ``insee_code``; empty of the whole
    territory."""

    axis: str
    theme: str
    indicator: str
    unit: str
    year: int
    value: str
    sign: str
    notes: str
    reason: str
    provider: str
    source: str
    baseline: str
    baseline_year: str
    target: str
    target_year: str
    place: str = ""
    insee_code: str = ""


def _number(name: str) -> Callable[[FigureLine], int | Decimal | None]:
    """Return what reads the number of a line from its text by this name: an int if it is whole;
    None for an empty text."""
    read = attrgetter(name)

    def number(line: FigureLine) -> int | Decimal | None:
        if not read(line):
            return None
        exact = Decimal(read(line))
        return int(exact) if exact == int(exact) else exact

    return number


COLUMNS = (
    Column("Axe", attrgetter("axis")),
    Column("Thématique", attrgetter("theme")),
    Column("Indicateur", attrgetter("indicator")),
    Column("Unité", attrgetter("unit")),
    Column("Année", lambda line: str(line.year)),
    Column("Valeur", _number("value"), "number"),
    Column("Sans valeur", attrgetter("sign")),
    Column("Précisions", attrgetter("notes")),
    Column("Motif", attrgetter("reason")),
    Column("Fournisseur", attrgetter("provider")),
    Column("Source", attrgetter("source")),
    Column("Situation initiale", _number("baseline"), "number"),
    Column("Année de la situation initiale", attrgetter("baseline_year")),
    Column("Cible", _number("target"), "number"),
    Column("Année de la cible", attrgetter("target_year")),
)


PLACES = (
    Column("Commune ou secteur", attrgetter("place")),
    Column("Code Insee", attrgetter("insee_code")),
)


def columns_with_places(lines: Sequence[FigureLine]) -> tuple[Column, ...]:
    """Return the columns of these lines; those of places only if a line has one."""
    if not any(line.place for line in lines):
        return COLUMNS
    after = [column.label for column in COLUMNS].index("Unité") + 1
    return (*COLUMNS[:after], *PLACES, *COLUMNS[after:])


def columns_for(lines: Sequence[FigureLine], *, axis: str, theme: str) -> tuple[Column, ...]:
    """Return the columns of these lines for people: axes and themes by the territory's words, no
    themes where it has none."""
    axes, themes_column, *others = columns_with_places(lines)
    themes = [replace(themes_column, label=theme)] if any(line.theme for line in lines) else []
    return (replace(axes, label=axis), *themes, *others)


def lines_of(series: Iterable[Series], *, axis: str, theme: str) -> list[FigureLine]:
    """Return a line for each year in which each of these indicators was asked for; ``axis`` and
    ``theme`` stand on all."""
    return [line_of(row, cell, axis, theme) for row in series for cell in row.collected]


def line_of(series: Series, cell: Cell, axis: str, theme: str) -> FigureLine:
    """Return the line of a year in which the indicator was asked for. The baseline is that of the
    year's definition, the target the one that the year is measured against."""
    figure, definition, aim = cell.figure, cell.definition, series.aim(cell.year)
    return FigureLine(
        axis=axis,
        theme=theme,
        indicator=definition.title,
        unit=definition.unit,
        year=cell.year,
        value="" if figure.is_below else format_decimal(figure.number),
        sign=figure.sign,
        notes=", ".join(notes_of(cell.figure, is_break=cell.is_break)),
        reason=figure.reason.strip(),
        provider=cell.entry.provider.name,
        source=cell.source,
        baseline=format_decimal(definition.baseline, definition),
        baseline_year=str(definition.baseline_year or ""),
        target=format_decimal(aim and aim.value, definition),
        target_year=(str(aim.year) if aim.year else "à terme") if aim else "",
    )


def notes_of(
    figure: DisclosedFigure, *, is_break: bool = False, says_unverified: bool = True
) -> list[str]:
    """Return what limits a figure, in words: partial, provisional, not verified (unless
    ``says_unverified`` is false), rounded, a break in the series; empty if nothing does."""
    is_unverified = not figure.is_verified and not figure.is_missing
    notes = [
        (figure.partial_words, figure.is_number and figure.partial),
        ("provisoire", figure.is_provisional),
        ("pas encore vérifié", says_unverified and is_unverified),
        ("arrondi", figure.is_rounded),
        ("rupture de série", is_break),
    ]
    return [words for words, holds in notes if holds]


def format_decimal(number: Decimal | None, definition: Definition | None = None) -> str:
    """Return a number as a decimal text with a point, « 12.5 », rounded as the definition shows it
    if one is given; empty for None."""
    if number is None:
        return ""
    return f"{definition.rounded(number) if definition else number:f}"
