"""The money of the plan: who gives what, in which year; planned, granted, spent.

What nobody has told yet is no zero: a sum knows of how many lines it lacks the amount.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from django.db.models import prefetch_related_objects

from actions.files.columns import MONEY, drawn
from actions.files.lines import Amounts
from actions.models import Action, Funding, Nature
from actions.ways.budget_drawing import BudgetDrawing
from actions.ways.counted import counted, nothing_in_force
from actions.ways.list import Plan
from ctg_portal.search import fold
from ctg_portal.templatetags.french import enumerate_words, euros, number, plural
from ctg_portal.typography import NARROW_NO_BREAK_SPACE as NNBSP
from documents.tables import Column

MILLION = 1_000_000


def short(amount: Decimal) -> str:
    """« 1,2 M€ », « 840 000 € »: for a title."""
    if amount >= MILLION:
        return f"{number(round(amount / MILLION, 1))}{NNBSP}M€"
    return euros(round(amount))


@dataclass
class Amount:
    """A sum, of ``known`` lines; of ``unknown`` others the amount is not told."""

    total: Decimal = Decimal(0)
    known: int = 0
    unknown: int = 0

    @property
    def is_incomplete(self) -> bool:
        """Whether it is the sum of some lines only."""
        return bool(self.known and self.unknown)

    def add(self, value: Decimal | None) -> None:
        if value is None:
            self.unknown += 1
        else:
            self.total, self.known = self.total + value, self.known + 1

    @property
    def figure(self) -> str:
        """« 12 000 », « 12 000,50 »: where the unit is told elsewhere."""
        return number(self.total, None if self.total == int(self.total) else 2)


@dataclass
class Sums:
    """What was planned, granted and spent on some lines."""

    planned: Amount = field(default_factory=Amount)
    granted: Amount = field(default_factory=Amount)
    spent: Amount = field(default_factory=Amount)
    # Of the lines that have both, planned first.
    both: list[tuple[Decimal, Decimal]] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Iterable[Funding | Amounts]) -> "Sums":
        sums = cls()
        for line in lines:
            # A line without a planned amount is not planned: nothing is lacking.
            if line.planned is not None:
                sums.planned.add(line.planned)
            sums.granted.add(line.granted)
            sums.spent.add(line.spent)
            if line.planned is not None and line.spent is not None:
                sums.both.append((line.planned, line.spent))
        return sums

    @property
    def is_incomplete(self) -> bool:
        """Whether some line lacks what was granted or spent."""
        return bool(self.granted.unknown or self.spent.unknown)

    @property
    def share(self) -> int | None:
        """How much of what was planned is spent, in percent, on the lines of which both are known;
        None where that says nothing."""
        planned = sum(one for one, _ in self.both)
        if not planned:
            return None
        return round(100 * sum(one for _, one in self.both) / planned)

    @property
    def share_of(self) -> str:
        """« sur 12 des 20 lignes »: of how many of those planned; empty where of all."""
        if self.share is None or len(self.both) == self.planned.known:
            return ""
        return f"sur {number(len(self.both))} des {number(self.planned.known)} lignes"


@dataclass(frozen=True)
class SumsRow:
    label: str
    sums: Sums


# Of rows of sums, whatever they are by.
SUMS = (
    *drawn((one.within(attrgetter("sums")) for one in MONEY.values()),
           "actions/ways/budget_sum.html"),
    Column("Part dépensée", attrgetter("sums.share"), "number",
           cell="actions/ways/budget_share.html"),
)  # fmt: skip


@dataclass(frozen=True)
class SumsTable:
    """Sums row by row, and in all; ``heading`` stands over what the rows are."""

    heading: str
    caption: str
    rows: list[SumsRow]
    total: Sums

    @property
    def columns(self) -> list[Column]:
        return [Column(self.heading, attrgetter("label")), *SUMS]

    @property
    def foot(self) -> SumsRow | None:
        """What they come to, where there are several."""
        return SumsRow("Ensemble", self.total) if len(self.rows) > 1 else None


@dataclass(frozen=True)
class Measure:
    """What a funder planned, granted or spent: by year (None: no line), and in all."""

    column: Column
    amounts: list[tuple[int, Amount | None]]
    total: Amount


@dataclass(frozen=True)
class FunderRows:
    name: str
    measures: list[Measure]


class Budget:
    """The lines of the actions in force that a plan shows; what is proposed or withdrawn, apart.

    Where the withdrawn are asked for, the lines are theirs.
    """

    def __init__(self, plan: Plan):
        self.plan, self.words = plan, plan.convention.words
        self.is_of_withdrawn = plan.asks_for_withdrawn
        prefetch_related_objects([*plan.shown, *plan.withdrawn], "fundings__funder")

    @cached_property
    def lines(self) -> list[Funding]:
        actions = self.plan.withdrawn if self.is_of_withdrawn else counted(self.plan)
        return [line for action in actions for line in _lines_of(action)]

    @cached_property
    def total(self) -> Sums:
        return Sums.of(self.lines)

    @cached_property
    def years(self) -> list[int]:
        return sorted({line.year for line in self.lines})

    @cached_property
    def by_year(self) -> SumsTable:
        rows = self._rows(self.years, lambda line: line.year)
        return self._table("Année", "année", rows)

    @property
    def by_axis(self) -> SumsTable:
        axes = {line.action.theme.axis for line in self.lines}
        ordered = sorted(axes, key=lambda axis: (axis.number, axis.pk))
        rows = self._rows(ordered, lambda line: line.action.theme.axis)
        named = [
            SumsRow(f"{axis.mark}. {axis.title}", row.sums)
            for axis, row in zip(ordered, rows, strict=True)
        ]
        return self._table(self.words.axis.title, "partie de la convention", named)

    @property
    def by_nature(self) -> SumsTable:
        natures = [n for n in Nature if any(line.nature == n for line in self.lines)]
        rows = self._rows(natures, lambda line: line.nature)
        named = [
            SumsRow(nature.label.capitalize(), row.sums)
            for nature, row in zip(natures, rows, strict=True)
        ]
        return self._table("Nature", "nature", named)

    def _table(self, heading: str, by: str, rows: list[SumsRow]) -> SumsTable:
        return SumsTable(heading, f"Prévu, accordé et dépensé par {by}", rows, self.total)

    def _rows(self, keys: list, key_of: Callable) -> list[SumsRow]:
        return [
            SumsRow(str(key), Sums.of(line for line in self.lines if key_of(line) == key))
            for key in keys
        ]

    @cached_property
    def by_funder(self) -> list[FunderRows]:
        """Those that plan most first; the whole last. One name is one funder, however typed."""
        by_name: dict[str, list[Funding]] = {}
        for line in self.lines:
            by_name.setdefault(fold(line.who), []).append(line)
        ordered = sorted(
            by_name.items(), key=lambda pair: (-Sums.of(pair[1]).planned.total, pair[0])
        )
        funders = [self._funder(lines[0].who, lines) for _, lines in ordered]
        if len(funders) > 1:
            funders.append(self._funder("Ensemble", self.lines))
        return funders

    def _funder(self, name: str, lines: list[Funding]) -> FunderRows:
        by_year = {year: [line for line in lines if line.year == year] for year in self.years}
        sums = [(year, Sums.of(own) if own else None) for year, own in by_year.items()]
        total = Sums.of(lines)
        return FunderRows(
            name,
            [
                Measure(
                    column,
                    [(year, getattr(own, measure) if own else None) for year, own in sums],
                    getattr(total, measure),
                )
                for measure, column in MONEY.items()
            ],
        )

    @property
    def drawing(self) -> BudgetDrawing | None:
        rows = self.by_year.rows
        return BudgetDrawing(rows) if rows else None

    @property
    def proposed(self) -> str:
        """« 2 actions proposées prévoient 45 000 €, … »; empty where none asks for money."""
        lines = {
            action.pk: [line.planned or 0 for line in _lines_of(action)]
            for action in self.plan.shown
            if action.is_proposed
        }
        asking = [amounts for amounts in lines.values() if any(amounts)]
        if not asking:
            return ""
        told = plural(len(asking), "action proposée prévoit,actions proposées prévoient")
        whole = euros(sum(map(sum, asking)))
        return f"{told} {whole}, qui ne sont pas comptés tant que les parties n’ont pas accepté."

    @property
    def withdrawn(self) -> str:
        """« 1 action retirée : 6 000 € accordés, qui ne sont plus comptés. »; empty where none of
        those beside what is shown had money."""
        if self.is_of_withdrawn:
            return ""
        followed = [action for action in self.plan.withdrawn if _given(_lines_of(action))]
        return f"{_told_of_withdrawn(followed)}." if followed else ""

    @property
    def title(self) -> str:
        """« 1,2 M€ prévus, 840 000 € dépensés »; « 840 000 € de dépenses connues » where some lines
        do not tell theirs."""
        if self.is_of_withdrawn:
            withdrawn = self.plan.withdrawn
            return _told_of_withdrawn(withdrawn) if withdrawn else self.plan.title
        if not counted(self.plan):
            return nothing_in_force(self.plan)
        if not self.lines:
            return "Aucun financement n’est prévu"
        planned, spent = self.total.planned, self.total.spent
        told = f"{short(planned.total)} {agreeing('prévu', planned.total)}"
        if not spent.known:
            return f"{told}, dépenses non renseignées"
        if spent.unknown:
            return f"{told}, {short(spent.total)} de dépenses connues"
        return f"{told}, {short(spent.total)} {agreeing('dépensé', spent.total)}"

    @property
    def lead(self) -> str:
        """The share that is spent, and what is not told."""
        if not self.lines:
            return ""
        if self.is_of_withdrawn:
            return "Ce qui était prévu ne l’est plus ; ce qui a été accordé et dépensé reste écrit."
        share, unknown = self.total.share, self.total.spent.unknown
        told = f"{number(share)} % du prévu est dépensé. " if share is not None else ""
        if over := self.total.share_of:
            told = f"{over.capitalize()} prévues, celles dont la dépense est connue, {told}"
        if not unknown:
            return told.strip()
        lacking = plural(unknown, "ligne n’a,lignes n’ont")
        return f"{told}{lacking} pas encore de dépense renseignée : ce ne sont pas des zéros."


def _lines_of(action: Action) -> list[Funding]:
    """The lines of an action, each knowing it as it was read."""
    lines = list(action.fundings.all())
    for line in lines:
        line.action = action
    return lines


def _given(lines: Iterable[Funding]) -> str:
    """« 6 000 € accordés et 2 500 € dépensés »; empty where nothing was."""
    sums = Sums.of(lines)
    given = [("accordé", sums.granted.total), ("dépensé", sums.spent.total)]
    return enumerate_words(
        f"{euros(total)} {agreeing(word, total)}" for word, total in given if total
    )


def _told_of_withdrawn(actions: list[Action]) -> str:
    told = plural(len(actions), "action retirée,actions retirées")
    given = _given(line for action in actions for line in _lines_of(action))
    if not given:
        return f"{told}, sans argent accordé ni dépensé"
    return f"{told} : {given}, qui ne sont plus comptés"


def agreeing(word: str, amount: Decimal) -> str:
    return f"{word}s" if amount >= 2 else word
