"""Read columns of one organisation each: what it brings, or marks that it takes part."""

from collections.abc import Sequence
from dataclasses import replace

from actions.files.coming_in import headings as named
from actions.files.coming_in.words import CROSSES, EMPTY_MARKS, NO, UNKNOWN_YET, YES
from ctg_portal.search.rows import fold
from spreadsheets.columns.headings import Meaning
from spreadsheets.columns.lines import KnowledgeOfLines
from spreadsheets.columns.tables import Column, Table, Told
from spreadsheets.reading.cells import Cell, Kind


class KnowledgeOfPlan(KnowledgeOfLines):
    """The columns of a plan."""

    def may_be(self, meaning: Meaning, cells: Sequence[Cell]) -> Sequence[Meaning]:
        """Return what the column of an organisation may be where its cells are not all amounts."""
        if not meaning.part or meaning.name not in named.AMOUNTS or _are_amounts(cells):
            return ()
        return [replace(meaning, name=n) for n in (named.PARTNERS, named.LEADS, meaning.name)]


def _are_amounts(cells: Sequence[Cell]) -> bool:
    """Return whether cells hold money; a text among amounts is a mistake of its own cell."""
    texts = [cell.text.strip() for cell in cells if cell.is_text]
    words = [text for text in texts if text not in EMPTY_MARKS and fold(text) not in UNKNOWN_YET]
    if any(text.casefold() in CROSSES for text in words):
        return False
    has_digits = any(letter.isdigit() for text in words for letter in text)
    return not words or has_digits or len(texts) < len(cells)


def write_out_marks(table: Table) -> list[Told]:
    """Write the name above a column of marks into its cells that are marked; return remarks about
    the others. Called before the lines of the table are read."""
    remarks = []
    for at, column in enumerate(table.columns):
        if column.meaning.part and column.meaning.name in (named.LEADS, named.PARTNERS):
            remarks += _write_out(column, table)
            table.columns[at] = replace(column, meaning=Meaning(column.meaning.name))
    return remarks


def _write_out(column: Column, table: Table) -> list[Told]:
    who, remarks = column.meaning.part, []
    for row in table.rows:
        cell = row.cells.get(column.number)
        if cell is None:
            continue
        text = cell.text.strip().casefold()
        if text in CROSSES or fold(text) in YES:
            row.cells[column.number] = replace(cell, kind=Kind.TEXT, text=who, number=None)
            continue
        del row.cells[column.number]
        if fold(text) not in NO and text not in EMPTY_MARKS:
            words = (
                f"« {cell.text.strip()[:40]} » n’est ni une croix ni un blanc : rien n’en est lu."
            )
            remarks.append(Told(cell.address, words))
    return remarks
