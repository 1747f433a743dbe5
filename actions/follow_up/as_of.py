"""Read back from the journal where actions stood on a past day.

The report of a year shows them as they were at its end, whatever has happened since.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from actions.follow_up.record import Record, Step, records_of
from actions.plan.as_agreed import dated_as_of
from actions.plan.models import Action, ActionState


@dataclass(frozen=True)
class AsOf:
    """Where an action stood at the end of a day.

    ``percent`` was stated by hand on ``stated_on``; without that day it comes from the state or the
    milestones, and is None where nothing says it. For today: ``Action.state``, ``progress``,
    ``is_late``.
    """

    state: ActionState
    since: datetime.date | None
    reason: str
    percent: int | None
    stated_on: datetime.date | None
    is_late: bool

    @property
    def is_over(self) -> bool:
        """Whether it was done or given up."""
        return self.state in ActionState.over()


@dataclass(frozen=True)
class ActionInYear:
    """An action in a year: ``then`` is where it stood at its end, or stands today while the year
    goes on; ``was_over``: it was done or given up before the year began."""

    action: Action
    then: AsOf
    was_over: bool

    @property
    def asks_for_note(self) -> bool:
        """Whether there is something to write about: it went on, or came to an end, that year."""
        return not self.was_over and self.then.state != ActionState.TO_COME


def as_of(actions: Iterable[Action], day: datetime.date) -> dict[int, AsOf]:
    """Return where each action stood at the end of ``day``, by primary key. Two queries."""
    actions = list(actions)
    records = records_of(actions)
    return {action.pk: _at(action, records[action.pk], day) for action in actions}


def actions_in_year(
    actions: Iterable[Action], year: int, today: datetime.date
) -> list[ActionInYear]:
    """Return the agreed actions that belong to a year: their period touches it, or has ended before
    it while they were neither done nor given up. None for a year that has not begun. Two queries,
    beside that of ``actions``."""
    if year > today.year:
        return []
    begun = [a for a in actions if a.is_agreed and a.starts_on and a.starts_on.year <= year]
    records = records_of(begun)
    eve, end = datetime.date(year - 1, 12, 31), min(datetime.date(year, 12, 31), today)
    members = []
    for action in begun:
        record = records[action.pk]
        was_over = _at(action, record, eve).is_over
        if action.runs_in(year) or not was_over:
            members.append(ActionInYear(action, _at(action, record, end), was_over))
    return members


def actions_followed_in(
    actions: Iterable[Action], year: int, today: datetime.date
) -> list[ActionInYear]:
    """Return the agreed actions that belong to a year, as ``actions_in_year``; for a year that is
    over, those agreed by its end, for the period agreed then. Three queries, beside that of
    ``actions``."""
    actions, end = list(actions), datetime.date(year, 12, 31)
    if today <= end:
        return actions_in_year(actions, year, today)
    actions_by_key = {action.pk: action for action in actions}
    members = actions_in_year(dated_as_of(end, [a for a in actions if a.is_agreed]), year, today)
    return [replace(member, action=actions_by_key[member.action.pk]) for member in members]


def actions_in_term(actions: Iterable[Action], end: datetime.date) -> list[ActionInYear]:
    """Return the agreed actions that were to begin by the ``end`` of a term, over by then or not.
    Two queries, beside that of ``actions``."""
    begun = [a for a in actions if a.is_agreed and a.starts_on and a.starts_on <= end]
    then = as_of(begun, end)
    return [ActionInYear(action, then[action.pk], was_over=False) for action in begun]


def _at(action: Action, record: Record, day: datetime.date) -> AsOf:
    """Return where an action stood at the end of ``day``, by its record and its dates of now: to
    come before a state was entered, at 100 % once done; without an estimate, as far as its
    milestones."""
    stated, estimate, steps = record.state(day), record.estimate(day), record.steps(day)
    state = ActionState(stated.get("state", ActionState.TO_COME))
    percent, stated_on = estimate.get("stated_progress"), estimate.get("stated_on")
    if state == ActionState.DONE:
        percent, stated_on = 100, None
    elif percent is None:
        total = sum(step.weight for step in steps)
        done = sum(step.weight for step in steps if step.is_done(day))
        percent = 100 * done // total if total else None
    return AsOf(
        state=state,
        since=stated.get("state_on"),
        reason=stated.get("state_reason", ""),
        percent=percent,
        stated_on=stated_on,
        is_late=_is_late(action, state, steps, day),
    )


def _is_late(action: Action, state: str, steps: Iterable[Step], day: datetime.date) -> bool:
    """Return whether the action was behind what was agreed; never one that is not in force, nor one
    that was over. The term has come at the end of its day. Twin, for today: ``Action.is_late``."""
    if not action.is_agreed or state in ActionState.over():
        return False
    has_ended = action.convention.end <= day or (action.ends_on and action.ends_on < day)
    should_have_begun = (
        state == ActionState.TO_COME and action.starts_on is not None and action.starts_on < day
    )
    return bool(has_ended or should_have_begun or any(step.is_overdue(day) for step in steps))
