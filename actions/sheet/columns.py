"""The columns of money and of milestones, declared once: the page of an action, its PDF, its Word
document and the workbook of the plan choose among them, and so does the budget.

The notes of a year are a table in the workbook only (``actions.files.tables``).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from actions.sheet.lines import Amounts, MilestoneLine
from ctg_portal.templatetags.french import euros
from ctg_portal.text.typography import polish
from documents.tables import Column
from documents.tables.table import ColumnKind


@dataclass(frozen=True)
class PartialSum:
    """The sum of the known amounts of some lines, where the amount of others is missing."""

    amount: Decimal

    is_incomplete = True


@dataclass(frozen=True)
class Money(Column):
    """A column of amounts; a missing one, which is no zero, shows ``sign`` and ``none``."""

    kind: ColumnKind = "euros"
    sign: str = "○"
    none: str = "non renseigné"

    def words(self, value: Decimal | PartialSum | None) -> str:
        """Return the amount in words; a sum that lacks some lines is marked « (incomplet) »."""
        if isinstance(value, PartialSum):
            return f"{euros(value.amount)} (incomplet)"
        return super().words(value)


def _sum_of(name: str) -> Callable[[Sequence[Amounts]], Decimal | PartialSum | None]:
    """Return the function that sums the known amounts called ``name``: None where none is known, a
    ``PartialSum`` where some are missing. A line without a planned amount is not planned: it lacks
    nothing."""

    def total(amounts: Sequence[Amounts]) -> Decimal | PartialSum | None:
        known = [value for line in amounts if (value := getattr(line, name)) is not None]
        if not known:
            return None
        is_complete = name == "planned" or len(known) == len(amounts)
        return sum(known, Decimal(0)) if is_complete else PartialSum(sum(known, Decimal(0)))

    return total


# Of ``Amounts``, or of what has attributes of the same names.
MONEY = {
    "planned": Money("Prévu", attrgetter("planned"), total=_sum_of("planned"), note="convenu",
                     sign="∅", none="non prévu"),
    "granted": Money("Accordé", attrgetter("granted"), total=_sum_of("granted"), note="suivi"),
    "spent": Money("Dépensé", attrgetter("spent"), total=_sum_of("spent"), note="suivi"),
}  # fmt: skip


def with_template(columns: Iterable[Column], cell: str) -> tuple[Column, ...]:
    """Return copies of the columns whose cells the template named ``cell`` draws."""
    return tuple(replace(column, cell=cell) for column in columns)


# Lines of funding ---------------------------------------------------------------------------------

FUNDER = Column("Financeur", lambda line: polish(line.who))
YEAR = Column("Année", lambda line: str(line.year))
NATURE = Column("Nature", attrgetter("nature"))
SCHEME = Column("Dispositif", attrgetter("scheme"))
AMOUNTS = tuple(column.within(attrgetter("amounts")) for column in MONEY.values())
NATURE_AND_SCHEME = Column(
    "Nature, dispositif", lambda line: ", ".join(filter(None, [line.nature, line.scheme]))
)

FUNDINGS_ON_PAGE = (
    *with_template([FUNDER], "actions/parts/funder.html"), YEAR, NATURE,
    *with_template(AMOUNTS, "actions/parts/amount.html"),
)  # fmt: skip
# Where nothing is followed yet.
PLANNED_ON_PAGE = FUNDINGS_ON_PAGE[:4]
FUNDINGS_IN_PDF = (*with_template([FUNDER], "actions/files/pdf/funder.html"), YEAR, *AMOUNTS)
FUNDINGS_IN_WORD = (FUNDER, NATURE_AND_SCHEME, YEAR, *AMOUNTS)
FUNDINGS_IN_TABLE = (FUNDER, YEAR, NATURE, SCHEME, *AMOUNTS)

# Milestones ---------------------------------------------------------------------------------------

MILESTONE = Column("Jalon", attrgetter("title"))
DUE = Column("Échéance", attrgetter("due_on"), "date")
WEIGHT = Column("Poids", attrgetter("weight"), "number")


def _label_with_weight(line: MilestoneLine) -> str:
    """Return the title, followed by the weight where it is not 1."""
    return line.title if line.weight == 1 else f"{line.title} (poids {line.weight})"


MILESTONES_ON_PAGE = (
    MILESTONE, DUE, Column("Atteint", cell="actions/follow_up/milestone_done.html"), WEIGHT
)  # fmt: skip
MILESTONES_IN_DOCUMENT = (
    Column("Jalon", _label_with_weight, cell="actions/files/pdf/milestone.html"),
    DUE,
    Column(
        "Où il en est", attrgetter("state"), mark=lambda line: "lateness" if line.is_overdue else ""
    ),
)
MILESTONES_IN_TABLE = (
    MILESTONE, DUE, Column("Atteint le", attrgetter("done_on"), "date"), WEIGHT,
    Column("En retard", attrgetter("is_overdue")),
)  # fmt: skip
