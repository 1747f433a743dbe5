"""The form of what was granted and spent, and which form tells which part of the follow-up."""

import json
import re

from actions.follow_up.forms import LinksForm, MilestonesForm, NoteForm, PartForm, StateForm
from actions.follow_up.parts import (
    LinksPart,
    MilestonesPart,
    NotePart,
    Part,
    SpendingPart,
    StatePart,
)
from actions.models import Funding
from actions.plan.form_choices import organisations_of
from actions.plan.form_rows import EurosField, SpentRow

AMOUNTS = [("granted", "accordé"), ("spent", "dépensé")]
KEY = ("funder", "funder_name", "year", "nature", "scheme")
TYPED = re.compile(r"line_(\d{1,18})")
ROWS = "fundings"


class SpendingForm(PartForm):
    """Each planned line has two fields of its own; lines that nobody planned are rows.

    A line also tells what it is (``line_<key>``): when the plan drops it while the page is open,
    what was typed of it comes back as a row below, and nothing is lost.
    """

    @classmethod
    def initial_of(cls, action, part):
        return {}  # each line fills its own fields

    def prepare(self):
        lines = list(self.action.fundings.select_related("funder"))
        self.planned = [line for line in lines if line.planned is not None]
        for line in self.planned:
            for name, label in AMOUNTS:
                field = EurosField(label=f"{line.who}, {line.year} : {label}")
                field.initial = getattr(line, name)
                field.widget.attrs["class"] = "form-control"
                self.fields[f"{name}_{line.pk}"] = field
        others = [line for line in lines if line.planned is None]
        self.initial = dict(self.initial) | {ROWS: [_row(line) for line in others]}
        if self.is_bound:
            self._keep_what_was_typed(lines)
        organisations = organisations_of(self.action.convention)
        self.make_rows(ROWS, SpentRow, "Lignes non prévues", organisations=organisations)

    def _keep_what_was_typed(self, lines: list[Funding]) -> None:
        """Of planned lines that are planned no more: as rows, unless they have become rows."""
        there = {str(line.pk) for line in self.planned}
        known = [line_key(line) for line in lines if line.planned is None]
        gone = [
            (self.data[name], found[1])
            for name in self.data
            if (found := TYPED.fullmatch(name)) and found[1] not in there
        ]
        for told, pk in gone:
            amounts = {name: self.data.get(f"{name}_{pk}", "") for name, _ in AMOUNTS}
            if any(amounts.values()) and told not in known:
                self._add_row(_read(told) | amounts)

    def _add_row(self, values: dict) -> None:
        total = f"{ROWS}-TOTAL_FORMS"
        number = self.data.get(total, "")
        if not number.isdecimal() or len(number) > 4:
            return
        self.data = self.data.copy()
        self.data[total] = str(int(number) + 1)
        for name, value in values.items():
            self.data[f"{ROWS}-{number}-{name}"] = value

    @property
    def told_lines(self) -> list:
        """The planned lines, each with what it is and its two fields."""
        return [
            (line, line_key(line), self[f"granted_{line.pk}"], self[f"spent_{line.pk}"])
            for line in self.planned
        ]

    @property
    def content(self):
        rows = [
            _row(line) | {name: self.cleaned_data.get(f"{name}_{line.pk}") for name, _ in AMOUNTS}
            for line in self.planned
        ]
        return self.part.plain({ROWS: [*rows, *self.cleaned_data.get(ROWS, [])]})


def line_key(line: Funding) -> str:
    """What tells a line from the others, for the page to send back."""
    values = [line.funder_id, line.funder_name, line.year, line.nature, line.scheme]
    return json.dumps(values, ensure_ascii=False)


def _read(told: str) -> dict:
    """The fields of a row for what a page says a line is; none for what makes no sense."""
    try:
        values = json.loads(told)
    except ValueError:
        return {}
    if not isinstance(values, list) or len(values) != len(KEY):
        return {}
    return {
        name: "" if value is None else str(value) for name, value in zip(KEY, values, strict=True)
    }


def _row(line: Funding) -> dict:
    return {name: getattr(line, name) for name in (*KEY, "granted", "spent")}


FORMS: dict[type[Part], type[PartForm]] = {
    StatePart: StateForm,
    MilestonesPart: MilestonesForm,
    SpendingPart: SpendingForm,
    LinksPart: LinksForm,
    NotePart: NoteForm,
}
