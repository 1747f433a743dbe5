"""An action sheet as plain data: all that pages and files say of an action.

What the parties agree to (``commitment``) and how it goes on (``follow_up``) are told apart. Texts
are as people wrote them; whoever shows them sets them (typography, Markdown).
"""

from dataclasses import dataclass

from actions.files.lines import (
    Amounts,
    AxisLine,
    CommitmentPart,
    FollowUpPart,
    FundingLine,
    StandingPart,
    ThemeLine,
)
from conventions.words import Words
from ctg_portal.templatetags.french import euros


@dataclass(frozen=True)
class Fact:
    """``lines``: one or several, never none."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One action, in the ``words`` of its territory.

    ``is_followed``: there is a follow-up to tell of, which only what was agreed to has.
    ``fundings`` belong to both parts: planned to the one, granted and spent to the other.
    """

    pk: int
    number: str
    title: str
    words: Words
    axis: AxisLine
    theme: ThemeLine
    standing: StandingPart
    commitment: CommitmentPart
    follow_up: FollowUpPart
    fundings: tuple[FundingLine, ...]
    totals: Amounts
    is_followed: bool
    is_fictional: bool

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def anchor(self) -> str:
        return f"action-{self.pk}"

    @property
    def place(self) -> str:
        """« Axe 4. Parentalité – 4.1 Soutien aux parents »."""
        axis = f"{self.words.axis.title} {self.axis.number}. {self.axis.title}"
        return " – ".join(filter(None, [axis, self.theme.name]))

    @property
    def facts(self) -> list[Fact]:
        """The short facts of what is agreed to, those that tell something."""
        agreed, objective = self.commitment, self.words.objective
        told = [
            (_one_or_many(agreed.objectives, objective.title, objective.titles), self.objectives),
            ("Relève aussi de", agreed.other_themes),
            ("Public", (agreed.audience,)),
            (_one_or_many(agreed.leads, "Pilote", "Pilotes"), tuple(x.text for x in agreed.leads)),
            ("Élu référent", (agreed.elected_referent,)),
            ("Partenaires", (", ".join(agreed.partners), agreed.other_partners.strip())),
            ("Calendrier", (agreed.period,)),
            ("Territoire", (agreed.place,)),
            ("Moyens humains", tuple(means.text for means in agreed.means)),
            ("Financement prévu", (self.planned,)),
            ("Priorité", (agreed.priority,)),
            ("Innovation", ("initiative ou innovation" if agreed.is_innovative else "",)),
            ("Autres plans", agreed.plans),
        ]
        facts = [Fact(label, tuple(filter(None, lines))) for label, lines in told]
        return [fact for fact in facts if fact.lines]

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The longer texts of what is agreed to, in Markdown, with their names."""
        agreed = self.commitment
        told = [("Diagnostic", agreed.diagnosis), ("Description", agreed.description),
                ("Résultats attendus", agreed.expected_results)]  # fmt: skip
        return [(name, text) for name, text in told if text.strip()]

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
    def objectives(self) -> tuple[str, ...]:
        """Those that the action serves; what nobody has agreed to yet is marked."""
        marked = "proposée" if self.words.objective.is_feminine else "proposé"
        return tuple(
            one.text if one.is_agreed else f"{one.text} ({marked})"
            for one in self.commitment.objectives
        )


def _one_or_many(rows: tuple, one: str, many: str) -> str:
    return many if len(rows) > 1 else one
