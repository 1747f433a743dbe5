"""An action sheet as plain data: all that files show of an action.

What the parties agree to (``content``) and how it goes on (``follow_up``) are apart. Texts are as
people wrote them; whoever shows them applies typography and Markdown.
"""

from dataclasses import dataclass
from decimal import Decimal

from actions.plan.commitments import ActionCommitment
from actions.sheet.columns import FUNDINGS_IN_PDF, MILESTONES_IN_DOCUMENT
from actions.sheet.lines import (
    Amounts,
    AxisLine,
    FollowUpReading,
    FundingLine,
    ServedObjective,
    StandingReading,
    ThemeLine,
)
from agreements.commitments.fields import APART, LAST, Field
from conventions.legal.words import Words
from ctg_portal.templatetags.french import euros, plural

LEADS = next(field for field in ActionCommitment.fields if field.name == "leads")


@dataclass(frozen=True)
class Fact:
    """A short fact of a sheet: a label, and one line or several."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One action, in the ``words`` of its territory.

    ``content`` is the canonical content of the row, with names of today; ``objectives`` are those
    in force or proposed, ``other_themes`` have their numbers, ``period`` is the calendar in words.
    ``is_followed``: there is a follow-up to show. ``fundings`` belong to both parts: planned to the
    content, granted and spent to the follow-up.
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

    # The columns of its tables in the PDF.
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
        """The short facts of what is agreed to, in the order of the fields, without empty ones."""
        facts, composed = [], self._composed
        for field in sorted(ActionCommitment.fields, key=lambda field: field.shown == LAST):
            value = self.content[field.name]
            if field.name in composed:
                facts += composed[field.name]
            elif field.shown != APART and not is_prose(field) and field.is_informative(value):
                facts.append(Fact(field.label, _non_empty(*field.show(value).split("\n"))))
        return [fact for fact in facts if fact.lines]

    @property
    def _composed(self) -> dict[str, list[Fact]]:
        """The facts that replace a field, by its name: made of more than its value, or of several
        fields. A fact may lack lines."""
        content, words = self.content, self.words.objective
        names = ", ".join(partner["name"] for partner in content["partners"])
        partners = _non_empty(names, content["other_partners"].strip())
        leads = tuple(LEADS.show_child(lead) for lead in content["leads"])
        innovative = "initiative ou innovation" if content["is_innovative"] else ""
        return {
            "objectives": [
                Fact(
                    words.titles if len(self.objectives) > 1 else words.title, self.objective_labels
                ),
                Fact("Autres rattachements", self.other_themes),
            ],
            "leads": [Fact("Pilotes" if len(leads) > 1 else "Pilote", leads)],
            "partners": [Fact("Partenaires", partners)],
            "starts_on": [Fact("Calendrier", _non_empty(self.period))],
            "is_whole_territory": [Fact("Territoire", _non_empty(self.place_concerned))],
            "fundings": [Fact("Financement prévu", _non_empty(self.planned))],
            "is_innovative": [Fact("Innovation", _non_empty(innovative))],
        }

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The longer texts of what is agreed to, in Markdown, each after its label; no empty
        one."""
        texts = [
            (field.label, self.content[field.name])
            for field in ActionCommitment.fields
            if is_prose(field) and field.shown != APART
        ]
        return [(label, text) for label, text in texts if text.strip()]

    @property
    def fte(self) -> Decimal | None:
        """The sum of the staff in full-time equivalents; None without any."""
        means = [Decimal(line["fte"]) for line in self.content["means"]]
        return sum(means, Decimal("0.00")) if means else None

    @property
    def place_concerned(self) -> str:
        """« tout le territoire », « 2 communes : Lésigny, Leigné-les-Bois »; empty where neither is
        said."""
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
        parts = " ; ".join(f"{who} : {euros(amount)}" for who, amount in by_funder.items())
        return f"{total} ({parts})" if len(by_funder) > 1 else total

    @property
    def objective_labels(self) -> tuple[str, ...]:
        """The objectives that the action serves, as text; those not in force yet are marked."""
        marked = "proposée" if self.words.objective.is_feminine else "proposé"
        return tuple(
            objective.text if objective.is_agreed else f"{objective.text} ({marked})"
            for objective in self.objectives
        )


def is_prose(field: Field) -> bool:
    """Return whether a field is a longer text; only text fields can be."""
    return getattr(field, "is_prose", False)


def _non_empty(*lines: str) -> tuple[str, ...]:
    return tuple(filter(None, lines))
