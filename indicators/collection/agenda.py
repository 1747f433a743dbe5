"""What a collection offers for the agenda of a meeting: figures that are still awaited."""

import datetime
from collections.abc import Iterable

from conventions.models import Convention
from ctg_portal.house import OfferedItem
from ctg_portal.templatetags.french import plural
from indicators.collection.dashboard import campaigns_of, read_gauges


def figures_item(convention: Convention, today: datetime.date) -> Iterable[OfferedItem]:
    """Yield the item of the open collection, where it awaits figures: how many, and of whom. It
    holds no figure."""
    campaign = next((row for row in campaigns_of([convention]) if row.is_open), None)
    if campaign is None:
        return
    owing = [row for row in read_gauges(campaign, convention, today).rows if row.owed]
    if owing:
        names = " ; ".join(f"{row.name}, {row.owed}" for row in owing)
        awaited = plural(sum(row.owed for row in owing), "donnée attendue,données attendues")
        yield OfferedItem("figures", f"Le recueil {campaign.year}", f"{awaited} : {names}.", 10)
