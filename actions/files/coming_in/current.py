"""Compare cells with what the portal's own workbook shows of an action today: those that repeat it
change nothing, whoever wrote the file."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal

from actions.files.sheet import Sheet
from actions.files.tables import columns_of
from conventions.legal.words import Words
from ctg_portal.text.numbers import NotANumber, parse_number
from documents.tables.table import day_and_hour, plain
from spreadsheets.columns.headings import Meaning, Vocabulary
from spreadsheets.reading.cells import Cell, Kind

SPACES = re.compile(r"[\s\u00a0\u202f]+")


class CurrentCells:
    """The cells that the workbook of the plan shows of an action today, by their meaning; none for
    a new action."""

    def __init__(self, values: Mapping[Meaning, object] | None = None):
        self.values = values or {}

    @classmethod
    def by_action(cls, sheets: list[Sheet], words: Words, vocabulary: Vocabulary) -> dict:
        """Return the current cells of each action, by primary key."""
        columns = [
            (vocabulary.meaning(Cell("", 1, 1, Kind.TEXT, c.heading, c.heading)), c)
            for c in columns_of(words, sheets)
        ]
        return {
            sheet.pk: cls({meaning: plain(column.value(sheet)) for meaning, column in columns})
            for sheet in sheets
        }

    def matches(self, cell: Cell, meaning: Meaning) -> bool:
        """Return whether a cell repeats what is shown today."""
        value = self.values.get(meaning, "")
        if value == "":
            return False
        if isinstance(value, datetime.date):
            return cell.day == value or cell.text.strip() == day_and_hour(value)
        if isinstance(value, int | float | Decimal):
            return _number_in(cell) == round(Decimal(str(value)), 6)
        return same_text(cell.text, value)


def _number_in(cell: Cell) -> Decimal | None:
    """Return the number of a cell, which a CSV holds as a text; None without one."""
    if cell.number is not None:
        return cell.number
    try:
        return parse_number(cell.text)
    except NotANumber:
        return None


def same_text(text: str, other: str) -> bool:
    """Return whether two texts are the same, but for their spaces and apostrophes."""
    return _plain_text(text) == _plain_text(other)


def _plain_text(text: str) -> str:
    # A CSV has an apostrophe before what a spreadsheet would take for a formula.
    text = re.sub(r"^'(?=[=+\-@\t])", "", text.strip())
    return SPACES.sub(" ", text.replace("’", "'")).strip()
