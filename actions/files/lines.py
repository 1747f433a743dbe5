"""The lines that an action sheet is made of, as plain data."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actions.follow_up.models import Funding
from actions.plan.models import Action
from conventions.models import Standing
from ctg_portal.templatetags.french import long_date, quoted_within


@dataclass(frozen=True)
class AxisLine:
    pk: int
    number: int
    mark: str
    title: str
    colour: int


@dataclass(frozen=True)
class ThemeLine:
    """``title`` is empty for the theme of an axis without themes."""

    pk: int
    rank: int
    number: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}".strip() if self.title else ""


@dataclass(frozen=True)
class PartyLight:
    """Where a party stands: ``state`` as the component of the lights wants it."""

    who: str
    state: str
    word: str


@dataclass(frozen=True)
class StandingReading:
    """What the sheet is worth: ``text`` in words, with where each party stands on that version.

    ``discussed`` tells of a next version that the parties have before them; empty without one.
    ``after_term``: why it was proposed after the term of the convention; ``discussed_after_term``,
    why the next one was.
    """

    code: str
    text: str
    since: datetime.date | None
    version: int | None
    lights: tuple[PartyLight, ...] = ()
    discussed: str = ""
    discussed_lights: tuple[PartyLight, ...] = ()
    after_term: str = ""
    discussed_after_term: str = ""

    @property
    def told(self) -> str:
        """What it is worth, and why it was proposed after the term, if it was."""
        return _with_reason(self.text, self.after_term)

    @property
    def discussed_told(self) -> str:
        return _with_reason(self.discussed, self.discussed_after_term)

    @property
    def is_agreed(self) -> bool:
        return self.code == Standing.IN_FORCE

    @property
    def is_proposed(self) -> bool:
        return self.code == Standing.PROPOSED


def _with_reason(told: str, reason: str) -> str:
    return f"{told} : « {quoted_within(reason)} »" if reason else told


@dataclass(frozen=True)
class ServedObjective:
    code: str
    title: str
    is_agreed: bool

    @property
    def text(self) -> str:
        return f"{self.code} {self.title}".strip()


@dataclass(frozen=True)
class Amounts:
    """Money in euros; None where nothing is told, which is no zero."""

    planned: Decimal | None = None
    granted: Decimal | None = None
    spent: Decimal | None = None

    @classmethod
    def sum(cls, amounts: Iterable["Amounts"]) -> "Amounts":
        amounts = list(amounts)

        def total(name: str) -> Decimal | None:
            told = [value for one in amounts if (value := getattr(one, name)) is not None]
            return sum(told, Decimal(0)) if told else None

        return cls(total("planned"), total("granted"), total("spent"))

    @property
    def is_followed(self) -> bool:
        """Whether something was granted or spent."""
        return self.granted is not None or self.spent is not None


@dataclass(frozen=True)
class FundingLine:
    """What one funder gives in one year: planned by the parties, granted and spent since."""

    who: str
    year: int
    nature: str
    scheme: str
    amounts: Amounts

    @classmethod
    def of(cls, line: Funding) -> "FundingLine":
        amounts = Amounts(line.planned, line.granted, line.spent)
        return cls(line.who, line.year, line.get_nature_display(), line.scheme, amounts)


@dataclass(frozen=True)
class MilestoneLine:
    title: str
    due_on: datetime.date
    done_on: datetime.date | None
    weight: int
    is_overdue: bool

    @classmethod
    def all_of(cls, action: Action, today: datetime.date) -> list["MilestoneLine"]:
        """Those of an action; none is late of one that is over, or not agreed to."""
        return [
            cls(one.title, one.due_on, one.done_on, one.weight,
                action.is_open and one.is_overdue(today))
            for one in action.milestones.all()
        ]  # fmt: skip

    @property
    def state(self) -> str:
        """« atteint le 5 septembre 2022 », « en retard », « à venir »."""
        if self.done_on:
            return f"atteint le {long_date(self.done_on)}"
        return "en retard" if self.is_overdue else "à venir"


# What a note says apart, by the name of its text.
PARTS = {"brakes": "Freins", "levers": "Leviers", "prospects": "Perspectives"}


@dataclass(frozen=True)
class NoteLine:
    """The note of a year, in Markdown; ``signature``: by whom and when it was written."""

    year: int
    text: str
    brakes: str
    levers: str
    prospects: str
    written_on: datetime.date
    written_by: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What holds back, helps, comes next: those that are told, with their names."""
        told = [(label, getattr(self, name)) for name, label in PARTS.items()]
        return [(label, text) for label, text in told if text.strip()]

    @property
    def signature(self) -> str:
        by = f" par {self.written_by}" if self.written_by else ""
        return f"Écrit le {long_date(self.written_on)}{by}."


@dataclass(frozen=True)
class LinkedLine:
    number: str
    title: str

    @property
    def text(self) -> str:
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class FollowUpReading:
    """How the action goes on. ``late``: why it is behind what was agreed, empty when it is not.

    ``progress_source`` says where the percentage comes from. ``afterwards`` is told of an action
    that outlives its convention (art. 8).
    """

    state: str
    state_word: str
    state_on: datetime.date | None
    state_reason: str
    late: tuple[str, ...]
    progress: int | None
    progress_source: str
    milestones: tuple[MilestoneLine, ...]
    notes: tuple[NoteLine, ...]
    documents: tuple[str, ...]
    linked: tuple[LinkedLine, ...]
    afterwards: str

    @property
    def sentence(self) -> str:
        """« En cours depuis le 15 décembre 2023 »."""
        since = f" depuis le {long_date(self.state_on)}" if self.state_on else ""
        return f"{self.state_word[:1].upper()}{self.state_word[1:]}{since}"

    @property
    def progress_text(self) -> str:
        """« 75 %, d’après les jalons »; empty where nothing tells."""
        if self.progress is None:
            return ""
        return ", ".join(filter(None, [f"{self.progress}\u202f%", self.progress_source]))
