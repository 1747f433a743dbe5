"""The indicators that measure an action, as its page shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from actions.models import Action
from conventions.legal.words import Words
from ctg_portal.house import ActionSection
from indicators.definitions.models import Indicator
from indicators.series.reading import Series, read_series
from indicators.sheet.rows import ListedIndicator


@dataclass(frozen=True)
class Measures:
    """The indicators of an action. ``direct``: they were agreed to measure it; ``indirect``: they
    measure an objective that it serves, or the orientation above that; ``words``: the
    territory's."""

    direct: list[ListedIndicator]
    indirect: list[ListedIndicator]
    words: Words


def measures_of(user: User, action: Action) -> Iterator[ActionSection]:
    """Yield the section of the indicators that measure an action, in two queries and those of
    ``read_series``; none where there is no such indicator."""
    rows = Indicator.objects.of(action.convention).listed().with_definition().in_reading_order()
    direct = {row.pk: row for row in rows.filter(actions=action)}
    objectives = action.objectives.all()
    served = {pk for one in objectives for pk in (one.pk, one.parent_id) if pk}
    indirect = rows.filter(objectives__in=served).exclude(pk__in=direct).distinct()
    series = read_series(action.convention, [*direct.values(), *(indirect if served else [])])
    listed = [ListedIndicator(one, _years(one), None) for one in series]
    if listed:
        measures = Measures(
            [one for one in listed if one.indicator.pk in direct],
            [one for one in listed if one.indicator.pk not in direct],
            action.convention.words,
        )
        yield ActionSection("indicators/sheet/measuring.html", measures)


def _years(series: Series) -> list[int]:
    return [cell.year for cell in series.collected]
