"""Sum the money of the plan: by funder and year; planned, granted, spent.

An amount that is not known is no zero: a sum says on how many lines it is missing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import prefetch_related_objects

from actions.plan.models import Action, Funding, Nature
from actions.sheet.columns import MONEY, with_template
from actions.sheet.lines import Amounts
from actions.ways.budget_drawing import BudgetDrawing
from actions.ways.list import Plan
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import enumerate_words, euros, number, plural
from ctg_portal.text.typography import NARROW_NO_BREAK_SPACE as NNBSP
from documents.tables import Column

MILLION = 1_000_000


def format_short_euros(amount: Decimal) -> str:
    """Format an amount for a title: « 1,2 M€ », « 840 000 € »."""
    if amount >= MILLION:
        return f"{number(round(amount / MILLION, 1))}{NNBSP}M€"
    return euros(round(amount))


@dataclass
class Amount:
    """A sum over ``known`` lines; on ``unknown`` others the amount is missing."""

    total: Decimal = Decimal(0)
    known: int = 0
    unknown: int = 0

    @property
    def is_incomplete(self) -> bool:
        """Whether it is the sum of some lines only."""
        return bool(self.known and self.unknown)

    def add(self, value: Decimal | None) -> None:
        """Add the amount of a line; None is one that is missing."""
        if value is None:
            self.unknown += 1
        else:
            self.total, self.known = self.total + value, self.known + 1

    @property
    def figure(self) -> str:
        """« 12 000 », « 12 000,50 »: for a table whose heading has the unit."""
        return number(self.total, None if self.total == int(self.total) else 2)


@dataclass(frozen=True)
class Share:
    """How much of what was planned is spent, on the lines on which both are known.

    ``spent`` and ``planned`` are their sums on these ``lines``, of the ``of`` that are planned;
    ``is_of_all`` where they are those of all lines as well.
    """

    planned: Decimal
    spent: Decimal
    lines: int
    of: int
    is_of_all: bool

    @property
    def percent(self) -> int:
        return round(100 * self.spent / self.planned)

    @property
    def figure(self) -> str:
        """« 74 % »."""
        return f"{number(self.percent)}{NNBSP}%"

    @property
    def text(self) -> str:
        """« 74 % du prévu : 740 € sur 1 000 €, pour 12 lignes sur 20 »; how many
        lines only where it is not of all that are planned."""
        known = f", pour {self._known}" if self.lines < self.of else ""
        return f"{self.figure} du prévu\u00a0: {self._sums}{known}"

    @property
    def note(self) -> str:
        """« 740 € sur 1 000 €, 12 lignes sur 20 », beside the sums of all lines; empty
        where it is the share of those."""
        if self.is_of_all:
            return ""
        return f"{self._sums}, {self._known}" if self.lines < self.of else self._sums

    @property
    def _sums(self) -> str:
        return f"{euros(round(self.spent))} sur {euros(round(self.planned))}"

    @property
    def _known(self) -> str:
        return f"{plural(self.lines, 'ligne,lignes')} sur {number(self.of)}"


@dataclass
class Sums:
    """The sums of what was planned, granted and spent on some lines; ``both`` has the (planned,
    spent) amounts of lines on which both are known."""

    planned: Amount = field(default_factory=Amount)
    granted: Amount = field(default_factory=Amount)
    spent: Amount = field(default_factory=Amount)
    both: list[tuple[Decimal, Decimal]] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Iterable[Funding | Amounts]) -> "Sums":
        """Return the sums of these lines; a line without a planned amount is not planned, and lacks
        nothing."""
        sums = cls()
        for line in lines:
            if line.planned is not None:
                sums.planned.add(line.planned)
            sums.granted.add(line.granted)
            sums.spent.add(line.spent)
            if line.planned is not None and line.spent is not None:
                sums.both.append((line.planned, line.spent))
        return sums

    @property
    def is_incomplete(self) -> bool:
        """Whether what was granted or spent is missing on some line."""
        return bool(self.granted.unknown or self.spent.unknown)

    @property
    def share(self) -> Share | None:
        """The share of the planned that is spent, on the lines on which both are known; None where
        nothing was planned on them."""
        planned = sum((amount for amount, _ in self.both), Decimal(0))
        spent = sum((amount for _, amount in self.both), Decimal(0))
        if not planned:
            return None
        is_of_all = (planned, spent) == (self.planned.total, self.spent.total)
        return Share(planned, spent, len(self.both), self.planned.known, is_of_all)


@dataclass(frozen=True)
class SumsRow:
    """A row of a table of sums."""

    label: str
    sums: Sums


# Of rows of sums, whatever they are by.
SUMS = (
    *with_template((column.within(attrgetter("sums")) for column in MONEY.values()),
           "actions/ways/budget_sum.html"),
    Column("Part dépensée", attrgetter("sums.share"), "number",
           cell="actions/ways/budget_share.html"),
)  # fmt: skip


@dataclass(frozen=True)
class SumsTable:
    """A table of sums with a total; ``heading`` names what the rows are."""

    heading: str
    caption: str
    rows: list[SumsRow]
    total: Sums

    @property
    def columns(self) -> list[Column]:
        return [Column(self.heading, attrgetter("label")), *SUMS]

    @property
    def foot(self) -> SumsRow | None:
        """The row of the total, where there are several rows."""
        return SumsRow("Ensemble", self.total) if len(self.rows) > 1 else None


@dataclass(frozen=True)
class Measure:
    """What a funder planned, granted or spent, by year (None without a line) and in all."""

    column: Column
    amounts: list[tuple[int, Amount | None]]
    total: Amount


@dataclass(frozen=True)
class FunderRows:
    name: str
    measures: list[Measure]


class Budget:
    """The funding lines of the agreed actions that a plan shows; the sums of proposed and withdrawn
    actions are apart.

    Where withdrawn actions are asked for, the lines are theirs.
    """

    def __init__(self, plan: Plan):
        self.plan, self.words = plan, plan.convention.words
        self.is_of_withdrawn = plan.asks_for_withdrawn
        prefetch_related_objects([*plan.shown, *plan.withdrawn], "fundings__funder")

    @cached_property
    def lines(self) -> list[Funding]:
        """The funding lines that are summed."""
        actions = self.plan.withdrawn if self.is_of_withdrawn else self.plan.counted
        return [line for action in actions for line in _lines_with_action(action)]

    @cached_property
    def total(self) -> Sums:
        return Sums.of(self.lines)

    @cached_property
    def years(self) -> list[int]:
        return sorted({line.year for line in self.lines})

    @cached_property
    def by_year(self) -> SumsTable:
        """The sums by year, every year that has a line, in order."""
        rows = self._rows(self.years, lambda line: line.year)
        return self._table("Année", "année", rows)

    @property
    def by_axis(self) -> SumsTable:
        """The sums by main axis of the action, in the order of the convention."""
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
        """The sums by nature, those without a line left out."""
        natures = [n for n in Nature if any(line.nature == n for line in self.lines)]
        rows = self._rows(natures, lambda line: line.nature)
        named = [
            SumsRow(nature.label.capitalize(), row.sums)
            for nature, row in zip(natures, rows, strict=True)
        ]
        return self._table("Nature", "nature", named)

    def _table(self, heading: str, by: str, rows: list[SumsRow]) -> SumsTable:
        return SumsTable(heading, f"Prévu, accordé et dépensé par {by}", rows, self.total)

    def _rows(self, keys: list, key_of: Callable[[Funding], Any]) -> list[SumsRow]:
        """Return the sums of each of ``keys``, of the lines for which ``key_of`` returns it."""
        return [
            SumsRow(str(key), Sums.of(line for line in self.lines if key_of(line) == key))
            for key in keys
        ]

    @cached_property
    def by_funder(self) -> list[FunderRows]:
        """The funders, those that plan most first, and the total last. One name is one funder, in
        whatever case and accents it was typed."""
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
        """Return what ``name`` planned, granted and spent on these lines, by year and in all."""
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
        """The bars of the sums by year; None without a line."""
        rows = self.by_year.rows
        return BudgetDrawing(rows) if rows else None

    @property
    def proposed(self) -> str:
        """« 2 actions proposées prévoient 45 000 €, … »; empty where none plans money."""
        lines = {
            action.pk: [line.planned or 0 for line in _lines_with_action(action)]
            for action in self.plan.shown
            if action.is_proposed
        }
        asking = [amounts for amounts in lines.values() if any(amounts)]
        if not asking:
            return ""
        actions = plural(len(asking), "action proposée prévoit,actions proposées prévoient")
        whole = euros(sum(map(sum, asking)))
        return f"{actions} {whole}, qui ne sont pas comptés tant que les parties n’ont pas accepté."

    @property
    def withdrawn(self) -> str:
        """« 1 action retirée : 6 000 € accordés, qui ne sont plus comptés. »; empty where no
        withdrawn action had money."""
        if self.is_of_withdrawn:
            return ""
        followed = [
            action for action in self.plan.withdrawn if _describe_given(_lines_with_action(action))
        ]
        return f"{_describe_withdrawn(followed)}." if followed else ""

    @property
    def title(self) -> str:
        """« 1,2 M€ prévus, 840 000 € dépensés »; « 840 000 € de dépenses connues » where the
        spending of some lines is missing."""
        if self.is_of_withdrawn:
            withdrawn = self.plan.withdrawn
            return _describe_withdrawn(withdrawn) if withdrawn else self.plan.title
        if not self.plan.counted:
            return self.plan.title_without_actions
        if not self.lines:
            return "Aucun financement n’est prévu"
        planned, spent = self.total.planned, self.total.spent
        text = f"{format_short_euros(planned.total)} {agree_in_number('prévu', planned.total)}"
        if not spent.known:
            return f"{text}, dépenses non renseignées"
        if spent.unknown:
            return f"{text}, {format_short_euros(spent.total)} de dépenses connues"
        return (
            f"{text}, {format_short_euros(spent.total)} {agree_in_number('dépensé', spent.total)}"
        )

    @property
    def lead(self) -> str:
        """The sentences on the share that is spent, and on what is missing; empty without a
        line."""
        if not self.lines:
            return ""
        if self.is_of_withdrawn:
            return "Ce qui était prévu ne l’est plus ; ce qui a été accordé et dépensé reste écrit."
        share, unknown = self.total.share, self.total.spent.unknown
        text = f"{share.text}. " if share else ""
        if not unknown:
            return text.strip()
        lacking = plural(unknown, "ligne n’a,lignes n’ont")
        return f"{text}{lacking} pas encore de dépense renseignée : ce ne sont pas des zéros."


def _lines_with_action(action: Action) -> list[Funding]:
    """Return the funding lines of an action, each with the action as it was read."""
    lines = list(action.fundings.all())
    for line in lines:
        line.action = action
    return lines


def _describe_given(lines: Iterable[Funding]) -> str:
    """Return « 6 000 € accordés et 2 500 € dépensés »; empty where nothing was."""
    sums = Sums.of(lines)
    given = [("accordé", sums.granted.total), ("dépensé", sums.spent.total)]
    return enumerate_words(
        f"{euros(total)} {agree_in_number(word, total)}" for word, total in given if total
    )


def _describe_withdrawn(actions: list[Action]) -> str:
    """Return « 1 action retirée : 6 000 € accordés, … », or that nothing was given or spent."""
    count = plural(len(actions), "action retirée,actions retirées")
    given = _describe_given(line for action in actions for line in _lines_with_action(action))
    if not given:
        return f"{count}, sans argent accordé ni dépensé"
    return f"{count} : {given}, qui ne sont plus comptés"


def agree_in_number(word: str, amount: Decimal) -> str:
    """Return a participle, plural from an amount of 2 on: « dépensé », « dépensés »."""
    return f"{word}s" if amount >= 2 else word
