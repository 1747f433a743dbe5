"""An action sheet as plain data: all that pages and files say of an action.

What the parties agree to (``content``) and how it goes on (``follow_up``) are told apart. Texts are
as people wrote them; whoever shows them sets them (typography, Markdown).
"""

from dataclasses import dataclass
from decimal import Decimal

from actions.files.columns import FUNDINGS_IN_PDF, MILESTONES_IN_DOCUMENT
from actions.files.lines import (
    Amounts,
    AxisLine,
    FollowUpReading,
    FundingLine,
    ServedObjective,
    StandingReading,
    ThemeLine,
)
from actions.plan.commitments import ActionCommitment
from agreements.commitments.fields import APART, LAST, Field
from conventions.legal.words import Words
from ctg_portal.templatetags.french import euros, plural

LEADS = next(one for one in ActionCommitment.fields if one.name == "leads")


@dataclass(frozen=True)
class Fact:
    """``lines``: one or several, never none."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One action, in the ``words`` of its territory.

    ``content`` is that of the row, by field of the commitment, everybody called as today;
    ``objectives`` and ``other_themes`` have their numbers, ``period`` is the calendar in words.
    ``is_followed``: there is a follow-up to tell of, which only what was agreed to has.
    ``fundings`` belong to both parts: planned to the one, granted and spent to the other.
    """

    pk: int
    number: str
    title: str
    words: Words
    axis: AxisLine
    theme: ThemeLine
    standing: StandingReading
    content: dict
    objectives: tuple[ServedObjective, ...]
    other_themes: tuple[str, ...]
    period: str
    follow_up: FollowUpReading
    fundings: tuple[FundingLine, ...]
    totals: Amounts
    is_followed: bool
    is_fictional: bool

    # Those of its tables in the PDF.
    funding_columns = FUNDINGS_IN_PDF
    milestone_columns = MILESTONES_IN_DOCUMENT

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def anchor(self) -> str:
        return f"action-{self.pk}"

    @property
    def place(self) -> str:
        """« Axe 4. Parentalité – 4.1 Soutien aux parents »."""
        axis = f"{self.words.axis.title} {self.axis.mark}. {self.axis.title}"
        return " – ".join(filter(None, [axis, self.theme.name]))

    @property
    def facts(self) -> list[Fact]:
        """The short facts of what is agreed to, those that tell something."""
        facts, composed = [], self._composed
        for one in sorted(ActionCommitment.fields, key=lambda one: one.shown == LAST):
            if one.name in composed:
                facts += composed[one.name]
            elif (
                one.shown != APART
                and not is_prose(one)
                and one.is_informative(self.content[one.name])
            ):
                lines = one.show(self.content[one.name]).split("\n")
                facts.append(Fact(one.label, _told(*lines)))
        return [fact for fact in facts if fact.lines]

    @property
    def _composed(self) -> dict[str, list[Fact]]:
        """In the place of a field: what is told by more than its words, or several together."""
        content, words = self.content, self.words.objective
        partners = ", ".join(partner["name"] for partner in content["partners"])
        leads = tuple(LEADS.show_child(lead) for lead in content["leads"])
        innovative = "initiative ou innovation" if content["is_innovative"] else ""
        return {
            "objectives": [
                Fact(
                    words.titles if len(self.objectives) > 1 else words.title, self.objectives_told
                ),
                Fact("Autres rattachements", self.other_themes),
            ],
            "leads": [Fact("Pilotes" if len(leads) > 1 else "Pilote", leads)],
            "partners": [Fact("Partenaires", _told(partners, content["other_partners"].strip()))],
            "starts_on": [Fact("Calendrier", _told(self.period))],
            "is_whole_territory": [Fact("Territoire", _told(self.place_concerned))],
            "fundings": [Fact("Financement prévu", _told(self.planned))],
            "is_innovative": [Fact("Innovation", _told(innovative))],
        }

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The longer texts of what is agreed to, in Markdown, with their names."""
        told = [
            (one.label, self.content[one.name])
            for one in ActionCommitment.fields
            if is_prose(one) and one.shown != APART
        ]
        return [(name, text) for name, text in told if text.strip()]

    @property
    def fte(self) -> Decimal | None:
        """All the staff given, in full-time equivalents."""
        means = [Decimal(one["fte"]) for one in self.content["means"]]
        return sum(means, Decimal("0.00")) if means else None

    @property
    def place_concerned(self) -> str:
        """« tout le territoire », « 2 communes : Lésigny et Leigné-les-Bois »."""
        if self.content["is_whole_territory"]:
            return "tout le territoire"
        names = [commune["name"] for commune in self.content["communes"]]
        if not names:
            return ""
        return f"{plural(len(names), 'commune,communes')} : {', '.join(names)}"

    @property
    def planned(self) -> str:
        """« 20 000 € (État : 12 000 € ; CAF 86 : 8 000 €) »; empty where nothing is planned."""
        by_funder = {}
        for line in self.fundings:
            if line.amounts.planned is not None:
                by_funder[line.who] = by_funder.get(line.who, 0) + line.amounts.planned
        total = euros(self.totals.planned)
        told = " ; ".join(f"{who} : {euros(amount)}" for who, amount in by_funder.items())
        return f"{total} ({told})" if len(by_funder) > 1 else total

    @property
    def objectives_told(self) -> tuple[str, ...]:
        """Those that the action serves; what nobody has agreed to yet is marked."""
        marked = "proposée" if self.words.objective.is_feminine else "proposé"
        return tuple(
            one.text if one.is_agreed else f"{one.text} ({marked})" for one in self.objectives
        )


def is_prose(one: Field) -> bool:
    return getattr(one, "is_prose", False)


def _told(*lines: str) -> tuple[str, ...]:
    return tuple(filter(None, lines))
