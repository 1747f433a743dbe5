"""The two steps of a file whose columns have roles: what each column contains, then its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ctg_portal.templatetags.french import plural
from spreadsheets.columns.corrections import EACH, LEFT, TYPED
from spreadsheets.columns.roles import IGNORED, Assignment, Choice
from spreadsheets.importing.rows import Box, Group, Row, RowState, Sheetful

COLUMNS, ROWS = "colonnes", "lignes"
AT_ONCE = 50
FILTERS = {
    "a-corriger": (RowState.TO_CORRECT, "À corriger"),
    "nouvelles": (RowState.NEW, "Nouvelles"),
    "changees": (RowState.CHANGED, "Changées"),
    "inchangees": (RowState.UNCHANGED, "Inchangées"),
    "laissees": (RowState.LEFT, "Non gardées"),
}
# What a field of a line or of a group is called in a form, and that a box was there to be ticked.
FIELD, SHOWN = "c:", "was:"


@dataclass
class ColumnsStep:
    """The first step: one sheet, a role above each of its columns."""

    sheetful: Sheetful
    name: str = ""

    @cached_property
    def sheet(self) -> dict[str, Any]:
        sheets = self.sheetful.sheets
        read = [one for one in sheets if one["is_read"]]
        asking = [one for one in read if self._to_choose(one)]
        named = [one for one in sheets if one["name"] == self.name]
        return (named or asking or read or sheets)[0]

    @staticmethod
    def _to_choose(sheet: Mapping[str, Any]) -> int:
        return sum(not column["role"] for column in sheet["columns"])

    @property
    def title(self) -> str:
        count, all_of_it = self._to_choose(self.sheet), len(self.sheet["columns"])
        if not count:
            return "Ce que contient chaque colonne"
        words = plural(count, "colonne,colonnes")
        verb = "reste" if count < 2 else "restent"
        return f"{words} sur {all_of_it} {verb} à reconnaître"

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The columns, each with its choices and the word below: recognised, to choose, left."""
        columns = []
        for column in self.sheet["columns"]:
            role, options = column["role"], [*column["offers"], *self.sheetful.options]
            if role and role != IGNORED and role not in dict(options):
                options.insert(0, (role, self._label(role)))
            state = "to_choose" if not role else "left" if role == IGNORED else "recognised"
            columns.append(column | {"options": options, "state": state})
        return columns

    def _label(self, role: str) -> str:
        """Return the label of a role that nobody is offered: of two facets at once."""
        labels, assignment = dict(self.sheetful.options), Assignment.parse(role)
        label = labels.get(assignment.name, assignment.name)
        of = [labels.get(str(Assignment(assignment.name, (facet,))), facet)
              for facet in assignment.by_heading]  # fmt: skip
        titles = " et ".join(one.rpartition("(")[2].removesuffix(" en titre)") for one in of)
        return f"{label} ({titles} en titre)" if of else label

    @property
    def heads(self) -> list[tuple[str, str, bool]]:
        """The rows that the headings may be: value, label, whether they are."""
        heads = []
        for head in self.sheet["heads"]:
            label = " et ".join(map(str, head)) or "aucune ligne"
            heads.append(("-".join(map(str, head)), label, head == list(self.sheet["head"])))
        return heads

    @property
    def rows(self) -> list[tuple[int, bool, list[tuple[str, str]]]]:
        """The first rows: number, whether it is of the head, texts with the state of the column."""
        states = [column["state"] for column in self.columns]
        return [
            (number, is_head, list(zip(texts, states, strict=True)))
            for number, is_head, texts in self.sheet["rows"]
        ]

    @property
    def years(self) -> list[tuple[str, bool]]:
        """The years that one may say a sheet is of; empty where its lines or columns say theirs."""
        if "year" not in self.sheet["constants"] and "year" not in self.sheet["asks"]:
            return []
        chosen = self.sheet["constants"].get("year", "")
        years = [choice.value for choice in self.sheetful.choices.get("year", [])]
        years = years if chosen in ("", *years) else [chosen, *years]
        return [(year, year == chosen) for year in years]

    @property
    def example(self) -> Row | None:
        """The first line of the sheet as it will be read."""
        read = [row for row in self.sheetful.rows if row.sheet == self.sheet["name"] and row.after]
        return read[0] if read else None

    @property
    def example_place(self) -> str:
        """Return where it stands: « La ligne 4 », « La case D4 »."""
        place = self.example.place if self.example else ""
        return f"La ligne {place}" if place.isdecimal() else f"La case {place}"

    @property
    def example_label(self) -> str:
        """Return of what it is: « Foyers bénéficiaires du RSA, Naintré »."""
        boxes = self.example.boxes if self.example else []
        return ", ".join(box.text for box in boxes if box.role in ("label", "commune"))

    @property
    def count(self) -> int:
        return len(self.sheetful.rows)


