"""Read a table among what is owed: how far it is, without its figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from conventions.territory.reading import perimeters_of
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural
from indicators.collection.progress import describe_state
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator, TableState
from indicators.figures.values import SHOWN, Value
from indicators.values.giving import refuse_unready_table
from indicators.values.plausibility import EarlierFigure, read_acts
from indicators.values.tables import answer_of, revision_of_table
from indicators.values.totals import Earlier, Total, total_of

BEGUN = "saisie en partie, à compléter"


@dataclass
class TableRow:
    """An indicator by commune as one thing that is owed, with all its stored values, that of the
    territory included. ``read``: those that the person may read; ``earlier``: the last figures
    given before, by the commune's key, the territory's under None."""

    entry: CampaignIndicator
    values: list[Value]
    read: list[Value] = field(default_factory=list)
    earlier: Earlier = field(default_factory=dict)

    is_table = True

    @cached_property
    def total(self) -> Total:
        """The total of the values that the person reads, drafts too."""
        return total_of(self.entry, self.read, self.earlier)

    @property
    def before(self) -> EarlierFigure | None:
        return self.total.before

    @property
    def variation(self) -> str:
        return self.total.variation

    @cached_property
    def definition(self) -> Definition:
        return Definition.of(self.entry.version)

    @property
    def key(self) -> str:
        return str(self.entry.pk)

    @property
    def label(self) -> str:
        return self.definition.title

    @property
    def anchor(self) -> str:
        return f"ligne-{self.key}"

    @property
    def revision(self) -> int:
        return revision_of_table(self.values)

    @property
    def value(self) -> Value | None:
        """A value that stands for the table: a submitted one if there is any, else the first; None
        without values."""
        submitted = [value for value in self.values if value.is_submitted]
        return next(iter(submitted or self.values), None)

    @property
    def shown(self) -> Value | None:
        """A submitted or verified value of it, or None."""
        return next((value for value in self.values if value.is_shown), None)

    @cached_property
    def commune_values(self) -> list[Value]:
        return [value for value in self.values if value.commune_id]

    @property
    def is_given(self) -> bool:
        """Whether it is submitted or verified for all its communes."""
        return self.entry.table_state in SHOWN

    @property
    def is_verified(self) -> bool:
        return self.entry.table_state == TableState.VERIFIED

    @property
    def is_public(self) -> bool:
        """Whether a figure of a commune is taken from a public statistic."""
        return any(value.is_public for value in self.commune_values)

    @property
    def is_returned(self) -> bool:
        return self.entry.table_state == TableState.RETURNED

    @property
    def is_answered(self) -> bool:
        """Whether an absence stated for the whole territory stands for all communes, none of which
        has a figure."""
        return bool(self.entry.table_state) and not self.commune_values

    @property
    def answer(self) -> Value | None:
        """The absence that stands for all communes, if the person reads it; else None."""
        return answer_of(self.read) if self.is_answered else None

    @property
    def reason(self) -> str:
        """The reason of that absence; empty without one."""
        return self.answer.reason if self.answer else ""

    @property
    def is_missing(self) -> bool:
        """Whether something is still to be typed: it was returned, or a commune has no figure and
        no absence stands for all."""
        if self.is_returned:
            return True
        return not self.is_answered and len(self.commune_values) < self.entry.communes_asked

    @property
    def is_pending(self) -> bool:
        return any(value.is_draft for value in self.values)

    @property
    def not_ready(self) -> Refusal | None:
        """A refusal while the drafts that the person reads cannot be submitted; or None."""
        left = [value for value in self.read if not value.is_shown]
        return refuse_unready_table(left, self.total, self.entry)

    @property
    def text(self) -> str:
        """The words « 41 communes sur 47 » for how many are typed; or the absence that stands for
        all, « tout le territoire » for who does not read it."""
        if self.is_answered:
            return self.answer.get_absence_display() if self.answer else "tout le territoire"
        typed = plural(len(self.commune_values), "commune,communes")
        return f"{typed} sur {self.entry.communes_asked}"

    @property
    def words(self) -> str:
        """The words for how far the table is, « transmise, à vérifier »."""
        if self.is_pending and self.is_missing and not self.is_returned:
            return BEGUN
        words = describe_state(self.entry.table_state or None, self.entry.campaign)
        if not (self.is_public and self.is_given):
            return words
        return f"statistique publique, {'confirmée' if self.is_verified else 'à confirmer'}"


def table_rows(
    entries: list[CampaignIndicator],
    typed: Mapping[int, list[Value]],
    earlier: Mapping[int, Earlier] | None = None,
    *,
    hides: Callable[[CampaignIndicator, Value], bool] = lambda entry, value: False,
) -> list[TableRow]:
    """Return a row for each entry that is asked by commune, in their order. ``typed``: their values
    (``values_of``); ``earlier``: the figures before (``all_before``); ``hides``: whether a value is
    kept from the person."""
    rows = []
    for entry in entries:
        if not entry.is_by_commune:
            continue
        values = typed[entry.pk]
        read = [value for value in values if not hides(entry, value)]
        rows.append(TableRow(entry, values, read, (earlier or {}).get(entry.pk, {})))
    return rows


def values_of(entries: Iterable[CampaignIndicator]) -> defaultdict[int, list[Value]]:
    """Return the stored values of entries of one campaign by the entry's key, that of the territory
    first; without communes that have left the year's perimeter. A fixed number of queries."""
    by_pk = {entry.pk: entry for entry in entries}
    values_by_entry: defaultdict[int, list[Value]] = defaultdict(list)
    if not by_pk:
        return values_by_entry
    campaign = next(iter(by_pk.values())).campaign
    values = Value.objects.filter(campaign_indicator__in=by_pk).asked_of(campaign)
    values = list(values.prefetch_related("entered_through__transitions"))
    read_acts(values)
    communes = {}
    if any(value.commune_id for value in values):
        perimeter = perimeters_of(campaign.convention, (campaign.year,))[campaign.year]
        communes = {coverage.commune_id: coverage.commune for coverage in perimeter}
    for value in values:
        value.campaign_indicator = by_pk[value.campaign_indicator_id]
        if value.commune_id in communes:
            value.commune = communes[value.commune_id]
        values_by_entry[value.campaign_indicator_id].append(value)
    return values_by_entry


def whole_of(values: Iterable[Value]) -> Value | None:
    """Return which of the values is the territory's, or None."""
    return next((value for value in values if value.commune_id is None), None)
