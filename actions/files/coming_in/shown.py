"""What a cell of the portal's own workbook says changes nothing, whoever wrote the file: what is
shown of an action, by the meaning of its columns."""

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


class Shown:
    """What the workbook of the plan says of an action today; of a new one, nothing."""

    def __init__(self, held: Mapping[Meaning, object] | None = None):
        self.held = held or {}

    @classmethod
    def all_of(cls, sheets: list[Sheet], words: Words, vocabulary: Vocabulary) -> dict:
        """The same of many, by primary key."""
        columns = [
            (vocabulary.meaning(Cell("", 1, 1, Kind.TEXT, c.heading, c.heading)), c)
            for c in columns_of(words, sheets)
        ]
        return {
            one.pk: cls({meaning: plain(column.value(one)) for meaning, column in columns})
            for one in sheets
        }

    def has(self, cell: Cell, meaning: Meaning) -> bool:
        """Whether a cell says what is there."""
        value = self.held.get(meaning, "")
        if value == "":
            return False
        if isinstance(value, datetime.date):
            return cell.day == value or cell.text.strip() == day_and_hour(value)
        if isinstance(value, int | float | Decimal):
            return _number_in(cell) == round(Decimal(str(value)), 6)
        return same_text(cell.text, value)


def _number_in(cell: Cell) -> Decimal | None:
    """The number of a cell; a CSV has none but in words."""
    if cell.number is not None:
        return cell.number
    try:
        return parse_number(cell.text)
    except NotANumber:
        return None


def same_text(one: str, other: str) -> bool:
    """Whether two texts say the same, but for their spaces and apostrophes."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    # A CSV has an apostrophe before what a spreadsheet would take for a formula.
    text = re.sub(r"^'(?=[=+\-@\t])", "", text.strip())
    return SPACES.sub(" ", text.replace("’", "'")).strip()
