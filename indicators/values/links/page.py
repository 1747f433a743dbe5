"""The grid as it is shown through a link: the figures of one organisation, and nothing of what a
secrecy rule protects, not even what was typed there."""

from copy import copy
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from conventions.models import Organisation
from indicators.models import Campaign, Value, ValueTransition
from indicators.values.entry_row import values_by_entry
from indicators.values.grid.page import GridPage, GridRow
from indicators.values.links.visitor import Visitor, is_kept_secret
from indicators.values.plausibility import figures_before

HIDDEN = "donné, n’est plus montré"
RESERVED = "le motif est réservé à l’organisme : demandez-le à la coordination, ou à un collègue."


class LinkedRow(GridRow):
    """A row through a link. Of a protected value it knows that it is there, and how far it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_protected = is_kept_secret(self.entry)
        if self.is_protected:
            self.entry.taken_over = ""
        self.value = self.see(self.value)

    @property
    def is_hidden(self) -> bool:
        return self.is_protected and self.value is not None

    def see(self, value: Value | None) -> Value | None:
        return emptied(value) if value is not None and self.is_protected else value

    @property
    def text(self) -> str:
        return HIDDEN if self.is_hidden else super().text

    @property
    def variation(self) -> str:
        return "" if self.is_hidden else super().variation

    @property
    def doubts(self) -> list[str]:
        return [] if self.is_hidden else super().doubts

    @property
    def returned(self) -> ValueTransition | None:
        act = super().returned
        if act is None or not self.is_hidden:
            return act
        act = copy(act)
        act.reason = RESERVED
        return act


def enterers_of(campaign: Campaign):
    """The organisations that enter figures of a collection."""
    asked = campaign.campaign_indicators.values("enterer")
    return Organisation.objects.filter(pk__in=asked)


def emptied(value: Value) -> Value:
    """A value without what it says: neither its figure nor a word beside it."""
    bare = copy(value)
    bare.number = bare.numerator = bare.denominator = None
    bare.absence = bare.reason = bare.comment = bare.source = ""
    bare.provisional = False
    return bare


@dataclass
class LinkedPage(GridPage):
    """What who holds a link may give."""

    visitor: Visitor = None

    row_class = LinkedRow
    earlier = None

    @cached_property
    def choices(self) -> list[Organisation]:
        return [self.visitor.link.organisation]

    @property
    def organisations(self) -> list[Organisation]:
        return self.choices

    @cached_property
    def rows(self) -> list[LinkedRow]:
        entries = list(
            self.campaign.campaign_indicators.of_territory()
            .entered_by(self.organisations)
            .with_relations()
            .in_reading_order()
        )
        values = values_by_entry(entries)
        before = figures_before(entries, as_disclosed=True)
        entries = [entry for entry in entries if not self._is_begun(entry, values.get(entry.pk))]
        rows = []
        for entry in entries:
            entry.campaign = self.campaign
            rows.append(LinkedRow(entry, values.get(entry.pk), before.get(entry.pk), self.today))
        self._fill_in(rows)
        return rows

    @property
    def tables(self) -> list:
        """Figures by commune are typed by who has an account."""
        return []

    @property
    def address(self) -> str:
        return reverse("indicators:linked_entry", args=[self.visitor.link.pk])
