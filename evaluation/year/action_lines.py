"""Hold what an evaluation says of an action as plain data, a part of ``ReportContent``."""

from dataclasses import dataclass

from ctg_portal.templatetags.french import plural

UNFILLED = "ligne non renseignée,lignes non renseignées"


@dataclass(frozen=True)
class Money:
    """The sums of a year's lines of funding, in euros; empty where none of them has the sum.

    ``untold``: how many lines do not say what was spent, where others do.
    """

    planned: str
    granted: str
    spent: str
    untold: int

    @property
    def comparisons(self) -> list[str]:
        """The sums planned and granted in words, and how many lines do not say what was spent."""
        sums = [
            f"prévu {self.planned}" if self.planned else "",
            f"accordé {self.granted}" if self.granted else "",
            plural(self.untold, UNFILLED) if self.untold else "",
        ]
        return [text for text in sums if text]


@dataclass(frozen=True)
class NoteText:
    """The note of a year, in Markdown; all but ``text`` may be empty."""

    text: str
    brakes: str
    levers: str
    prospects: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The brakes, levers and prospects that are written, each with its name."""
        names = [("Freins", self.brakes), ("Leviers", self.levers),
                 ("Perspectives", self.prospects)]  # fmt: skip
        return [(name, text) for name, text in names if text.strip()]


@dataclass(frozen=True)
class ActionLine:
    """An action as it stood at the end of the year. ``state`` in words, ``state_kind`` its code,
    ``since`` when; ``reason``: why it is on hold, blocked or given up; ``measured``: where
    ``percent`` comes from.

    ``late_word``: what it is called where it is late. ``lacks_note``: its note of the year is
    awaited and not written.
    """

    anchor: str
    number: str
    title: str
    leads: str
    period: str
    is_innovative: bool
    state: str
    state_kind: str
    since: str
    reason: str
    is_late: bool
    percent: int | None
    measured: str
    money: Money
    note: NoteText | None
    lacks_note: bool
    late_word: str = "en retard"  # in what was frozen before there was another

    @property
    def late(self) -> str:
        """The word for its lateness, empty where it was not late."""
        return self.late_word if self.is_late else ""

    @property
    def bar(self) -> int | None:
        """``percent`` to the nearest five, for the drawing; None where it is not known."""
        return None if self.percent is None else 5 * round(self.percent / 5)


@dataclass(frozen=True)
class Gap:
    """A missing or provisional figure, a missing note: which, and why."""

    title: str
    text: str


@dataclass(frozen=True)
class GapsOf:
    organisation: str
    gaps: list[Gap]
