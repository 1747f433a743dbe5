"""What a file says of how an action goes on: its state, milestones, money, notes."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from actions.files.coming_in import headings as named
from actions.files.coming_in.lines import Said
from actions.files.coming_in.money import Money
from actions.files.coming_in.periods import read_day
from actions.files.coming_in.shown import Shown, same_text
from actions.files.coming_in.words import EMPTY_MARKS, read_state
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
# Where what a field of a state holds was written.
WRITTEN = {"state": (named.STATE, named.PROGRESS), "stated_progress": (named.PROGRESS, named.STATE),
           "state_reason": (named.REASON, named.STATE), "state_on": (named.STATE_ON, named.STATE),
           "stated_on": (named.PROGRESS, named.STATE)}  # fmt: skip


@dataclass(frozen=True)
class PartTold:
    """A part of the follow-up as it is, and as the file says it."""

    part: FollowUpPart
    before: dict
    content: dict


class Followed:
    """Reads the follow-up of actions from a file, one at a time: ``parts_of``."""

    def __init__(
        self, money: Money, asking: Asking, today: datetime.date, tell: Callable[[Cell, str], None]
    ):
        self.money, self.asking, self.today, self.tell = money, asking, today, tell

    def cells(self, said: Said, shown: Shown) -> list[Cell]:
        """Those that say something new of how an action goes on."""
        own = [
            cell
            for meaning, cells in said.cells.items() if meaning.name in named.FOLLOWED
            for cell in cells if not shown.has(cell, meaning) and cell.text.strip()
        ]  # fmt: skip
        beside = [row.first for row in [*said.milestones, *said.notes]]
        return own + beside

    def parts_of(
        self, said: Said, action: Action, shown: Shown, agreed: dict, before_of: BeforeOf
    ) -> tuple[list[PartTold], list[Fault]]:
        """Return the parts that the file changes, and the cells that no part can take, each with
        why. ``action``: it, or a stand-in with the period of one that is not agreed to, of which no
        spending is told; ``before_of`` reads a part as it is."""
        told, unread = [], []
        readers = [(STATE, self._state), (MILESTONES, self._milestones)]
        if action.is_agreed:
            readers.append((SPENDING, self._spending))
        for part, read in readers:
            before = before_of(part)
            try:
                content = read(said, action, shown, before, agreed, unread)
                if content is not None and content != before:
                    told.append(PartTold(part, before, content))
            except Wrong as one:
                unread += one.told
        for year, texts in self._notes(said, shown, unread, before_of).items():
            part = NotePart(year)
            before = before_of(part)
            content = part.plain(before | texts)
            if content != before:
                told.append(PartTold(part, before, content))
        sound = []
        for one in told:
            faults = list(one.part.faults(action, one.content, self.today))
            unread += [(self._place(said, one.part, name), reason) for name, reason in faults]
            sound += [] if faults else [one]
        return sound, unread

    def _place(self, said: Said, part: FollowUpPart, field: str) -> str:
        names = [Meaning(name) for name in WRITTEN.get(field, ())]
        rows: list[Row] = []
        if isinstance(part, NotePart):
            names, rows = [Meaning(named.NOTE, part.year)], said.notes
        elif part is MILESTONES:
            rows = said.milestones
        elif part is SPENDING:
            rows = said.fundings
        cells = [said.cells[one][0] for one in names if one in said.cells]
        cells += [row.first for row in rows]
        return cells[0].address if cells else said.place

    # State ----------------------------------------------------------------------------------------

    def _state(self, said, action, shown, before: dict, agreed, unread: list) -> dict | None:
        typed = {}
        for name in (named.STATE, named.PROGRESS):
            if given := self._given(said, shown, name):
                state, progress = self._stated(*given, name)
                typed |= {} if state is None else {"state": state}
                typed |= {} if progress is None else {"stated_progress": progress}
        if "state" not in typed and typed.get("stated_progress", 0) > 0:
            is_to_come = before["state"] == ActionState.TO_COME
            typed |= {"state": ActionState.IN_PROGRESS.value} if is_to_come else {}
        if given := self._given(said, shown, named.REASON):
            typed["state_reason"] = "" if fold(given[0]) in ERASE else given[0]
        if given := self._given(said, shown, named.STATE_ON):
            typed["state_on"] = self._day(*given)
        typed = {name: value for name, value in typed.items() if before[name] != _plain(value)}
        return self._as_form(said, action, before, typed) if typed else None

    def _as_form(self, said: Said, action: Action, before: dict, typed: dict) -> dict:
        """What the form of the state makes of it, the days included."""
        known = {name: value for name, value in before.items() if value not in (None, "")}
        initial = part_form(action, STATE).initial | known
        data = {name: _spelled(value) for name, value in (initial | typed).items()}
        form = part_form(action, STATE, data)
        if form.is_valid():
            return form.content
        raise Wrong(*(
            (self._place(said, STATE, name), text)
            for name, told in form.errors.items() for text in told
        ))  # fmt: skip

    def _stated(self, text: str, cell: Cell, name: str) -> tuple[str | None, int | None]:
        if name == named.PROGRESS and PLAIN.fullmatch(text):
            # 0.5 beside percentages is a share.
            share = Decimal(text.replace(",", "."))
            is_share = self._is_all(text, cell) if share == 1 else 0 < share < 1
            text = f"{share * 100 if is_share else share:.0f} %"
        try:
            return read_state(text)
        except ValueError as unread:
            states = ", ".join(f"« {one.label} »" for one in ActionState)
            text = f"« {text[:60]} » : écrivez {states}, ou un pourcentage."
            raise Wrong((cell.address, text)) from unread

    def _is_all(self, text: str, cell: Cell) -> bool:
        """Whether 1 is a share, all that there is, or one in a hundred."""
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

    def _milestones(self, said, action, shown, before: dict, agreed, unread: list) -> dict | None:
        rows = [dict(one) for one in before["milestones"]]
        for row in said.milestones:
            try:
                self._milestone(row, rows, said)
            except Wrong as one:
                unread += one.told
        content = MILESTONES.plain({"milestones": rows})
        return MILESTONES.with_row_keys(before, content)

    def _milestone(self, row: Row, rows: list[dict], said: Said) -> None:
        title = " ".join(row.text(named.MILESTONE).split())
        if not title:
            raise Wrong((row.place_of(named.MILESTONE), "Un jalon a un titre et une échéance."))
        days = {name: self._day_in(row, name, said) for name in (named.DUE, named.DONE)}
        alike = [one for one in rows if same_text(one["title"], title)]
        exact = [one for one in alike if one["due_on"] == _plain(days[named.DUE])]
        if days[named.DUE] == ERASE or days[named.DONE] == ERASE:
            for one in alike[:1]:
                if days[named.DUE] == ERASE:
                    rows.remove(one)
                else:
                    one["done_on"] = None
            return
        found = (exact or alike or [None])[0]
        if found is None:
            found = {"id": None, "title": title, "due_on": None, "done_on": None, "weight": 1}
            rows.append(found)
        for name, day in days.items():
            if day is not None:
                found[name] = _plain(day)
        weight = row.cell(named.WEIGHT)
        if weight is not None:
            if weight.number is None or weight.number != int(weight.number):
                raise Wrong((weight.address, "Un poids est un nombre entier."))
            found["weight"] = int(weight.number)

    def _day_in(self, row: Row, name: str, said: Said):
        """A day of a line: None for none, ``ERASE`` where it is to go."""
        cell = row.cell(name)
        text = typed_in(cell, said.label, self.asking)
        if text is None or text in EMPTY_MARKS:
            return None
        return ERASE if fold(text) in ERASE else self._day(text, cell)

    def _day(self, text: str, cell: Cell) -> datetime.date:
        if cell.day:
            return cell.day
        try:
            return read_day(text, last=True)
        except ValueError as told:
            raise Wrong((cell.address, f"« {text[:60]} » : {told}")) from told

    def _spending(self, said, action, shown, before: dict, agreed, unread: list) -> dict | None:
        lines = before["fundings"]
        for name in (named.GRANTED, named.SPENT):
            lines, wrong = self.money.read(name, said, lines, shown, agreed)
            unread += wrong
        return SPENDING.plain({"fundings": lines})

    def _notes(self, said: Said, shown: Shown, wrong: list, before_of: BeforeOf) -> dict[int, dict]:
        """The texts of the notes that the file gives, by year."""
        found: dict[int, dict] = {}
        for year, row, name, cell in self._cells_of_notes(said):
            try:
                if shown.has(cell, Meaning(name, year)) and row is None:
                    continue
                text = typed_in(cell, said.label, self.asking)
                if text is None or text in EMPTY_MARKS:
                    continue
                year_told = year or self._year_of_note(cell)
                if year_told is None:
                    continue
                texts = {name: text} if row is not None else _parted(text, name)
                if fold(text) in ERASE:
                    texts = dict.fromkeys(named.NOTES, "") if name == named.NOTE else {name: ""}
                held = before_of(NotePart(year_told))
                found.setdefault(year_told, {}).update(
                    {n: t for n, t in texts.items() if not same_text(held[n], t)}
                )
            except Wrong as one:
                wrong += one.told
        return {year: texts for year, texts in found.items() if texts}

    def _cells_of_notes(self, said: Said) -> Iterator[tuple[int | None, Row | None, str, Cell]]:
        """Year, line of a table of notes, what it is, cell: from columns, then from such tables."""
        for meaning, cells in said.cells.items():
            if meaning.name in named.NOTES:
                yield meaning.year, None, meaning.name, cells[0]
        for row in said.notes:
            year = row.cell(named.YEAR)
            text = year.text.strip() if year else ""
            for name in named.NOTES:
                if (cell := row.cell(name)) is not None:
                    yield (int(text) if text.isdecimal() else None), row, name, cell

    def _year_of_note(self, cell: Cell) -> int | None:
        answer = self.asking.ask(
            "annee:bilan",
            "Le fichier ne dit pas de quelle année sont ces bilans : laquelle ?",
            cell.address,
            [*(Choice(str(y), str(y)) for y in self.money.years if y <= self.today.year),
             Choice(LEFT, "les laisser de côté")],
        )  # fmt: skip
        if answer == LEFT:
            self.tell(cell, "ce bilan est laissé de côté.")
            return None
        if not answer:
            raise Wrong((cell.address, "Dites de quelle année est ce bilan : « Bilan 2022 »."))
        return int(answer)

    def _given(self, said: Said, shown: Shown, name: str) -> tuple[str, Cell] | None:
        cell = said.cell(name)
        if cell is None or shown.has(cell, Meaning(name)):
            return None
        text = typed_in(cell, said.label, self.asking)
        return None if text is None or text in EMPTY_MARKS else (text, cell)


def _parted(text: str, name: str) -> dict[str, str]:
    """A whole note as the workbook of the plan writes it: its text, then « Freins : … »."""
    if name != named.NOTE:
        return {name: text}
    parts = {NAMES[found["label"]]: found["text"].strip() for found in PART_OF_NOTE.finditer(text)}
    return {named.NOTE: PART_OF_NOTE.sub("", text).strip()} | parts


def _plain(value):
    return value.isoformat() if isinstance(value, datetime.date) else value


def _spelled(value) -> str:
    return "" if value is None else str(_plain(value))
