"""Columns of years below a heading that is not known: they are not taken for money unasked."""

from actions.files.coming_in import headings as named
from ctg_portal.search.rows import fold
from spreadsheets.columns.headings import NOTHING, Meaning, Vocabulary, bare
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Column, Table, Told
from spreadsheets.reading.cells import Cell

IDLE = {"", "annee", "exercice"}


def asked_of_years(table: Table, vocabulary: Vocabulary, asking: Asking) -> list[Told]:
    """Ask what the years below such a heading are of; what is told of those that are left out.
    Called before the lines of the table are read."""
    columns, told = [], []
    for column in table.columns:
        group = _group_of(column, table, vocabulary)
        if group is None:
            columns.append(column)
            continue
        answer = asking.ask(
            f"annees:{fold(group.text)}",
            f"Sous « {group.text.strip()[:60]} », de quoi sont les chiffres par année ?",
            group.address,
            [
                Choice(named.PLANNED, "de montants prévus"),
                Choice(named.GRANTED, "de montants accordés"),
                Choice(named.SPENT, "de montants dépensés"),
                Choice(LEFT, "d’autre chose : les laisser de côté"),
            ],
        )
        if answer in named.AMOUNTS:
            columns.append(
                Column(column.number, column.heading, Meaning(answer, column.meaning.year))
            )
        else:
            columns.append(Column(column.number, column.heading, NOTHING))
            text = (
                f"colonne « {column.heading.text.strip()} » sous « {group.text.strip()[:60]} » : "
            )
            told.append(Told(column.heading.address, f"{text}elle n’est pas lue."))
    table.columns = columns
    return told


def _group_of(column: Column, table: Table, vocabulary: Vocabulary) -> Cell | None:
    """The unknown heading above a column that is a bare year; none where nothing stands there, or
    a title that stands above the whole table."""
    heading, meaning = column.heading, column.meaning
    if heading is None or meaning.name != named.PLANNED or not vocabulary.is_bare_year(heading):
        return None
    first = max(table.keys, default=0) + 1
    cells = table.sheet.cells
    row = heading.row - 1
    above = next(
        (cells[row, c] for c in range(column.number, first - 1, -1) if (row, c) in cells), None
    )
    if above is None or bare(above.text) in IDLE or vocabulary.meaning(above) != NOTHING:
        return None
    return above