def columns_said(sheetful: Sheetful, posted: Mapping[str, str]) -> dict[str, Any]:
    """Return what the columns of all sheets contain once a form of one was sent, as plain data."""
    sheets = {}
    for sheet in sheetful.sheets:
        plain = {
            "is_read": sheet["is_read"],
            "head": list(sheet["head"]),
            "roles": {str(column["number"]): column["role"] for column in sheet["columns"]},
            "constants": dict(sheet["constants"]),
        }
        if sheet["name"] == posted.get("feuille"):
            plain["is_read"] = posted.get("lire") == "on"
            head = [int(n) for n in posted.get("titres", "").split("-") if n.isdecimal()]
            if posted.get("titres") is not None and head in sheet["heads"]:
                is_other = head != plain["head"]
                plain["head"] = head
                plain["roles"] = {} if is_other else _roles_said(sheet, sheetful, posted)
            if year := posted.get("annee", ""):
                plain["constants"]["year"] = year
        sheets[sheet["name"]] = plain
    return sheets


def _roles_said(
    sheet: Mapping[str, Any], sheetful: Sheetful, posted: Mapping[str, str]
) -> dict[str, str]:
    roles = {}
    for column in sheet["columns"]:
        role = posted.get(f"role-{column['number']}", column["role"])
        offered = {"", IGNORED, *dict(sheetful.options), *dict(column["offers"])}
        is_known = role in offered or role == column["role"]
        roles[str(column["number"])] = role if is_known else column["role"]
    return roles


