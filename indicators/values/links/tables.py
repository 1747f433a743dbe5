"""A table of communes as it is given through a link."""

from dataclasses import dataclass

from django.urls import reverse

from conventions.models import Organisation
from ctg_portal.rules import Refusal
from indicators.definitions.definition import Definition
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import CampaignIndicator
from indicators.values.grid.communes import TablePage, TerritoryRow
from indicators.values.links.row import LinkedRow, emptied
from indicators.values.links.visitor import Visitor, is_kept_secret
from indicators.values.plausibility import EarlierFigure, figures_before
from indicators.values.table_row import TableRow

BEGUN = Refusal(
    "Une personne de l’organisme a commencé ce tableau avec son accès : elle le transmettra."
)


@dataclass
class LinkedTable(TableRow):
    """How far a table is, to who holds a link."""

    is_begun: bool = False

    @property
    def not_ready(self) -> Refusal | None:
        return BEGUN if self.is_begun else super().not_ready


class LinkedTerritoryRow(TerritoryRow, LinkedRow):
    """The figure of the territory beneath those of its communes, through a link."""


@dataclass
class LinkedTablePage(TablePage):
    """The grid of a table before who holds a link."""

    visitor: Visitor = None

    row_class = LinkedRow
    whole_class = LinkedTerritoryRow
    not_entered = None

    @property
    def organisations(self) -> list[Organisation]:
        return [self.visitor.link.organisation]

    @property
    def adds_up(self) -> bool:
        return not is_kept_secret(self.entry)

    def figures_before(self) -> dict[int | None, EarlierFigure]:
        """As everybody may read them."""
        return before_as_disclosed(self.entry)

    def _changes_here(self, row) -> bool:
        return False

    def _onward(self, row) -> None:
        """What is given is changed once it has come back."""

    @property
    def address(self) -> str:
        return reverse("indicators:linked_table", args=[self.visitor.link.pk, self.entry.pk])

    file_address = ""

    @property
    def paste_address(self) -> str:
        return reverse("indicators:linked_paste", args=[self.visitor.link.pk, self.entry.pk])


def before_as_disclosed(entry: CampaignIndicator) -> dict[int | None, EarlierFigure]:
    """By commune, the figures of the last year before that had any, as everybody may read them;
    that of the territory under None."""
    asked = CampaignIndicator.objects.filter(
        indicator=entry.indicator_id, campaign__year__lt=entry.campaign.year
    )
    earlier = asked.by_commune().with_relations().order_by("campaign__year").last()
    found = dict.fromkeys([None], figures_before([entry], as_disclosed=True).get(entry.pk))
    if earlier is None:
        return found
    now = Definition.of(entry.version)
    is_comparable = Definition.of(earlier.version).measuring == now.measuring
    for pk, figure in disclosed_by_commune([earlier])[earlier.pk].communes.items():
        if not figure.is_missing:
            year = earlier.campaign.year
            found[pk] = EarlierFigure(year, figure.words, figure.number, is_comparable)
    return found


def linked_table(row: TableRow, *, is_begun: bool) -> LinkedTable:
    """How far a table is; ``is_begun``: somebody with an account has begun something of it."""
    is_secret = is_kept_secret(row.entry)
    values = [emptied(value) for value in row.values] if is_secret else row.values
    return LinkedTable(row.entry, values, is_begun)
