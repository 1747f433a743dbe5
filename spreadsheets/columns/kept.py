"""Columns as somebody has said that they are: of this file, or of an earlier one of its office."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spreadsheets.columns.proposal import shape_of
from spreadsheets.columns.roles import YEAR, Assignment, Knowledge, SheetColumns
from spreadsheets.reading.cells import Book, Sheet, letters

ROWS, COLUMNS, SEARCHED = 6, 80, 12


@dataclass
class Columns:
    """The columns of all sheets of a book, by the name of the sheet; ``settled``: the sheets whose
    columns nobody needs to look at; ``shapes``: by which the next file is known."""

    sheets: dict[str, SheetColumns] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    shapes: dict[str, str] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        return self.settled >= {name for name, one in self.sheets.items() if one.is_read}

    @property
    def is_read(self) -> bool:
        return any(columns.is_read for columns in self.sheets.values())


def columns_of(
    book: Book,
    knowledge: Knowledge,
    given: Mapping[str, Any],
    remembered: Mapping[str, Mapping[str, Any]],
) -> Columns:
    """Return the columns of a book. ``given``: what was said of this file, by sheet, ``sheets`` and
    whether that ``is_settled``; ``remembered``: of earlier files, by shape."""
    columns = Columns()
    for sheet in book.sheets:
        plain = given.get("sheets", {}).get(sheet.name)
        sheet_columns = knowledge.propose(sheet)
        shape = shape_of(sheet, sheet_columns)
        if plain is not None:
            sheet_columns = _as_said(sheet, plain, knowledge)
            columns.settled |= {sheet.name} if given.get("is_settled") else set()
        elif shape in remembered:
            sheet_columns = _as_before(sheet, sheet_columns, remembered[shape], knowledge)
            columns.settled.add(sheet.name)
        elif sheet_columns.is_settled or given.get("is_settled"):
            columns.settled.add(sheet.name)
        columns.sheets[sheet.name] = sheet_columns
        columns.shapes[sheet.name] = shape
    return columns


def _as_said(sheet: Sheet, plain: Mapping[str, Any], knowledge: Knowledge) -> SheetColumns:
    """Return the columns that somebody has said; below another head they are proposed again."""
    columns = knowledge.assign(sheet, plain["head"])
    columns.is_read = plain["is_read"]
    for column, role in plain.get("roles", {}).items():
        if int(column) in columns.roles:
            columns.roles[int(column)] = role
    columns.constants |= plain.get("constants", {})
    columns.asks = [facet for facet in columns.asks if facet not in columns.constants]
    return columns


def _as_before(
    sheet: Sheet, columns: SheetColumns, plain: Mapping[str, Any], knowledge: Knowledge
) -> SheetColumns:
    """Return the columns as those of an earlier file were said to be, of the years since."""
    year = knowledge.year or 0
    if plain["head"] != columns.head:
        columns = knowledge.assign(sheet, plain["head"])
    for column, role in plain["roles"].items():
        before = Assignment.parse(role)
        now = columns.assignments.get(int(column))
        if now is None:
            continue
        year_now = None if before.year is None else before.year + year
        if now.year and now.name == before.name:  # its heading says which
            year_now = now.year
        again = Assignment(before.name, before.by_heading, year_now, before.part)
        columns.roles[int(column)] = str(again)
    columns.is_read = plain["is_read"]
    columns.constants |= {f: text for f, text in plain["constants"].items() if f != YEAR}
    return columns


def to_remember(columns: SheetColumns, knowledge_year: int | None) -> dict[str, Any]:
    """Return the columns of a sheet for the next file of its office: years as so many before."""
    roles = {}
    for column, role in columns.assignments.items():
        year = None if role.year is None else role.year - (knowledge_year or 0)
        roles[str(column)] = str(Assignment(role.name, role.by_heading, year, role.part))
    return {
        "is_read": columns.is_read,
        "head": columns.head,
        "roles": roles,
        "constants": columns.constants,
    }


# What a page shows of them ----------------------------------------------------------------------


def sample_of(sheet: Sheet, columns: SheetColumns, knowledge: Knowledge) -> dict[str, Any]:
    """Return what the page of the columns shows of a sheet, as plain data: its first rows, a role
    above each column, and which rows its headings may be."""
    rows = list(sheet.rows())
    numbers = sorted(columns.roles)[:COLUMNS]
    start = max(columns.head, default=0)
    shown = [row for row in rows if row[0] in columns.head]
    shown += [row for row in rows if row[0] > start][:ROWS]
    first = [number for number, _ in rows[:SEARCHED]]
    heads: list[list[int]] = [[], *([n] for n in first)]
    heads += [[n, n + 1] for n in first if n + 1 in first]
    return {
        "name": sheet.name,
        "is_hidden": sheet.is_hidden,
        "is_read": columns.is_read,
        "count": sum(1 for number, _ in rows if number > start),
        "head": columns.head,
        "heads": heads,
        "constants": columns.constants,
        "asks": columns.asks,
        "columns": [
            {
                "number": number,
                "letter": letters(number),
                "role": columns.roles[number],
                "offers": [
                    (role, knowledge.label_assignment(Assignment.parse(role)))
                    for role in columns.offers.get(number, ())
                ],
                "is_sure": number in columns.sure,
                "is_hidden": number in sheet.hidden_columns,
            }
            for number in numbers
        ],
        "rows": [
            (row, row in columns.head,
             [cells[n].text.strip()[:80] if n in cells else "" for n in numbers])
            for row, cells in shown
        ],
    }  # fmt: skip
