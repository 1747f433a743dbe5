"""A file of lines, one thing a line: its tables by the roles of their columns, and what both steps
show of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from spreadsheets.columns.corrections import Corrections, key_of_cell
from spreadsheets.columns.kept import columns_of, sample_of, to_remember
from spreadsheets.columns.lines import KnowledgeOfLines
from spreadsheets.columns.questions import Asking
from spreadsheets.columns.roles import Choice
from spreadsheets.columns.tables import Row as TableRow
from spreadsheets.columns.tables import tables_in
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview, line_of
from spreadsheets.importing.rows import Box, Group, Row, RowState, Sheetful
from spreadsheets.reading.cells import Book, Cell

STANDING = {
    Outcome.NEW: RowState.NEW,
    Outcome.CHANGED: RowState.CHANGED,
    Outcome.UNCHANGED: RowState.UNCHANGED,
}


class FileOfLines:
    """A book read by the roles of its columns: its ``tables``, ``remarks`` about what is not read,
    and the ``sheetful`` that both steps show, to which its room adds the lines. ``choices``: what
    one may choose in place of a yellow cell, by the role of its column."""

    def __init__(
        self,
        book: Book,
        knowledge: KnowledgeOfLines,
        asking: Asking,
        choices: Mapping[str, Sequence[Choice]] | None = None,
    ):
        columns = columns_of(book, knowledge, asking.columns, asking.remembered)
        self.asking, self.corrections = asking, Corrections(asking.answers)
        self.tables, self.remarks = tables_in(
            book, columns.sheets, knowledge.vocabulary, self.corrections
        )
        self.sheetful = Sheetful(
            options=knowledge.options, is_settled=columns.is_settled and columns.is_read
        )
        for sheet in book.sheets:
            given = columns.sheets[sheet.name]
            self.sheetful.sheets.append(sample_of(sheet, given, knowledge))
            remembered = to_remember(given, knowledge.year)
            self.sheetful.to_remember[columns.shapes[sheet.name]] = remembered
        self.sheetful.choices |= choices or {}
        self.cells: dict[str, tuple[Cell, str]] = {}
        self.roles: dict[str, str] = {}
        for table in self.tables:
            labels = {column.number: _label(column.heading) for column in table.columns}
            names = {column.number: column.meaning.name for column in table.columns}
            for row in table.rows:
                for column, cell in row.cells.items():
                    self.cells[cell.address] = cell, labels.get(column, "")
                    self.roles[cell.address] = names.get(column, "")

    def add_lines(self, preview: Preview, lines: Iterable["LineOfFile"]) -> None:
        """Add the lines of a preview with their yellow cells, those that keep nothing, and the
        questions that settle several."""
        by_key = {line.key: line for line in preview.lines}
        faults: dict[tuple[str, str], list[Mistake]] = defaultdict(list)
        for mistake in preview.mistakes:
            faults[line_of(mistake.place)].append(mistake)
        for line in lines:
            places = [(row.sheet, str(row.number)) for row in line.rows]
            own = [fault for place in places for fault in faults.pop(place, ())]
            asked = [] if line.key in by_key else [
                cell.address for row in line.rows for cell in row.cells.values()
            ]  # fmt: skip
            self._add(by_key.get(line.key), line.label, line.place, own, asked)
        for others in faults.values():
            self._add(None, others[0].about, others[0].place, others, [])
        self._add_questions()

    def _add(
        self, line: Line | None, label: str, place: str, faults: list[Mistake], asked: list[str]
    ) -> None:
        """Add a line of the file; one without a ``line`` keeps nothing, one with faults too keeps
        what was read. ``asked``: cells that a question may be about."""
        hints: dict[str, list[str]] = defaultdict(list)
        for fault in faults:
            hints[fault.place].append(fault.text)
        boxes = [Box("label", label)]
        boxes += [self._box(address, " ".join(texts)) for address, texts in hints.items()]
        boxes += [self._box(address, "") for address in asked
                  if address in self._asked and address not in hints]  # fmt: skip
        sheet, number = line_of(place)
        row = Row(sheet, number or place, boxes)
        if line is not None:
            row.key, row.before, row.after = line.key, line.before, line.after
            row.note = " ".join(line.doubts)
            row.is_ready = line.is_to_keep
        if len(boxes) == 1:
            row.standing = STANDING[line.outcome] if line is not None else RowState.LEFT
        self.sheetful.rows.append(row)

    @cached_property
    def _asked(self) -> dict[str, str]:
        """The keys of the questions that nobody has answered, by the cells that they are about."""
        return {
            place: question.key
            for question in self.asking.questions
            if not question.answer
            for place in self.asking.places.get(question.key, ())
        }

    def _box(self, address: str, hint: str) -> Box:
        """Return the box of a yellow cell: to be typed anew, unless a question is about it."""
        cell, label = self.cells.get(address, (None, ""))
        text = cell.text.strip()[:200] if cell else ""
        if key := self._asked.get(address):
            return Box(label, text, is_yellow=True, name=key, hint=hint)
        name = key_of_cell("typed", address) if cell else ""
        role = self.roles.get(address, "")
        facet = role if role in self.sheetful.choices else ""
        value = "" if facet else text
        return Box(label, text, is_yellow=True, name=name, value=value, facet=facet, hint=hint)

    def _add_questions(self) -> None:
        """Add what is answered once for all cells alike."""
        for question in self.asking.questions:
            places = [
                place.rpartition("!")[2] for place in self.asking.places.get(question.key, ())
            ]
            facet = question.key if question.choices else ""
            self.sheetful.groups.append(
                Group(question.key, question.text, facet, places, question.answer, is_question=True)
            )
            if facet:
                self.sheetful.choices[facet] = list(question.choices)


class LineOfFile(NamedTuple):
    """What a file says of one thing, as both steps name it: the ``rows`` it stands in."""

    key: str
    label: str
    place: str
    rows: Sequence[TableRow]


def _label(heading: Cell | None) -> str:
    return " ".join(heading.text.split())[:60] if heading else ""
