"""Propose the columns of a table of lines, one record a line: by the words of its headings alone.

A heading that stands over several says of what they are: an amount of each year, or of each funder.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from spreadsheets.columns.headings import (
    NOTHING,
    Meaning,
    Vocabulary,
    bare,
    is_part_of_year,
)
from spreadsheets.columns.proposal import headings_of, is_group_above, is_total, sample_below
from spreadsheets.columns.roles import IGNORED, Assignment, Knowledge, SheetColumns
from spreadsheets.reading.cells import Cell, Sheet

# What may stand over years without saying of what they are.
OVER_YEARS = {"", "annee", "exercice"}
SEARCHED = 60  # rows in which the head of a table is looked for


class KnowledgeOfLines(Knowledge):
    """What a room reads of a table of lines: the roles are those of its ``vocabulary``."""

    facets = {}
    crossed = ()

    def __init__(self, vocabulary: Vocabulary, year: int | None = None):
        self.vocabulary, self.year = vocabulary, year
        self.values = vocabulary.keys

    def propose(self, sheet: Sheet) -> SheetColumns:
        """Return what the columns of a sheet contain; a hidden sheet, and one without a head, is
        off."""
        columns = self.assign(sheet, find_head(sheet, self.vocabulary))
        columns.is_read = bool(columns.head) and not sheet.is_hidden
        return columns

    def assign(self, sheet: Sheet, head: Sequence[int]) -> SheetColumns:
        """Return what each column below a head contains; of several that say the same, which one
        is to be chosen, unless it says what a line is about: then it is the first."""
        vocabulary, headings = self.vocabulary, headings_of(sheet, head)
        sample = sample_below(sheet, max(head, default=0))
        columns = SheetColumns(head=list(head))
        meanings = {
            column: meaning_of(headings.get(column, []), vocabulary)
            for column in sorted({*headings, *sample})
        }
        twins = Counter(meanings.values())
        has_years = any(m.name == vocabulary.yearly and m.year for m in meanings.values())
        for column, meaning in meanings.items():
            role = _role_of(meaning)
            is_ours = bool(meaning.name) and vocabulary.headings[meaning.name].is_ours
            is_bare = has_years and meaning == Meaning(vocabulary.yearly)
            if is_bare:  # beside columns of years, it is of none
                role = IGNORED if is_total(headings[column][-1].text) else ""
            elif is_ours or (not role and column not in sample):
                role = IGNORED
            elif twins[meaning] > 1:
                is_first = meaning.name in vocabulary.keys and role not in columns.roles.values()
                role = role if is_first else ""
            offers = self.may_be(meaning, sample.get(column, []))
            if not offers and meaning.part and not _is_known_part(headings[column], vocabulary):
                offers = [meaning]
            if offers and role and role != IGNORED:
                role = ""
                columns.offers[column] = list(map(_role_of, offers))
            columns.roles[column] = role
            columns.sure += [column] if role else []
        return columns

    def may_be(self, meaning: Meaning, cells: Sequence[Cell]) -> Sequence[Meaning]:
        """Return what a column may be where its cells are not what its heading says; empty where
        they are."""
        return ()

    @property
    def options(self) -> list[tuple[str, str]]:
        options = []
        for heading in self.vocabulary.headings.values():
            if not heading.is_ours:
                options.append((heading.name, heading.label))
            if heading.is_yearly:
                options += [
                    (str(Assignment(heading.name, year=year)), f"{heading.label} de {year}")
                    for year in self.vocabulary.years
                ]
        return options


def _role_of(meaning: Meaning) -> str:
    return str(Assignment(meaning.name, year=meaning.year, part=meaning.part))


def find_head(sheet: Sheet, vocabulary: Vocabulary) -> list[int]:
    """Return the rows of the headings, one or two; none where no row has what is required."""
    rows = list(islice(sheet.rows(), SEARCHED + 1))
    last = rows[-1][0] if rows else 0
    cells = {(row, c): cell for row, by_column in rows for c, cell in by_column.items()}
    beginning = replace(sheet, cells=cells, merged=[a for a in sheet.merged if a.top <= last])
    for at, (number, by_column) in enumerate(rows[:SEARCHED]):
        is_below = bool(at) and rows[at - 1][0] == number - 1
        above = rows[at - 1][1] if is_below else {}
        is_over_years = any(
            column in by_column and vocabulary.is_bare_year(by_column[column]) for column in above
        )
        has_group = is_below and (is_over_years or is_group_above(sheet, above, by_column))
        pair = [number - 1, number]
        if _is_head(beginning, [number], vocabulary):
            if at + 1 < len(rows) and _goes_on(beginning, number, rows[at + 1], vocabulary):
                return [number, number + 1]
            if has_group and _says_more(beginning, pair, vocabulary):
                return pair
            return [number]
        if has_group and _is_head(beginning, pair, vocabulary):
            return pair
    return []


def _is_head(sheet: Sheet, head: list[int], vocabulary: Vocabulary) -> bool:
    headings = headings_of(sheet, head)
    meanings = [meaning_of(pieces, vocabulary) for pieces in headings.values()]
    yearly = [
        Meaning(vocabulary.yearly)
        for pieces in headings.values()
        if vocabulary.yearly
        and pieces[-1].text.strip()
        and (vocabulary.asks_year(pieces[-1]) or is_part_of_year(pieces[-1].text))
    ]
    return len(headings) > 1 and vocabulary.is_enough([*meanings, *yearly])


def _goes_on(
    sheet: Sheet, number: int, below: tuple[int, dict[int, Cell]], vocabulary: Vocabulary
) -> bool:
    """Return whether the row below a head says of which year, or of whom, its columns are."""
    if below[0] != number + 1:
        return False
    single = headings_of(sheet, [number])
    both = headings_of(sheet, [number, number + 1])
    wide = [a for a in sheet.merged if a.top == number and a.right > a.left]
    for column, cell in below[1].items():
        meaning = meaning_of(both[column], vocabulary)
        is_of_year = cell.is_text and is_part_of_year(cell.text)
        is_own = column in single and meaning == vocabulary.meaning(cell) == NOTHING
        if meaning.name in vocabulary.keys or is_own or not (meaning.name or is_of_year):
            return False
    return bool(wide) or len(below[1]) > 1


def _says_more(sheet: Sheet, pair: list[int], vocabulary: Vocabulary) -> bool:
    """Return whether the row above a head changes what its columns mean, or adds some."""
    single, both = headings_of(sheet, pair[1:]), headings_of(sheet, pair)
    return any(
        meaning_of(pieces, vocabulary) != meaning_of(single.get(column, []), vocabulary)
        for column, pieces in both.items()
    )


def meaning_of(pieces: Sequence[Cell], vocabulary: Vocabulary) -> Meaning:
    """Return what the headings of a column mean, from top to bottom: the upper one says what, the
    lower one of which year or of whom."""
    if not pieces:
        return NOTHING
    cell = pieces[-1]
    meaning = vocabulary.meaning(cell)
    if len(pieces) == 1 or meaning.name in vocabulary.keys:
        return meaning
    above, is_year = vocabulary.meaning(pieces[0]), vocabulary.is_bare_year(cell)
    if part := _part_below(above, cell, meaning, vocabulary):
        return part
    is_group = above.name and above.year is None and above.name not in vocabulary.keys
    if is_year and above == NOTHING and bare(pieces[0].text) not in OVER_YEARS:
        meaning = NOTHING  # figures of something that is not known
    elif meaning.name and meaning.year is None and above.year:
        meaning = vocabulary.in_year(meaning.name, above.year)
    elif is_group and is_year:
        meaning = replace(above, year=vocabulary.in_year(above.name, meaning.year).year)
    return meaning


def _part_below(
    above: Meaning, cell: Cell, meaning: Meaning, vocabulary: Vocabulary
) -> Meaning | None:
    """Return whose a column is, below a heading of several organisations; None below others."""
    heading = vocabulary.headings.get(above.name)
    if not (heading and heading.parts) or above.part or not cell.is_text:
        return None
    known = vocabulary.part(above, cell)
    if known != NOTHING:
        return known
    if meaning.name or is_part_of_year(cell.text):
        return None
    part = "" if is_total(cell.text) else cell.text.strip()[:100]
    return Meaning(heading.parts, above.year, part)


def _is_known_part(pieces: Sequence[Cell], vocabulary: Vocabulary) -> bool:
    """Return whether the one of whom a column is, is known by that name."""
    above = vocabulary.meaning(pieces[0])
    return any(
        vocabulary.meaning(piece).part or vocabulary.part(above, piece) != NOTHING
        for piece in pieces
    )
