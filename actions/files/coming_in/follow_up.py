"""Read the follow-up of an action from a file: its state, milestones, money and notes."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from actions.files.coming_in import headings as named
from actions.files.coming_in.current import CurrentCells, same_text
from actions.files.coming_in.funding import FundingReader
from actions.files.coming_in.lines import ActionOfFile
from actions.files.coming_in.periods import parse_day
from actions.files.coming_in.words import EMPTY_MARKS, parse_state
from actions.follow_up.parts import MILESTONES, SPENDING, STATE, FollowUpPart, NotePart
from actions.follow_up.saving import part_form
from actions.plan.faults import Fault
from actions.plan.models import Action, ActionState
from actions.sheet.lines import PARTS
from ctg_portal.search.rows import fold
from spreadsheets.columns.headings import Meaning
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Row
from spreadsheets.columns.typed import ERASE, Wrong, typed_in
from spreadsheets.reading.cells import Cell

BeforeOf = Callable[[FollowUpPart], dict]
LABELS = "|".join(PARTS.values())
PART_OF_NOTE = re.compile(
    rf"^(?P<label>{LABELS})\s*:\s*(?P<text>.*?)(?=^(?:{LABELS})\s*:|\Z)", re.MULTILINE | re.DOTALL
)
NAMES = {label: name for name, label in PARTS.items()}
PLAIN = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
# The columns that a field of the state is read from.
COLUMNS = {"state": (named.STATE, named.PROGRESS), "stated_progress": (named.PROGRESS, named.STATE),
           "state_reason": (named.REASON, named.STATE), "state_on": (named.STATE_ON, named.STATE),
           "stated_on": (named.PROGRESS, named.STATE)}  # fmt: skip


@dataclass(frozen=True)
class PartChange:
    """A part of the follow-up as it is, and as the file changes it."""

    part: FollowUpPart
    before: dict
    content: dict


class FollowUpReader:
    """Reads the follow-up of actions from a file, one action at a time."""

    def __init__(
        self,
        funding: FundingReader,
        asking: Asking,
        today: datetime.date,
        remark: Callable[[Cell, str], None],
    ):
        self.funding, self.asking, self.today, self.remark = funding, asking, today, remark

    def changes_of(
        self,
        file_action: ActionOfFile,
        action: Action,
        current: CurrentCells,
        agreed: dict,
        before_of: BeforeOf,
    ) -> tuple[list[PartChange], list[Fault]]:
        """Return the parts that the file changes, and the cells that no part can take, each with
        why.

        ``action`` is the action of the plan, or a stand-in with the period of one that is not
        agreed to, whose spending is not read. ``before_of`` reads a part as it is.
        """
        changes, unread = [], []
        readers = [(STATE, self._state), (MILESTONES, self._milestones)]
        if action.is_agreed:
            readers.append((SPENDING, self._spending))
        for part, read in readers:
            before = before_of(part)
            try:
                content = read(file_action, action, current, before, agreed, unread)
                if content is not None and content != before:
                    changes.append(PartChange(part, before, content))
            except Wrong as error:
                unread += error.told
        for year, texts in self._notes(file_action, current, unread, before_of).items():
            part = NotePart(year)
            before = before_of(part)
            content = part.plain(before | texts)
            if content != before:
                changes.append(PartChange(part, before, content))
        sound = []
        for change in changes:
            part = change.part
            faults = list(part.faults(action, change.content, self.today))
            unread += [(self._place(file_action, part, name), reason) for name, reason in faults]
            sound += [] if faults else [change]
        return sound, unread

    def _place(self, file_action: ActionOfFile, part: FollowUpPart, field: str) -> str:
        names = [Meaning(name) for name in COLUMNS.get(field, ())]
        rows: list[Row] = []
        if isinstance(part, NotePart):
            names, rows = [Meaning(named.NOTE, part.year)], file_action.notes
        elif part is MILESTONES:
            rows = file_action.milestones
        elif part is SPENDING:
            rows = file_action.fundings
        cells = [file_action.cells[one][0] for one in names if one in file_action.cells]
        cells += [row.first for row in rows]
        return cells[0].address if cells else file_action.place

    # State ----------------------------------------------------------------------------------------

    def _state(
        self, file_action, action, current, before: dict, agreed, unread: list
    ) -> dict | None:
        typed = {}
        for name in (named.STATE, named.PROGRESS):
            if given := self._given(file_action, current, name):
                state, progress = self._parse_stated(*given, name)
                typed |= {} if state is None else {"state": state}
                typed |= {} if progress is None else {"stated_progress": progress}
        if "state" not in typed and typed.get("stated_progress", 0) > 0:
            is_to_come = before["state"] == ActionState.TO_COME
            typed |= {"state": ActionState.IN_PROGRESS.value} if is_to_come else {}
        if given := self._given(file_action, current, named.REASON):
            typed["state_reason"] = "" if fold(given[0]) in ERASE else given[0]
        if given := self._given(file_action, current, named.STATE_ON):
            typed["state_on"] = self._parse_day(*given)
        typed = {name: value for name, value in typed.items() if before[name] != _plain(value)}
        return self._validate(file_action, action, before, typed) if typed else None

    def _validate(
        self, file_action: ActionOfFile, action: Action, before: dict, typed: dict
    ) -> dict:
        """Return the content of the state's part, with the days that its form adds. Raises Wrong
        for what the form refuses."""
        known = {name: value for name, value in before.items() if value not in (None, "")}
        initial = part_form(action, STATE).initial | known
        data = {name: _form_value(value) for name, value in (initial | typed).items()}
        form = part_form(action, STATE, data)
        if form.is_valid():
            return form.content
        raise Wrong(*(
            (self._place(file_action, STATE, name), text)
            for name, texts in form.errors.items() for text in texts
        ))  # fmt: skip

    def _parse_stated(self, text: str, cell: Cell, name: str) -> tuple[str | None, int | None]:
        if name == named.PROGRESS and PLAIN.fullmatch(text):
            # 0.5 beside percentages is a share.
            share = Decimal(text.replace(",", "."))
            is_share = self._ask_whether_share(text, cell) if share == 1 else 0 < share < 1
            text = f"{share * 100 if is_share else share:.0f} %"
        try:
            return parse_state(text)
        except ValueError as unread:
            states = ", ".join(f"« {one.label} »" for one in ActionState)
            text = f"« {text[:60]} » : écrivez {states}, ou un pourcentage."
            raise Wrong((cell.address, text)) from unread

    def _ask_whether_share(self, text: str, cell: Cell) -> bool:
        """Return whether 1 is a share, which is 100 %, as was answered. Raises Wrong until it
        is."""
        answer = self.asking.ask(
            "avancement:un",
            f"« {text} » est-il une part (soit 100 %), ou 1 % ?",
            cell.address,
            [Choice("part", "une part : 100 %"), Choice("pourcentage", "1 %")],
        )
        if not answer:
            raise Wrong((cell.address, f"« {text} » : dites si c’est 100 % ou 1 %."))
        return answer == "part"

    # Milestones, money, notes ---------------------------------------------------------------------

    def _milestones(
        self, file_action, action, current, before: dict, agreed, unread: list
    ) -> dict | None:
        rows = [dict(one) for one in before["milestones"]]
        for row in file_action.milestones:
            try:
                self._read_milestone(row, rows, file_action)
            except Wrong as error:
                unread += error.told
        content = MILESTONES.plain({"milestones": rows})
        return MILESTONES.with_row_keys(before, content)

    def _read_milestone(self, row: Row, rows: list[dict], file_action: ActionOfFile) -> None:
        title = " ".join(row.text(named.MILESTONE).split())
        if not title:
            raise Wrong((row.place_of(named.MILESTONE), "Un jalon a un titre et une échéance."))
        days = {name: self._day_in(row, name, file_action) for name in (named.DUE, named.DONE)}
        alike = [one for one in rows if same_text(one["title"], title)]
        exact = [one for one in alike if one["due_on"] == _plain(days[named.DUE])]
        if days[named.DUE] == ERASE or days[named.DONE] == ERASE:
            for milestone in alike[:1]:
                if days[named.DUE] == ERASE:
                    rows.remove(milestone)
                else:
                    milestone["done_on"] = None
            return
        milestone = (exact or alike or [None])[0]
        if milestone is None:
            milestone = {"id": None, "title": title, "due_on": None, "done_on": None, "weight": 1}
            rows.append(milestone)
        for name, day in days.items():
            if day is not None:
                milestone[name] = _plain(day)
        weight = row.cell(named.WEIGHT)
        if weight is not None:
            if weight.number is None or weight.number != int(weight.number):
                raise Wrong((weight.address, "Un poids est un nombre entier."))
            milestone["weight"] = int(weight.number)

    def _day_in(self, row: Row, name: str, file_action: ActionOfFile):
        """Return a day of a line: None without one, ``ERASE`` where it is to be erased."""
        cell = row.cell(name)
        text = typed_in(cell, file_action.label, self.asking)
        if text is None or text in EMPTY_MARKS:
            return None
        return ERASE if fold(text) in ERASE else self._parse_day(text, cell)

    def _parse_day(self, text: str, cell: Cell) -> datetime.date:
        if cell.day:
            return cell.day
        try:
            return parse_day(text, last=True)
        except ValueError as problem:
            raise Wrong((cell.address, f"« {text[:60]} » : {problem}")) from problem

    def _spending(
        self, file_action, action, current, before: dict, agreed, unread: list
    ) -> dict | None:
        lines = before["fundings"]
        for name in (named.GRANTED, named.SPENT):
            lines, wrong = self.funding.read(name, file_action, lines, current, agreed)
            unread += wrong
        return SPENDING.plain({"fundings": lines})

    def _notes(
        self, file_action: ActionOfFile, current: CurrentCells, wrong: list, before_of: BeforeOf
    ) -> dict[int, dict]:
        """Return the texts of the notes that the file changes, by year."""
        notes: dict[int, dict] = {}
        for year, row, name, cell in self._cells_of_notes(file_action):
            try:
                if current.matches(cell, Meaning(name, year)) and row is None:
                    continue
                text = typed_in(cell, file_action.label, self.asking)
                if text is None or text in EMPTY_MARKS:
                    continue
                note_year = year or self._ask_year_of_note(cell)
                if note_year is None:
                    continue
                texts = {name: text} if row is not None else _split_note(text, name)
                if fold(text) in ERASE:
                    texts = dict.fromkeys(named.NOTES, "") if name == named.NOTE else {name: ""}
                before = before_of(NotePart(note_year))
                notes.setdefault(note_year, {}).update(
                    {n: t for n, t in texts.items() if not same_text(before[n], t)}
                )
            except Wrong as error:
                wrong += error.told
        return {year: texts for year, texts in notes.items() if texts}

    def _cells_of_notes(
        self, file_action: ActionOfFile
    ) -> Iterator[tuple[int | None, Row | None, str, Cell]]:
        """Yield the cells of notes, each with its year, the line of a table of notes and the field:
        first those of columns, then those of such tables."""
        for meaning, cells in file_action.cells.items():
            if meaning.name in named.NOTES:
                yield meaning.year, None, meaning.name, cells[0]
        for row in file_action.notes:
            year = row.cell(named.YEAR)
            text = year.text.strip() if year else ""
            for name in named.NOTES:
                if (cell := row.cell(name)) is not None:
                    yield (int(text) if text.isdecimal() else None), row, name, cell

    def _ask_year_of_note(self, cell: Cell) -> int | None:
        answer = self.asking.ask(
            "annee:bilan",
            "Le fichier ne dit pas de quelle année sont ces bilans : laquelle ?",
            cell.address,
            [*(Choice(str(y), str(y)) for y in self.funding.years if y <= self.today.year),
             Choice(LEFT, "les laisser de côté")],
        )  # fmt: skip
        if answer == LEFT:
            self.remark(cell, "ce bilan est laissé de côté.")
            return None
        if not answer:
            raise Wrong((cell.address, "Dites de quelle année est ce bilan : « Bilan 2022 »."))
        return int(answer)

    def _given(
        self, file_action: ActionOfFile, current: CurrentCells, name: str
    ) -> tuple[str, Cell] | None:
        cell = file_action.cell(name)
        if cell is None or current.matches(cell, Meaning(name)):
            return None
        text = typed_in(cell, file_action.label, self.asking)
        return None if text is None or text in EMPTY_MARKS else (text, cell)


def _split_note(text: str, name: str) -> dict[str, str]:
    """Return the parts of a note that the workbook of the plan has written in one cell: its text,
    then « Freins : … »."""
    if name != named.NOTE:
        return {name: text}
    parts = {NAMES[match["label"]]: match["text"].strip() for match in PART_OF_NOTE.finditer(text)}
    return {named.NOTE: PART_OF_NOTE.sub("", text).strip()} | parts


def _plain(value):
    return value.isoformat() if isinstance(value, datetime.date) else value


def _form_value(value) -> str:
    return "" if value is None else str(_plain(value))
