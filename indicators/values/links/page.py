"""Show what one gives through a link: the figures of one organisation, and its tables of
communes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from conventions.models import Organisation
from indicators.values.grid.page import GridPage
from indicators.values.links.row import LinkedRow
from indicators.values.links.tables import LinkedTable, LinkedTablePage, linked_table
from indicators.values.links.visitor import Visitor
from indicators.values.plausibility import figures_before
from indicators.values.table_row import table_rows, values_of, whole_of
from indicators.values.taking_over import hide_taken_over
from indicators.values.totals import all_before


@dataclass
class LinkedPage(GridPage):
    """The figures that who holds a link may give, and what was given of them."""

    visitor: Visitor = None

    row_class = LinkedRow
    earlier = None

    @cached_property
    def choices(self) -> list[Organisation]:
        return [self.visitor.link.organisation]

    def _on_this_page(self, organisations: Iterable[Organisation]) -> list[Organisation]:
        return list(organisations)

    @cached_property
    def rows(self) -> list[LinkedRow]:
        """The rows of the whole territory, beside earlier figures as everybody reads them; without
        what people with an account have begun."""
        territorial = self.campaign.campaign_indicators.for_whole_territory()
        asked = territorial.entered_by(self.organisations)
        entries = asked.list_in_campaign(self.campaign)
        hide_taken_over(self.contributor, entries)
        values = values_of(entries)
        before = figures_before(entries, as_disclosed=True)
        typed = [(entry, whole_of(values[entry.pk])) for entry in entries]
        rows = [
            LinkedRow(entry, value, before.get(entry.pk), self.today)
            for entry, value in typed
            if not self._is_begun(entry, value)
        ]
        self._fill_in(rows)
        return rows

    @cached_property
    def tables(self) -> list[LinkedTable]:
        """The tables asked by commune, as far as who holds the link may know them."""
        tables = [entry for entry in self.entries if entry.is_by_commune]
        earlier = all_before(tables, as_disclosed=True)
        rows = table_rows(tables, values_of(tables), earlier, hides=self._is_begun)
        return [
            linked_table(row, is_begun=len(self.read_of(row)) < len(row.commune_values))
            for row in rows
        ]

    @cached_property
    def table_pages(self) -> list[LinkedTablePage]:
        """The grids of the tables, in the same order."""
        return [
            LinkedTablePage(
                self.campaign, self.contributor, self.today, posted=self.posted,
                visitor=self.visitor, entry=table.entry,
            )
            for table in self.tables
        ]  # fmt: skip

    @property
    def address(self) -> str:
        return reverse("indicators:linked_entry", args=[self.visitor.link.pk])
