"""Write the figures of an indicator by commune as a table: a row a commune, a column a year."""

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from documents.tables import Column, Table
from indicators.by_commune.page import CommunesTable, PlaceRow
from indicators.disclosure import DisclosedFigure
from indicators.disclosure.words import SECRET_EXPLAINED, TOTALS_EXPLAINED
from indicators.series.lines import PENDING_NOTE, notes_of

NOTES = [
    SECRET_EXPLAINED,
    TOTALS_EXPLAINED,
    PENDING_NOTE,
    "« Manquant » : il n’a pas été transmis ; ce n’est pas zéro.",
]


def cell_of(figure: DisclosedFigure) -> Decimal | str | None:
    """Return the number of a figure, or the words why there is none."""
    return figure.sign or figure.number


def _year_column(at: int, year: int) -> Column:
    return Column(str(year), lambda row: cell_of(row.figures[at]), "number")


def _notes_cell(line: PlaceRow, years: Sequence[int]) -> str:
    """Return the notes on a row: « 2022 : partiel (41 communes sur 47) »; empty without any."""
    notes_by_year = [
        f"{year} : {', '.join(notes)}"
        for year, figure in zip(years, line.figures, strict=True)
        if (notes := notes_of(figure, says_unverified=False))
    ]
    return " ; ".join(notes_by_year)


def table_for(
    compared: CommunesTable, search: str = "", *, sector: str, notes: Sequence[str] = ()
) -> Table:
    """Return the table for a file: territory and sectors, then the communes; with a ``search``,
    only communes whose name has it. Columns that would be empty (sector, notes) are left out.

    ``sector``: the territory's word for one; ``notes``: lines below the table, after the usual.
    """
    lines: list[PlaceRow] = [*([] if search else compared.wholes), *compared.matching(search)]
    noted = any(_notes_cell(line, compared.years) for line in lines)
    columns = [
        Column("Code Insee", attrgetter("code")),
        Column("Commune", attrgetter("name")),
        *([Column(sector, attrgetter("sector"))] if any(line.sector for line in lines) else []),
        *(_year_column(at, year) for at, year in enumerate(compared.years)),
        *([Column("Précisions", lambda line: _notes_cell(line, compared.years))] if noted else []),
        Column("Source", compared.sources),
    ]
    definition = compared.definition
    head = f"{definition.title}, en {definition.unit}."
    return Table.of("Par commune", columns, lines, [head, *NOTES, *notes])
