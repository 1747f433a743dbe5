"""Show a table of communes as it is given through a link."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from conventions.models import Organisation
from ctg_portal.rules import Refusal
from indicators.values.grid.communes import TablePage, TerritoryRow
from indicators.values.links.row import LinkedRow, emptied
from indicators.values.links.visitor import Visitor, is_kept_secret
from indicators.values.table_row import TableRow
from indicators.values.totals import Earlier, all_before

BEGUN = Refusal(
    "Une personne de l’organisme a commencé ce tableau avec son accès : elle le transmettra."
)


@dataclass
class LinkedTable(TableRow):
    """The state of a table, for who holds a link."""

    is_begun: bool = False

    @property
    def not_ready(self) -> Refusal | None:
        return BEGUN if self.is_begun else super().not_ready


class LinkedTerritoryRow(TerritoryRow, LinkedRow):
    """The figure of the territory beneath those of its communes, through a link."""


@dataclass
class LinkedTablePage(TablePage):
    """The grid of a table, for who holds a link."""

    visitor: Visitor = None

    row_class = LinkedRow
    whole_class = LinkedTerritoryRow
    may_enter = None

    @property
    def organisations(self) -> list[Organisation]:
        return [self.visitor.link.organisation]

    @property
    def adds_up(self) -> bool:
        return not is_kept_secret(self.entry)

    @cached_property
    def earlier_figures(self) -> Earlier:
        """The figures before, as everybody reads them."""
        return all_before([self.entry], as_disclosed=True)[self.entry.pk]

    def _changes_here(self, row) -> bool:
        return False

    def _onward(self, row) -> None:
        """Return None: what is given is changed once it was returned."""

    @property
    def address(self) -> str:
        return reverse("indicators:linked_table", args=[self.visitor.link.pk, self.entry.pk])

    file_address = ""

    @property
    def paste_address(self) -> str:
        return reverse("indicators:linked_paste", args=[self.visitor.link.pk, self.entry.pk])


def linked_table(row: TableRow, *, is_begun: bool) -> LinkedTable:
    """Return the state of a table, without any figure if a secrecy rule is stated; ``is_begun``:
    somebody with an account has begun something of it."""
    is_secret = is_kept_secret(row.entry)
    values = [emptied(value) for value in row.values] if is_secret else row.values
    read = [emptied(value) for value in row.read] if is_secret else row.read
    return LinkedTable(row.entry, values, read, row.earlier, is_begun=is_begun)