@dataclass
class RowsStep:
    """The second step: the lines, those first that are to be put right."""

    sheetful: Sheetful
    shown: str = ""
    number: int = 1

    @cached_property
    def filters(self) -> list[tuple[str, str, int]]:
        """The filters that have lines: name, label, how many."""
        counts = [
            (name, label, len(self.sheetful.in_state(state)))
            for name, (state, label) in FILTERS.items()
        ]
        return [one for one in counts if one[2]]

    @cached_property
    def filter(self) -> str:
        names = [name for name, *_ in self.filters]
        return self.shown if self.shown in names else next(iter(names), "")

    @property
    def state(self) -> RowState:
        return FILTERS[self.filter][0] if self.filter else RowState.LEFT

    @property
    def is_to_correct(self) -> bool:
        return self.state == RowState.TO_CORRECT

    @property
    def groups(self) -> list[tuple[Group, list[Choice]]]:
        """Return what is answered at once, with its choices: those that are open first."""
        groups = sorted(self.sheetful.groups, key=lambda group: bool(group.answer))
        return [(group, self.choices_for(group)) for group in groups]

    @property
    def open_groups(self) -> list[tuple[Group, list[Choice]]]:
        return [pair for pair in self.groups if not pair[0].answer]

    @property
    def answered_groups(self) -> list[tuple[Group, list[Choice]]]:
        return [pair for pair in self.groups if pair[0].answer]

    @cached_property
    def grouped(self) -> set[str]:
        return {group.name for group in self.sheetful.groups}

    @cached_property
    def has_sheets(self) -> bool:
        """Whether the lines are of several sheets."""
        return len({row.sheet for row in self.sheetful.rows}) > 1

    @cached_property
    def lines(self) -> list[Row]:
        """The lines of the filter, without those of which groups answer all that is yellow."""
        rows = self.sheetful.in_state(self.state)
        return [
            row
            for row in rows
            if row.open_doubts or not row.yellow or {box.name for box in row.yellow} - self.grouped
        ]

    @property
    def rows(self) -> list[tuple[Row, list[tuple[Box, list[Choice]]]]]:
        """The lines of one screenful, each with its cells and what one may choose in their
        place."""
        start = (self.page - 1) * AT_ONCE
        rows = self.lines[start : start + AT_ONCE]
        return [
            (row, [(self._alone(box), self.choices_for(box)) for box in row.boxes]) for row in rows
        ]

    def _alone(self, box: Box) -> Box:
        """Return a box without its control where a group has it."""
        return replace(box, name="") if box.name in self.grouped else box

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.lines) // AT_ONCE))

    @property
    def page(self) -> int:
        return min(max(self.number, 1), self.pages)

    @property
    def title(self) -> str:
        counts = {name: count for name, _, count in self.filters}
        words = {
            "nouvelles": "nouvelle,nouvelles",
            "changees": "changée,changées",
            "inchangees": "inchangée,inchangées",
            "a-corriger": "à corriger,à corriger",
        }
        parts = [plural(counts[name], forms) for name, forms in words.items() if name in counts]
        lines = plural(len(self.sheetful.rows), "ligne lue,lignes lues")
        return f"{lines} : {', '.join(parts)}" if parts else f"{lines}, rien à enregistrer"

    @property
    def to_save(self) -> int:
        return sum(row.is_to_save for row in self.sheetful.rows)

    @property
    def rules(self) -> list[tuple[str, str, int]]:
        """The doubts that many lines share, to be confirmed at once: key, words, how many."""
        counts: dict[str, list[str]] = {}
        for row in self.lines:
            for doubt in row.open_doubts:
                counts.setdefault(doubt.everywhere, []).append(doubt.text)
        return [
            (name, texts[0], len(texts)) for name, texts in counts.items() if len(texts) > 2
        ] if self.is_to_correct else []  # fmt: skip

    def choices_for(self, box: Box | Group) -> list[Choice]:
        """Return what one may choose in place of a cell, or of all cells alike."""
        if not box.facet:
            return []
        choices = [*self.sheetful.choices.get(box.facet, [])]
        is_typed = box.name.startswith(TYPED)
        if is_typed or (isinstance(box, Group) and box.is_question):
            return choices
        if isinstance(box, Group):
            return [*choices, Choice(EACH, "répondre ligne par ligne"),
                    Choice(LEFT, "ne pas garder ces lignes")]  # fmt: skip
        return [*choices, Choice(LEFT, "ne pas garder cette ligne")]


def answers_in(sheetful: Sheetful, posted: Mapping[str, str]) -> dict[str, str]:
    """Return what a form puts right, by key: of the lines and groups that the file has, what was
    typed or chosen otherwise than it stood there, and ticks that were given or taken back."""
    defaults = {group.name: group.answer for group in sheetful.groups}
    doubts: dict[str, bool] = {}
    for row in sheetful.rows:
        defaults |= {box.name: box.value for box in row.boxes if box.name}
        for doubt in row.doubts:
            doubts |= {doubt.name: doubt.is_confirmed, doubt.everywhere: False}
    answers = {
        name: text.strip()[:1000]
        for name, default in defaults.items()
        if (text := posted.get(FIELD + name)) is not None and text.strip() != default
    }
    for name, is_confirmed in doubts.items():
        is_ticked = FIELD + name in posted
        if is_ticked != is_confirmed and (is_ticked or SHOWN + name in posted):
            answers[name] = "1" if is_ticked else ""
    return answers
