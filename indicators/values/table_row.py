"""A table among what is owed: how far it is, without its figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import prefetch_related_objects

from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural
from indicators.collection.progress import state_told
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator, TableState
from indicators.figures.values import SHOWN, Value
from indicators.values.giving import table_not_ready
from indicators.values.plausibility import EarlierFigure, read_acts
from indicators.values.tables import answer_of, revision_of_table
from indicators.values.totals import Earlier, Total, total_of

BEGUN = "saisie en partie, à compléter"


@dataclass
class TableRow:
    """An indicator by commune, with the values typed so far, that of the territory included.

    ``read``: those of them that the person reads; ``earlier``: the figures before, by commune.
    """

    entry: CampaignIndicator
    values: list[Value]
    read: list[Value] = field(default_factory=list)
    earlier: Earlier = field(default_factory=dict)

    is_table = True

    @cached_property
    def total(self) -> Total:
        """What the person reads of it comes to."""
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
        """One of its values that stands for it: of those submitted, if there are any."""
        submitted = [value for value in self.values if value.is_submitted]
        return next(iter(submitted or self.values), None)

    @property
    def shown(self) -> Value | None:
        """One of its values that are given, if any is."""
        return next((value for value in self.values if value.is_shown), None)

    @cached_property
    def of_communes(self) -> list[Value]:
        return [value for value in self.values if value.commune_id]

    @property
    def is_given(self) -> bool:
        return self.entry.table_state in SHOWN

    @property
    def is_verified(self) -> bool:
        return self.entry.table_state == TableState.VERIFIED

    @property
    def is_public(self) -> bool:
        """Whether what is given of it is taken from a public statistic."""
        return any(value.is_public for value in self.of_communes)

    @property
    def is_returned(self) -> bool:
        return self.entry.table_state == TableState.RETURNED

    @property
    def is_answered(self) -> bool:
        """Whether an absence that is stated for the whole territory stands for all communes."""
        return bool(self.entry.table_state) and not self.of_communes

    @property
    def answer(self) -> Value | None:
        """That absence, for who reads it."""
        return answer_of(self.read) if self.is_answered else None

    @property
    def reason(self) -> str:
        """Why there is no figure of any commune."""
        return self.answer.reason if self.answer else ""

    @property
    def is_missing(self) -> bool:
        """Whether something is to be typed: a table is filled in when every commune is."""
        if self.is_returned:
            return True
        return not self.is_answered and len(self.of_communes) < self.entry.communes_asked

    @property
    def is_pending(self) -> bool:
        return any(value.is_draft for value in self.values)

    @property
    def not_ready(self) -> Refusal | None:
        """Why what is typed of it cannot be submitted yet."""
        left = [value for value in self.read if not value.is_shown]
        return table_not_ready(left, self.total, self.entry)

    @property
    def text(self) -> str:
        """« 41 communes sur 47 »: of how many something is typed; or why there is nothing."""
        if self.is_answered:
            return self.answer.get_absence_display() if self.answer else "tout le territoire"
        told = plural(len(self.of_communes), "commune,communes")
        return f"{told} sur {self.entry.communes_asked}"

    @property
    def words(self) -> str:
        if self.is_pending and self.is_missing and not self.is_returned:
            return BEGUN
        told = state_told(self.entry.table_state or None, self.entry.campaign)
        if not (self.is_public and self.is_given):
            return told
        return f"statistique publique, {'confirmée' if self.is_verified else 'à confirmer'}"


def table_rows(
    entries: list[CampaignIndicator],
    typed: Mapping[int, list[Value]],
    earlier: Mapping[int, Earlier] | None = None,
    reads: Callable[[CampaignIndicator, Value], bool] = lambda entry, value: True,
) -> list[TableRow]:
    """The tables among these entries. ``typed``: what is typed of each (``values_of``); ``reads``:
    whether the person reads a value; ``earlier``: the figures before (``all_before``)."""
    rows = []
    for entry in entries:
        if not entry.is_by_commune:
            continue
        values = typed[entry.pk]
        read = [value for value in values if reads(entry, value)]
        rows.append(TableRow(entry, values, read, (earlier or {}).get(entry.pk, {})))
    return rows


def values_of(entries: Iterable[CampaignIndicator]) -> defaultdict[int, list[Value]]:
    """What is typed of these entries of one campaign so far, that of the territory first, in a few
    queries however many there are."""
    by_pk = {entry.pk: entry for entry in entries}
    found: defaultdict[int, list[Value]] = defaultdict(list)
    if not by_pk:
        return found
    campaign = next(iter(by_pk.values())).campaign
    values = Value.objects.filter(campaign_indicator__in=by_pk).asked_of(campaign)
    values = list(values.prefetch_related("entered_through__transitions"))
    read_acts(values)
    # What is given is told without its commune, which is one object in however many tables.
    prefetch_related_objects([value for value in values if not value.is_shown], "commune")
    for value in values:
        value.campaign_indicator = by_pk[value.campaign_indicator_id]
        found[value.campaign_indicator_id].append(value)
    return found


def whole_of(values: Iterable[Value]) -> Value | None:
    """The one of the territory."""
    return next((value for value in values if value.commune_id is None), None)
