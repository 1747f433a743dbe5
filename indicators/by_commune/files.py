"""Write the figures of an indicator by commune as a table: a row a commune, a column a year."""

from collections.abc import Sequence
from operator import attrgetter

from documents.tables import Column, Table
from indicators.by_commune.page import Line
from indicators.by_commune.page import Table as Compared
from indicators.disclosure import WORDS, DisclosedFigure
from indicators.disclosure.words import SECRET_EXPLAINED, TOTALS_EXPLAINED
from indicators.series.lines import PENDING_NOTE, notes_of

NOTES = [
    SECRET_EXPLAINED,
    TOTALS_EXPLAINED,
    PENDING_NOTE,
    "« Manquant » : il n’a pas été transmis ; ce n’est pas zéro.",
]


def cell_of(figure: DisclosedFigure):
    """Return the number of a figure, or the words why there is none."""
    return figure.number if figure.is_number else WORDS[figure.kind]


def _year(at: int, year: int) -> Column:
    return Column(str(year), lambda line: cell_of(line.figures[at]), "number")


def _notes_cell(line: Line, years: Sequence[int]) -> str:
    """Return the notes on the figures of each year, as the page shows them: « 2022 : partiel (41
    communes sur 47) »."""
    notes_by_year = [
        f"{year} : {', '.join(notes)}"
        for year, figure in zip(years, line.figures, strict=True)
        if (notes := notes_of(figure, says_unverified=False))
    ]
    return " ; ".join(notes_by_year)


def table_for(
    compared: Compared, search: str = "", *, sector: str, notes: Sequence[str] = ()
) -> Table:
    """Return the table: territory and sectors first, then the communes; with a ``search`` by name,
    matching communes only.

    ``sector``: what a sector is called.
    """
    lines: list[Line] = [*([] if search else compared.wholes), *compared.matching(search)]
    noted = any(_notes_cell(line, compared.years) for line in lines)
    columns = [
        Column("Code Insee", attrgetter("code")),
        Column("Commune", attrgetter("name")),
        *([Column(sector, attrgetter("sector"))] if any(line.sector for line in lines) else []),
        *(_year(at, year) for at, year in enumerate(compared.years)),
        *([Column("Précisions", lambda line: _notes_cell(line, compared.years))] if noted else []),
    ]
    definition = compared.definition
    head = f"{definition.title}, en {definition.unit}."
    return Table.of("Par commune", columns, lines, [head, *NOTES, *notes])
