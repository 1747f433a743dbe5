"""The parts of an action sheet that several readings of it share, as plain data."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actions.follow_up.words import LateWord
from actions.plan.models import Action, Funding
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
    """Where a party stands (``who``: its acronym): ``state`` names the light that a template
    draws, ``word`` is the same in words."""

    who: str
    state: str
    word: str


@dataclass(frozen=True)
class StandingReading:
    """How far an action is agreed to: the ``text`` of its standing, with where each party stands.

    ``code`` is the ``Standing``; ``since`` the day of agreement, None for an action that is not in
    force; ``version`` the number of the version read, None without one. ``discussed``: the sentence
    on a next version that the parties discuss while this one is in force, empty without one.
    ``after_term``: the reason given for proposing the version after the term of the convention,
    empty for one proposed before; ``discussed_after_term``: that of the next version.
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
    def full_text(self) -> str:
        """The text, followed by the reason for a proposal after the term, if there is one."""
        return _with_reason(self.text, self.after_term)

    @property
    def discussed_full_text(self) -> str:
        """``discussed``, followed by the reason for a proposal after the term, if there is one."""
        return _with_reason(self.discussed, self.discussed_after_term)

    @property
    def is_agreed(self) -> bool:
        return self.code == Standing.IN_FORCE

    @property
    def is_proposed(self) -> bool:
        return self.code == Standing.PROPOSED


def _with_reason(text: str, reason: str) -> str:
    return f"{text} : « {quoted_within(reason)} »" if reason else text


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
    """Amounts in euros; None where one is not known, which is no zero."""

    planned: Decimal | None = None
    granted: Decimal | None = None
    spent: Decimal | None = None

    @classmethod
    def sum(cls, amounts: Iterable["Amounts"]) -> "Amounts":
        """Return the sums of the known amounts; None for a sum of which none is known."""
        amounts, totals = list(amounts), []
        for name in ("planned", "granted", "spent"):
            known = [value for line in amounts if (value := getattr(line, name)) is not None]
            totals.append(sum(known, Decimal(0)) if known else None)
        return cls(*totals)

    @property
    def is_followed(self) -> bool:
        """Whether something was granted or spent."""
        return self.granted is not None or self.spent is not None


@dataclass(frozen=True)
class FundingLine:
    """A line of funding: what one funder (``who``) gives in one year; nature in words."""

    who: str
    year: int
    nature: str
    scheme: str
    amounts: Amounts

    @classmethod
    def of(cls, line: Funding) -> "FundingLine":
        """Return the line of a row, with planned, granted and spent amounts."""
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
        """Return the milestones of an action; those of one that is not open are not overdue."""
        return [
            cls(row.title, row.due_on, row.done_on, row.weight,
                action.is_open and row.is_overdue(today))
            for row in action.milestones.all()
        ]  # fmt: skip

    @property
    def state(self) -> str:
        """« atteint le 5 septembre 2022 », « non atteint », « à venir »."""
        if self.done_on:
            return f"atteint le {long_date(self.done_on)}"
        return "non atteint" if self.is_overdue else "à venir"


# The labels of the texts of a note beside its main one, by name.
PARTS = {"brakes": "Freins", "levers": "Leviers", "prospects": "Perspectives"}


@dataclass(frozen=True)
class NoteLine:
    """The note of a year; its texts are Markdown."""

    year: int
    text: str
    brakes: str
    levers: str
    prospects: str
    written_on: datetime.date
    written_by: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The texts beside the main one, each after its label, without those that are empty."""
        texts = [(label, getattr(self, name)) for name, label in PARTS.items()]
        return [(label, text) for label, text in texts if text.strip()]

    @property
    def signature(self) -> str:
        """« Écrit le 5 janvier 2023 par Émilie Faure. »"""
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
    """How an action goes on. ``state_word`` is its state in words; ``late`` the reasons why it is
    late, in words, empty where it is not, and ``late_word`` what an action is then called.

    ``progress`` is in percent, ``progress_source`` where it comes from, in words. ``afterwards``:
    the sentence on an action that goes on after its convention (art. 8); empty for others.
    """

    state: str
    state_word: str
    state_on: datetime.date | None
    state_reason: str
    late: tuple[str, ...]
    late_word: LateWord
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
        """« 75 %, d’après les jalons »; empty without a progress."""
        if self.progress is None:
            return ""
        return ", ".join(filter(None, [f"{self.progress}\u202f%", self.progress_source]))
