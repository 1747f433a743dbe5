"""Years as files name them: « 2024 », « au 31.12.24 », « déc. 2022 »; never a part of one."""

import re

from spreadsheets.columns.headings import PART_OF_YEAR, TWO_YEARS, fold, years_in
from spreadsheets.reading.cells import Cell, Kind

SHORT_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d\d)(?!\d)")
LONGEST = 40
WORDS = {"annee", "an", "exercice", "au", "le", "fin", "en", "situation", "decembre", "dec", "31",
         "12", "30", "periode", "bilan", "realise", "valeur", "arrete", "a", "janvier", "janv",
         "du", "01", "1", "1er"}  # fmt: skip


def with_whole_years(text: str) -> str:
    """Return a text with the years of its days in four digits: « au 31.12.24 » is of 2024."""
    return SHORT_DAY.sub(r"\1/\2/20\3", text)


def is_part_of_year(text: str) -> bool:
    """Return whether a text names a quarter, a half, or a year that begins in autumn."""
    return bool(PART_OF_YEAR.search(fold(text)) or TWO_YEARS.search(text))


def year_in(cell: Cell) -> int | None:
    """Return the one year that a cell is, whatever the words around it; None for none, several, or
    a part of one."""
    if cell.kind == Kind.DATE and cell.day is not None:
        return cell.day.year
    text = with_whole_years(cell.text.strip())
    if len(text) > LONGEST or is_part_of_year(text):
        return None
    years = years_in(text)
    rest = set(fold(text).split()) - set(map(str, years)) - WORDS
    return years[0] if len(years) == 1 and not rest and 1990 <= years[0] <= 2200 else None
