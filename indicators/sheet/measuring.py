"""The indicators that measure an action, as its page shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from actions.models import Action
from conventions.legal.words import Words
from ctg_portal.house import ActionSection
from indicators.definitions.models import Indicator
from indicators.series.reading import read_series
from indicators.sheet.rows import ListedIndicator


@dataclass(frozen=True)
class Measures:
    """The indicators of an action. ``direct``: agreed to measure it; ``indirect``: others that
    measure an objective it serves, or the one above; ``words``: the territory's."""

    direct: list[ListedIndicator]
    indirect: list[ListedIndicator]
    words: Words


def measures_of(user: User, action: Action) -> Iterator[ActionSection]:
    """Yield one section with the listed indicators that measure an action; none without any. The
    same for every ``user``. Two queries and those of ``read_series``."""
    rows = Indicator.objects.of(action.convention).listed().with_definition().in_reading_order()
    direct = {row.pk: row for row in rows.filter(actions=action)}
    objectives = action.objectives.all()
    served = {pk for objective in objectives for pk in (objective.pk, objective.parent_id) if pk}
    indirect = rows.filter(objectives__in=served).exclude(pk__in=direct).distinct()
    series = read_series(action.convention, [*direct.values(), *(indirect if served else [])])
    listed = [ListedIndicator(row, [cell.year for cell in row.collected], None) for row in series]
    if listed:
        measures = Measures(
            [row for row in listed if row.indicator.pk in direct],
            [row for row in listed if row.indicator.pk not in direct],
            action.convention.words,
        )
        yield ActionSection("indicators/sheet/measuring.html", measures)
