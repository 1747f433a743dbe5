"""The lines of a file as they are put right: what was read of each, what is yellow, what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from spreadsheets.columns.roles import Choice

LONG = 3


class RowState(StrEnum):
    TO_CORRECT = "to_correct"
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT = "left"


@dataclass
class Box:
    """A cell of a line: its ``role``, the words of the file, and what is wrong with it.

    A yellow one has a control: a choice among those of ``facet``, or else a text; ``name`` is the
    key of what is chosen or typed there, ``value`` what is there so far.
    """

    role: str
    text: str
    is_yellow: bool = False
    name: str = ""
    value: str = ""
    facet: str = ""
    hint: str = ""
    suggestion: str = ""
    is_number: bool = False


@dataclass
class RowDoubt:
    """A doubt about a line; ``name``: the key of its confirmation, ``everywhere`` that of all that
    the same rule is about."""

    name: str
    everywhere: str
    text: str
    is_confirmed: bool = False


@dataclass
class Row:
    """A line of the file. ``place``: its number, or its cell; ``before``: what the portal has,
    ``after``: what will be kept; ``note``: what is told beside; ``key``: the row of the portal;
    ``is_ready``: it is kept as it stands, though some of its cells are yellow."""

    sheet: str
    place: str
    boxes: list[Box]
    standing: RowState = RowState.TO_CORRECT
    before: str = ""
    after: str = ""
    note: str = ""
    doubts: list[RowDoubt] = field(default_factory=list)
    key: str = ""
    is_ready: bool = False

    @property
    def is_to_save(self) -> bool:
        return self.is_ready or self.standing in (RowState.NEW, RowState.CHANGED)

    @property
    def after_lines(self) -> list[str]:
        return self.after.splitlines()

    @property
    def is_long(self) -> bool:
        """Whether what will be kept is folded: a line of a plan says a dozen things."""
        return len(self.after_lines) > LONG

    @property
    def open_doubts(self) -> list[RowDoubt]:
        return [doubt for doubt in self.doubts if not doubt.is_confirmed]

    @property
    def yellow(self) -> list[Box]:
        return [box for box in self.boxes if box.is_yellow]


@dataclass
class Group:
    """Cells of one text, answered at once: ``name`` is the key of the answer, ``answer`` what was
    answered, in this file or an earlier one of the office; ``is_question``: its text is a whole
    question, with all of its choices."""

    name: str
    text: str
    facet: str
    places: list[str]
    answer: str = ""
    hint: str = ""
    suggestion: str = ""
    is_question: bool = False


@dataclass
class Sheetful:
    """All lines of a file, and what its columns contain. ``choices``: what one may choose for each
    facet; ``sheets``: what is shown of each sheet (``sample_of``), ``options``: the roles of its
    columns; ``to_remember``: the columns for the next file, by shape; ``is_settled``: nobody needs
    to look at the columns."""

    rows: list[Row] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    choices: dict[str, Sequence[Choice]] = field(default_factory=dict)
    sheets: list[dict[str, Any]] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    to_remember: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_settled: bool = True

    def in_state(self, state: RowState) -> list[Row]:
        return [row for row in self.rows if row.standing == state]

    def as_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Sheetful":
        rows = [
            Row(
                **{
                    **row,
                    "standing": RowState(row["standing"]),
                    "boxes": [Box(**box) for box in row["boxes"]],
                    "doubts": [RowDoubt(**doubt) for doubt in row["doubts"]],
                }
            )
            for row in plain["rows"]
        ]
        choices: dict[str, Sequence[Choice]] = {
            facet: [Choice(*choice) for choice in listed]
            for facet, listed in plain["choices"].items()
        }
        groups = [Group(**group) for group in plain["groups"]]
        as_they_are = {
            name: plain[name] for name in ("sheets", "options", "to_remember", "is_settled")
        }
        return cls(rows, groups, choices, **as_they_are)
