"""What may be shown of figures by commune: of communes, of sectors, of the whole territory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicators.definitions.definition import Definition
from indicators.disclosure import MASKED, NOTHING, DisclosedFigure, disclose, is_protected
from indicators.models import CampaignIndicator, Value


@dataclass(frozen=True)
class Places:
    """The figures of an indicator in a year, by the keys of communes and of sectors."""

    communes: Mapping[int, DisclosedFigure] = field(default_factory=dict)
    sectors: Mapping[int, DisclosedFigure] = field(default_factory=dict)
    whole: DisclosedFigure = NOTHING


def disclosed_places(convention, entries: Sequence[CampaignIndicator]) -> dict[int, Places]:
    """What everybody may read of these, by the key of the indicator in its year.

    Where one figure of a table is secret, all of it is.
    """
    given = Value.objects.of(convention).by_commune().shown()
    given = given.filter(campaign_indicator__in=entries)
    by_entry: dict[int, dict[int, Value]] = {entry.pk: {} for entry in entries}
    for value in given:
        by_entry[value.campaign_indicator_id][value.commune_id] = value
    return {entry.pk: _places(entry, by_entry[entry.pk]) for entry in entries}


def _places(entry: CampaignIndicator, values: Mapping[int, Value]) -> Places:
    definition = Definition.of(entry.version)
    shown = {key: disclose(value, definition, entry.rule) for key, value in values.items()}
    if is_protected(definition, entry.rule) and any(one.is_masked for one in shown.values()):
        secret = DisclosedFigure(MASKED)
        shown = {key: secret if one.is_number else one for key, one in shown.items()}
    return Places(shown)
