"""Keep cells that no field can take as texts to be specified, so that their line is imported."""

from collections.abc import Iterable

from actions.files.coming_in import headings as named
from actions.files.coming_in.lines import ActionOfFile
from actions.follow_up.parts import MILESTONES, SPENDING, STATE, NotePart
from actions.plan.commitments import ActionCommitment, missing_names
from actions.unclear.events import TextOfFile
from spreadsheets.columns.headings import Meaning
from spreadsheets.columns.tables import Row
from spreadsheets.reading.cells import Cell

# The field or part that cells are about whose meaning is no field of the sheet.
ABOUT = {
    named.PERIOD: "period", named.DUE: "ends_on", named.YEAR: "period", named.LEAD_NAME: "leads",
    named.FTE: "means", named.PLANNED: "fundings", named.FUNDER: "fundings",
    named.NATURE: "fundings", named.SCHEME: "fundings",
    named.GRANTED: SPENDING.key, named.SPENT: SPENDING.key,
    named.STATE: STATE.key, named.STATE_ON: STATE.key, named.REASON: STATE.key,
    named.PROGRESS: STATE.key, named.MILESTONE: MILESTONES.key, named.DONE: MILESTONES.key,
    named.WEIGHT: MILESTONES.key,
}  # fmt: skip
FIELDS = {field.name: field for field in ActionCommitment.fields}


class Cells:
    """The cells that a file gives of one action, by their address."""

    def __init__(self, file_action: ActionOfFile, this_year: int):
        self.this_year = this_year
        self.by_address: dict[str, tuple[Cell, Meaning, str]] = {}
        for row in file_action.rows:
            self._add(row)
        for row in [*file_action.fundings, *file_action.milestones, *file_action.notes]:
            self._add(row)

    def _add(self, row: Row) -> None:
        headings = {column.number: column.heading for column in row.table.columns}
        labels = {known.name: known.label for known in named.KNOWN}
        for number, cell in row.cells.items():
            meaning = row.table.understood.get(number)
            if meaning is not None and cell.text.strip():
                heading = headings.get(number)
                label = heading.text.strip() if heading is not None else ""
                label = " ".join(label.split()) or labels.get(meaning.name, meaning.name)
                self.by_address[cell.address] = cell, meaning, label[:200]

    def text_at(self, place: str) -> TextOfFile | None:
        """Return the text to keep of a cell; None for a place that is none of the action's, or
        says where or what it is."""
        if place not in self.by_address:
            return None
        cell, meaning, label = self.by_address[place]
        about = self.about(meaning)
        if about in ("", "title", "theme"):
            return None
        return TextOfFile(about, label, cell.text.strip(), place)

    def about(self, meaning: Meaning) -> str:
        """Return which field, or part of the follow-up, cells of a meaning are about."""
        if meaning.name in named.NOTES:
            return NotePart(meaning.year or self.this_year).key
        if meaning.name in FIELDS:
            return meaning.name
        return ABOUT.get(meaning.name, "")

    def texts_about(self, names: Iterable[str]) -> list[TextOfFile]:
        """Return the texts of all cells about these fields or parts."""
        wanted = set(names)
        texts = map(self.text_at, self.by_address)
        return [text for text in texts if text is not None and text.about in wanted]


def missing_texts(content: dict, texts: Iterable[TextOfFile]) -> list[TextOfFile]:
    """Return an empty text for each field that a proposal needs and the file does not give."""
    given = {text.about for text in texts}
    if "period" in given:
        given |= {"starts_on", "ends_on"}
    missing = missing_names(content) - given
    return [
        TextOfFile(field.name, field.label, "")
        for field in ActionCommitment.fields
        if field.name in missing
    ]
