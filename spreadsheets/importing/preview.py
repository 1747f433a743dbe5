"""What a file would change, line by line, before anything is written."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from ctg_portal.rules import Refusal
from spreadsheets.columns.questions import Question
from spreadsheets.columns.tables import Told
from spreadsheets.importing.rows import Sheetful


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a cell. ``place``: « Feuille!B12 »; ``about``: the line it is in; ``key``:
    the row of the portal that this is about, where that is known."""

    place: str
    text: str
    about: str = ""
    key: str = ""


@dataclass
class Line:
    """A line that may be kept. ``key``: the row of the portal that it is about, ``about`` that row
    for its adapter; ``compared_with``: which writing of it; ``was`` and ``content``: what is there
    and what is kept, for the adapter.

    ``before`` and ``after`` are as they may be told to who imports. ``doubts``: what surprises.
    """

    key: str
    label: str
    place: str
    outcome: Outcome
    before: str = ""
    after: str = ""
    compared_with: str = ""
    doubts: Sequence[str] = ()
    about: Any = None
    was: Any = None
    content: Any = None

    @property
    def is_to_keep(self) -> bool:
        return self.outcome != Outcome.UNCHANGED


@dataclass
class Preview:
    """All that is said of a file. ``refusal``: why nothing of it can be kept at all; ``empty``:
    how many cells were left empty, which change nothing; ``waiting``: how many lines would change
    something once it is said why; ``undoes``: what keeping it takes back, in sentences;
    ``sheetful``: all of its lines, of a file whose columns have roles."""

    lines: list[Line] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refusal: Refusal | None = None
    empty: int = 0
    waiting: int = 0
    undoes: list[str] = field(default_factory=list)
    sheetful: Sheetful | None = None

    def of(self, outcome: Outcome) -> list[Line]:
        return [line for line in self.lines if line.outcome == outcome]

    @cached_property
    def new(self) -> list[Line]:
        return self.of(Outcome.NEW)

    @cached_property
    def changed(self) -> list[Line]:
        return self.of(Outcome.CHANGED)

    @cached_property
    def unchanged(self) -> list[Line]:
        return self.of(Outcome.UNCHANGED)

    @property
    def to_keep(self) -> list[Line]:
        return [line for line in self.lines if line.is_to_keep]

    @property
    def doubtful(self) -> list[Line]:
        return [line for line in self.to_keep if line.doubts]

    @cached_property
    def refused(self) -> int:
        """How many lines of the file have mistakes."""
        return len({line_of(mistake.place) for mistake in self.mistakes})

    @property
    def open_questions(self) -> list[Question]:
        return [question for question in self.questions if question.is_open]

    @property
    def unanswered(self) -> list[Question]:
        """Those that nobody has answered: what some of them ask about is left aside meanwhile."""
        return [question for question in self.questions if not question.answer]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the file is refused."""
        return not (self.mistakes or self.refusal or self.open_questions)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(str(line.outcome) for line in self.lines)
        told = {str(outcome): counted[str(outcome)] for outcome in Outcome}
        return told | {"refused": self.refused, "empty": self.empty}

    def sort(self, sheets: Sequence[str]) -> None:
        """Put what is wrong in the order of the file."""
        rank = {name: number for number, name in enumerate(sheets)}

        def place(mistake: Mistake) -> tuple:
            sheet, row = line_of(mistake.place)
            column = mistake.place.rpartition("!")[2].rstrip("0123456789")
            return rank.get(sheet, 0), int(row or 0), len(column), column

        self.mistakes.sort(key=place)

    @property
    def digest(self) -> str:
        """Of all that would be kept, and of what it would be kept over: two previews of the same
        digest do the same."""
        told = [
            (line.key, str(line.outcome), line.compared_with, repr(line.content))
            for line in self.lines
        ]
        wrong = [(mistake.place, mistake.text) for mistake in self.mistakes]
        return hashlib.sha256(json.dumps([told, wrong]).encode()).hexdigest()


def line_of(place: str) -> tuple[str, str]:
    """Return the sheet and the row of a place."""
    sheet, _, cell = place.rpartition("!")
    return sheet, cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
