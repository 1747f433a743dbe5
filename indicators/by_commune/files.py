"""The figures of an indicator by commune as a table: a row a commune, a column a year."""

from collections.abc import Sequence
from operator import attrgetter

from documents.tables import Column, Table
from indicators.by_commune.page import Line
from indicators.by_commune.page import Table as Compared
from indicators.disclosure import WORDS, DisclosedFigure
from indicators.disclosure.words import SECRET_TOLD, TOTALS_TOLD
from indicators.series.lines import PENDING_NOTE, notes_of

NOTES = [
    SECRET_TOLD,
    TOTALS_TOLD,
    PENDING_NOTE,
    "« Manquant » : il n’a pas été transmis ; ce n’est pas zéro.",
]


def told(figure: DisclosedFigure):
    """Its number, or why there is none."""
    return figure.number if figure.is_number else WORDS[figure.kind]


def _year(at: int, year: int) -> Column:
    return Column(str(year), lambda line: told(line.figures[at]), "number")


def _noted(line: Line, years: Sequence[int]) -> str:
    """How the figures of each year are to be read, as the page says it beside them: « 2022 :
    partiel (41 communes sur 47) »."""
    said = [
        f"{year} : {', '.join(notes)}"
        for year, figure in zip(years, line.figures, strict=True)
        if (notes := notes_of(figure, says_unverified=False))
    ]
    return " ; ".join(said)


def table_for(
    compared: Compared, sought: str = "", *, sector: str, notes: Sequence[str] = ()
) -> Table:
    """The whole territory and its sectors first, then the communes; those alone that are
    ``sought`` by name. ``sector``: what a sector is called."""
    lines: list[Line] = [*([] if sought else compared.wholes), *compared.called(sought)]
    noted = any(_noted(line, compared.years) for line in lines)
    columns = [
        Column("Code Insee", attrgetter("code")),
        Column("Commune", attrgetter("name")),
        *([Column(sector, attrgetter("sector"))] if any(one.sector for one in lines) else []),
        *(_year(at, year) for at, year in enumerate(compared.years)),
        *([Column("Précisions", lambda line: _noted(line, compared.years))] if noted else []),
    ]
    definition = compared.definition
    head = f"{definition.title}, en {definition.unit}."
    return Table.of("Par commune", columns, lines, [head, *NOTES, *notes])
