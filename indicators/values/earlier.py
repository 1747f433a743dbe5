"""The last figure given before a year, to compare a new one with."""

from collections.abc import Iterable

from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.models import CampaignIndicator, Value
from indicators.values.plausibility import Before


def figures_before(entries: Iterable[CampaignIndicator]) -> dict[int, Before]:
    """By primary key of these entries of one campaign, the last number given in a year before.

    It is told as it was typed where the same organisations provide and enter the figure; where
    others did, as it is disclosed to everybody. One query, whatever the number of entries.
    """
    wanted = {entry.indicator_id: entry for entry in entries}
    if not wanted:
        return {}
    year = next(iter(wanted.values())).campaign.year
    values = (
        Value.objects.whole()
        .shown()
        .filter(
            campaign_indicator__indicator__in=wanted,
            campaign_indicator__campaign__year__lt=year,
            number__isnull=False,
        )
    )
    related = ("campaign", "version", "provider")
    values = values.select_related(*(f"campaign_indicator__{name}" for name in related))
    last = {}
    for value in values.order_by("campaign_indicator__campaign__year"):
        entry = wanted[value.campaign_indicator.indicator_id]
        last[entry] = value
    return {entry.pk: _before(value, entry) for entry, value in last.items()}


def _before(value: Value, entry: CampaignIndicator) -> Before:
    earlier = value.campaign_indicator
    definition = Definition.of(earlier.version)
    is_comparable = definition.measuring == Definition.of(entry.version).measuring
    same = (earlier.provider_id, earlier.enterer_id) == (entry.provider_id, entry.enterer_id)
    if same:
        text, number = definition.show(value.number), value.number
    else:
        figure = disclose(value, definition, earlier.rule)
        text, number = figure.words, figure.number
    return Before(earlier.campaign.year, text, number, is_comparable)
