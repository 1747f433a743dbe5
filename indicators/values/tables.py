"""A table: the figures of all communes for one indicator and year. It is one thing owed.

The communes of a year are those of the perimeter on its last day. A figure given for each of them,
a number or a stated absence, makes a table whole; what is missing is not zero.
"""

from collections.abc import Iterable

from conventions.models import Commune, Coverage
from ctg_portal.rules import Refusal
from indicators.definitions.definition import Definition
from indicators.disclosure import is_protected
from indicators.disclosure.events import recompute
from indicators.models import Campaign, CampaignIndicator, TableState, Value, ValueState
from indicators.values.plausibility import EarlierFigure

NOT_BY_COMMUNE = Refusal("Cet indicateur n’est pas demandé par commune.")


def communes_of(campaign: Campaign) -> list[Commune]:
    """The communes that a year's figures are of, by name."""
    rows = Coverage.objects.of_year(campaign.convention, campaign.year)
    return [row.commune for row in rows.select_related("commune")]


def not_asked(entry: CampaignIndicator, commune: Commune, asked: Iterable[int]) -> Refusal | None:
    """Why a commune has no figure in a year; ``asked``: the keys of those that have."""
    if not entry.is_by_commune:
        return NOT_BY_COMMUNE
    if commune.pk in asked:
        return None
    return Refusal(
        f"{commune.name} ne faisait pas partie du territoire de la convention au 31 décembre "
        f"{entry.campaign.year}."
    )


def of_commune(definition: Definition) -> Definition:
    """The definition as one commune's figure is judged by: the plausible values and the moves that
    the parties want explained are those of the territory."""
    unbounded = dict.fromkeys(("minimum", "maximum", "variation_alert", "baseline_value"))
    return Definition(definition.content | unbounded | {"targets": []})


def state_of(values: Iterable[Value], asked: Iterable[int]) -> tuple[TableState, int]:
    """Where a table is, and of how many of the communes ``asked`` a figure is given."""
    states = {value.commune_id: value.state for value in values if value.commune_id in asked}
    given = sum(state in (ValueState.SUBMITTED, ValueState.VERIFIED) for state in states.values())
    for state in (ValueState.RETURNED, ValueState.DRAFT):
        if state in states.values():
            return TableState(state), given
    if given < len(set(asked)):
        return (TableState.PARTIAL if given else TableState.NOTHING), given
    is_verified = set(states.values()) == {ValueState.VERIFIED}
    return (TableState.VERIFIED if is_verified else TableState.SUBMITTED), given


def keep_state(
    entry: CampaignIndicator, asked: Iterable[int], values: Iterable[Value] | None = None
) -> None:
    """Keep where a table is, once something of it has changed; under the lock of its entry. What is
    secret of it is decided anew. ``values``: its own, where one of them was saved as a draft: as
    long as it is no further for it, nothing that is given has changed."""
    asked = set(asked)
    is_saved = values is not None
    if not is_saved:
        values = entry.values.by_commune().only("campaign_indicator", "commune", "state")
    before = entry.table_state, entry.communes_given, entry.communes_asked
    entry.table_state, entry.communes_given = state_of(values, asked)
    entry.communes_asked = len(asked)
    is_same = before == (entry.table_state, entry.communes_given, entry.communes_asked)
    if is_saved and is_same:
        return
    entry.save(update_fields=["table_state", "communes_given", "communes_asked"])
    recompute(entry.campaign)


def token_of_table(values: Iterable[Value]) -> str:
    """Which writing of a table a form shows; empty without a figure."""
    values = list(values)
    written = sum(value.revision for value in values)
    return f"{len(values)}-{written}-{max(value.pk for value in values)}" if values else ""


def figures_of_communes_before(entry: CampaignIndicator) -> dict[int, EarlierFigure]:
    """By commune, the last number given in a year before, for who enters the figures: only what the
    same organisations provided and entered, and no rule that was lifted since protects."""
    values = Value.objects.by_commune().shown().filter(
        campaign_indicator__indicator=entry.indicator_id,
        campaign_indicator__campaign__year__lt=entry.campaign.year,
        campaign_indicator__provider=entry.provider_id,
        campaign_indicator__enterer=entry.enterer_id,
        number__isnull=False,
    )  # fmt: skip
    related = ("campaign", "version", "provider")
    values = values.select_related(*(f"campaign_indicator__{name}" for name in related))
    now, found = Definition.of(entry.version), {}
    definitions: dict[int, Definition] = {}
    for value in values.order_by("campaign_indicator__campaign__year"):
        earlier = value.campaign_indicator
        if earlier.pk not in definitions:
            definitions[earlier.pk] = Definition.of(earlier.version)
        definition = definitions[earlier.pk]
        if is_protected(definition, earlier.rule) and not is_protected(now, entry.rule):
            continue
        found[value.commune_id] = EarlierFigure(
            earlier.campaign.year, definition.show(value.number), value.number,
            definition.measuring == now.measuring,
        )  # fmt: skip
    return found
