"""The chapter of the plan in the pack of a meeting: actions whose state changed since the last."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from actions.follow_up.record import records_of
from actions.plan.models import Action, ActionState
from conventions.models import Convention
from ctg_portal.house import PackChapter


def plan_chapter(
    convention: Convention, since: datetime.date, today: datetime.date
) -> Iterable[PackChapter]:
    """Yield the chapter of the actions in force whose state is another than on the day ``since``;
    nothing where none is."""
    rows = Action.objects.filter(convention=convention).agreed().in_reading_order()
    actions = list(rows.select_related("theme__axis"))
    records = records_of(actions)
    parts: dict[str, list[str]] = defaultdict(list)
    for action in actions:
        before, now = (_state(records[action.pk].state(day)) for day in (since, today))
        if now and now != before:
            change = f"{before} → {now}" if before else now
            parts[action.theme.title].append(f"{action} : {change}.")
    if parts:
        yield PackChapter("Ce qui a changé dans le plan d’actions", 20, list(parts.items()))


def _state(values: dict) -> str:
    """Return the label of a stated state; empty before any was stated."""
    state = values.get("state")
    return str(ActionState(state).label) if state else ""
