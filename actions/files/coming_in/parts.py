"""Columns of one organisation each: of what it brings, or of marks that say that it takes part."""

from dataclasses import replace

from actions.files.coming_in import headings as named
from actions.files.coming_in.words import CROSSES, EMPTY_MARKS, NO, UNKNOWN_YET, YES
from ctg_portal.search.rows import fold
from spreadsheets.columns.headings import NOTHING, Meaning
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Column, Table, Told
from spreadsheets.reading.cells import Kind


def asked_of_parts(table: Table, asking: Asking) -> list[Told]:
    """Ask what such columns say where they do not hold amounts alone, and write marks out as the
    name that stands above them; what is told of columns that are left out. Called before the lines
    of the table are read."""
    columns, told = [], []
    for column in table.columns:
        meaning = column.meaning
        name = meaning.name if meaning.part else ""
        if name in named.AMOUNTS and not _holds_amounts(column, table):
            name = _asked(column, asking)
        if name in (named.LEADS, named.PARTNERS):
            told += _write_out(column, table)
            meaning = Meaning(name)
        elif meaning.part and name not in named.AMOUNTS:
            meaning = NOTHING
            text = f"colonne « {column.heading.text.strip()[:60]} » : elle n’est pas lue."
            told.append(Told(column.heading.address, text))
        columns.append(Column(column.number, column.heading, meaning))
    table.columns = columns
    return told


def _holds_amounts(column: Column, table: Table) -> bool:
    """Whether a column is one of money: of a text among amounts its own cell is told."""
    cells = [row.cells[column.number] for row in table.rows if column.number in row.cells]
    texts = [cell.text.strip() for cell in cells if cell.is_text]
    said = [text for text in texts if text not in EMPTY_MARKS and fold(text) not in UNKNOWN_YET]
    if any(text.casefold() in CROSSES for text in said):
        return False
    has_digits = any(letter.isdigit() for text in said for letter in text)
    return not said or has_digits or len(texts) < len(cells)


def _asked(column: Column, asking: Asking) -> str:
    who, heading = column.meaning.part, column.heading
    return asking.ask(
        f"part:{fold(heading.text)}",
        f"La colonne « {heading.text.strip()[:60]} » n’a pas que des montants : que dit-elle ?",
        heading.address,
        [
            Choice(column.meaning.name, f"ce que {who} apporte, en euros"),
            Choice(named.PARTNERS, f"que {who} est partenaire, où elle est cochée"),
            Choice(named.LEADS, f"que {who} pilote, où elle est cochée"),
            Choice(LEFT, "autre chose : la laisser de côté"),
        ],
    )


def _write_out(column: Column, table: Table) -> list[Told]:
    """Write the name above a column into its cells that are marked; what is told of the others."""
    who, told = column.meaning.part, []
    for row in table.rows:
        cell = row.cells.get(column.number)
        if cell is None:
            continue
        said = cell.text.strip().casefold()
        if said in CROSSES or fold(said) in YES:
            row.cells[column.number] = replace(cell, kind=Kind.TEXT, text=who, number=None)
            continue
        del row.cells[column.number]
        if fold(said) not in NO and said not in EMPTY_MARKS:
            text = (
                f"« {cell.text.strip()[:40]} » n’est ni une croix ni un blanc : rien n’en est lu."
            )
            told.append(Told(cell.address, text))
    return told
