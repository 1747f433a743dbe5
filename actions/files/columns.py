"""The columns of money and of milestones, told once: the page of an action, its PDF, its Word
document and the workbook of the plan choose among them, and so does the budget.

The notes of a year are no table but in the workbook (``actions.files.tables``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from actions.files.lines import FundingLine, MilestoneLine
from ctg_portal.templatetags.french import euros
from ctg_portal.text.typography import polish
from documents.tables import Column
from documents.tables.table import ColumnKind


@dataclass(frozen=True)
class PartialSum:
    """What some lines come to, where others do not tell the amount yet."""

    amount: Decimal

    is_incomplete = True


@dataclass(frozen=True)
class Money(Column):
    """An amount; where there is none, which is no zero, a page says ``none``, with ``sign``."""

    kind: ColumnKind = "euros"
    sign: str = "○"
    none: str = "non renseigné"

    def words(self, value) -> str:
        if isinstance(value, PartialSum):
            return f"{euros(value.amount)} (incomplet)"
        return super().words(value)


def _total(name: str):
    """The sum of what is told. A line without a planned amount is not planned: it lacks nothing."""

    def total(amounts: Sequence) -> Decimal | PartialSum | None:
        told = [value for one in amounts if (value := getattr(one, name)) is not None]
        if not told:
            return None
        is_whole = name == "planned" or len(told) == len(amounts)
        return sum(told, Decimal(0)) if is_whole else PartialSum(sum(told, Decimal(0)))

    return total


# Of amounts, or of what has amounts under the same names.
MONEY = {
    "planned": Money("Prévu", attrgetter("planned"), total=_total("planned"), note="convenu",
                     sign="∅", none="non prévu"),
    "granted": Money("Accordé", attrgetter("granted"), total=_total("granted"), note="suivi"),
    "spent": Money("Dépensé", attrgetter("spent"), total=_total("spent"), note="suivi"),
}  # fmt: skip


def with_template(columns: Iterable[Column], cell: str) -> tuple[Column, ...]:
    """Return these columns with a template that draws their cells."""
    return tuple(replace(column, cell=cell) for column in columns)


# Lines of funding ---------------------------------------------------------------------------------

FUNDER = Column("Financeur", lambda line: polish(line.who))
YEAR = Column("Année", lambda line: str(line.year))
NATURE = Column("Nature", attrgetter("nature"))
SCHEME = Column("Dispositif", attrgetter("scheme"))
AMOUNTS = tuple(one.within(attrgetter("amounts")) for one in MONEY.values())


def _nature_and_scheme(line: FundingLine) -> str:
    return ", ".join(filter(None, [line.nature, line.scheme]))


FUNDINGS_ON_PAGE = (
    *with_template([FUNDER], "actions/parts/funder.html"), YEAR, NATURE,
    *with_template(AMOUNTS, "actions/parts/amount.html"),
)  # fmt: skip
# Where nothing is followed yet.
PLANNED_ON_PAGE = FUNDINGS_ON_PAGE[:4]
FUNDINGS_IN_PDF = (*with_template([FUNDER], "actions/files/pdf/funder.html"), YEAR, *AMOUNTS)
FUNDINGS_IN_WORD = (FUNDER, Column("Nature, dispositif", _nature_and_scheme), YEAR, *AMOUNTS)
FUNDINGS_IN_TABLE = (FUNDER, YEAR, NATURE, SCHEME, *AMOUNTS)

# Milestones ---------------------------------------------------------------------------------------

MILESTONE = Column("Jalon", attrgetter("title"))
DUE = Column("Échéance", attrgetter("due_on"), "date")
WEIGHT = Column("Poids", attrgetter("weight"), "number")


def _named(one: MilestoneLine) -> str:
    return one.title if one.weight == 1 else f"{one.title} (poids {one.weight})"


MILESTONES_ON_PAGE = (
    MILESTONE, DUE, Column("Atteint", cell="actions/follow_up/milestone_done.html"), WEIGHT
)  # fmt: skip
MILESTONES_IN_DOCUMENT = (
    Column("Jalon", _named, cell="actions/files/pdf/milestone.html"),
    DUE,
    Column(
        "Où il en est", attrgetter("state"), mark=lambda one: "lateness" if one.is_overdue else ""
    ),
)
MILESTONES_IN_TABLE = (
    MILESTONE, DUE, Column("Atteint le", attrgetter("done_on"), "date"), WEIGHT,
    Column("En retard", attrgetter("is_overdue")),
)  # fmt: skip
