"""The milestones of a year that is over, whatever becomes of them since."""

import datetime

import pytest

from actions.follow_up import parts
from actions.follow_up.as_of import as_of
from actions.follow_up.events import follow_up, restore_part
from actions.follow_up.parts import MILESTONES
from actions.models import Action, JournalEntry
from tests.actions.factories import action_in_force, days, in_state, with_milestones
from tests.stories import told_once

pytestmark = pytest.mark.django_db

SPRING, AUTUMN, END = (
    datetime.date(2023, month, day) for month, day in ((4, 1), (10, 1), (12, 31))
)  # fmt: skip
LATER = datetime.date(2024, 6, 1)


@told_once
def action(committee):
    """In progress, with a step reached and one, twice as heavy, that was due in autumn 2023."""
    action = action_in_force(
        committee, starts_on=datetime.date(2023, 1, 1), ends_on=datetime.date(2030, 1, 1)
    )
    in_state(action, "in_progress", on=SPRING)
    with_milestones(action, ("Recruter", SPRING, SPRING), ("Ouvrir", AUTUMN, None, 2))
    return typed_on(SPRING, action)


def typed_on(day, action) -> Action:
    """Have the last act of the milestones be one of that day."""
    last = action.journal.filter(part=MILESTONES.key).order_by("created_at", "pk").last()
    JournalEntry.objects.filter(pk=last.pk).update(day=day)
    return Action.objects.get(pk=action.pk)


def rewritten(action, change) -> Action:
    """Tell the milestones again: ``change`` makes of each row what it becomes, None to take it
    off."""
    rows = [change(dict(row)) for row in MILESTONES.read(action)["milestones"]]
    content = MILESTONES.plain({"milestones": [row for row in rows if row]})
    follow_up(action, MILESTONES, content, by=None)
    return Action.objects.get(pk=action.pk)


def without(title):
    return lambda row: None if row["title"] == title else row


def put_off(title, day):
    return lambda row: row | ({"due_on": day.isoformat()} if row["title"] == title else {})


def then(action, day=END):
    standing = as_of([Action.objects.get(pk=action.pk)], day)[action.pk]
    return standing.is_late, standing.percent


@pytest.mark.parametrize(
    "change", [without("Ouvrir"), put_off("Ouvrir", datetime.date(2029, 1, 1))],
    ids=["taken off", "put off"],
)  # fmt: skip
def test_a_late_step_stays_late_in_the_year_in_which_it_was(action, change):
    assert then(action) == (True, 33)
    rewritten(action, change)
    assert then(action) == (True, 33)
    assert not Action.objects.get(pk=action.pk).overdue(LATER)


def test_a_step_put_off_within_the_year_is_not_late_at_its_end(action):
    rewritten(action, put_off("Ouvrir", LATER))
    typed_on(AUTUMN, action)
    assert then(action) == (False, 33)
    assert then(action, LATER + days(1)) == (True, 33)


def test_a_step_taken_off_within_the_year_is_none_at_its_end(action):
    rewritten(action, without("Ouvrir"))
    typed_on(AUTUMN, action)
    assert then(action) == (False, 100)


def test_a_milestone_entered_late_counts_from_the_day_it_was_reached(action):
    rewritten(action, lambda row: row | {"done_on": "2023-11-02"})
    assert then(action) == (False, 100)


@pytest.mark.parametrize(
    "step",
    [("Louer", SPRING, None, 9), ("Louer", AUTUMN, AUTUMN), ("Louer", LATER, None)],
    ids=["due before", "reached before", "due since"],
)
def test_a_milestone_entered_since_changes_no_day_before(action, step):
    rewritten(action, put_off("Ouvrir", LATER))
    typed_on(AUTUMN, action)
    assert then(action) == (False, 33)
    with_milestones(action, ("Recruter", SPRING, SPRING), ("Ouvrir", LATER, None, 2), step)
    typed_on(LATER, action)
    assert then(action) == (False, 33)
    assert then(action, AUTUMN + days(1)) == (False, 33)
    rewritten(action, without("Louer"))
    assert then(action) == (False, 33)


def test_a_plan_entered_since_leaves_the_days_before_without_milestones(action):
    """Nothing was late, and no progress was known."""
    typed_on(LATER, action)
    assert then(action) == (False, None)
    assert then(action, LATER) == (True, 33)


def test_a_step_ticked_since_was_late_on_the_days_before(action):
    rewritten(action, reached("Ouvrir", LATER))
    typed_on(LATER, action)
    assert then(action) == (True, 33)
    assert then(action, LATER) == (False, 100)


def reached(title, day):
    return lambda row: row | ({"done_on": day and day.isoformat()} if row["title"] == title else {})


def again_next_year(title):
    return lambda row: reached(title, None)(put_off(title, datetime.date(2029, 1, 1))(row))


@pytest.mark.parametrize(
    "change", [reached("Recruter", None), reached("Recruter", LATER), again_next_year("Recruter")],
    ids=["not reached", "reached later", "planned again"],
)  # fmt: skip
def test_a_milestone_reached_by_then_stays_reached_whatever_is_written_since(action, change):
    rewritten(action, change)
    assert then(action) == (True, 33)
    assert then(action, SPRING - days(1)) == (True, None)


def test_a_milestone_removed_and_planned_again_stays_reached_on_the_days_before(action):
    rewritten(action, without("Recruter"))
    typed_on(LATER, action)
    with_milestones(action, ("Recruter", LATER, None), ("Ouvrir", AUTUMN, None, 2))
    assert then(action) == (True, 33)


def test_a_milestone_unticked_within_the_year_was_not_reached_at_its_end(action):
    rewritten(action, reached("Recruter", None))
    typed_on(AUTUMN, action)
    assert then(action) == (True, 0)


def test_the_last_of_several_late_statements_counts(action):
    """Nothing had been told by then: a slip may be mended."""
    rewritten(action, reached("Ouvrir", AUTUMN))
    typed_on(LATER, action)
    assert then(action) == (False, 100)
    rewritten(action, reached("Ouvrir", LATER))
    assert then(action) == (True, 33)


def test_a_slip_mended_the_same_day_leaves_no_trace(action):
    steps = ("Recruter", SPRING, SPRING), ("Ouvrir", AUTUMN, None, 2)
    before = then(action)
    with_milestones(action, *steps, ("Louer", SPRING, None, 9))
    rewritten(action, without("Louer"))
    assert then(action) == before


def test_a_milestone_removed_and_entered_again_counts_once(action):
    rewritten(action, without("Ouvrir"))
    typed_on(LATER, action)
    with_milestones(action, ("Recruter", SPRING, SPRING), ("Ouvrir", LATER, LATER, 2))
    assert then(action) == (True, 33)
    assert then(action, LATER) == (False, 100)


@pytest.mark.parametrize(
    "steps",
    [
        [("Recruter", SPRING, SPRING)],
        [("Recruter", SPRING, SPRING), ("Ouvrir", LATER, None)],
        [("Recruter", SPRING, SPRING), ("Ouvrir", AUTUMN, None, 2), ("Louer", SPRING, None)],
    ],
    ids=["taken off", "put off", "one more"],
)
def test_an_undone_entry_leaves_no_trace_in_the_days_before(action, steps):
    before, was = then(action), MILESTONES.read(action)
    action = with_milestones(action, *steps)
    action = typed_on(LATER, action)
    restore_part(action, parts.MILESTONES, was, expected=MILESTONES.read(action), by=None)
    assert then(action) == before
    assert then(action, LATER) == (True, 33)


def test_steps_that_no_act_tells_are_those_of_today(action):
    JournalEntry.objects.filter(part=MILESTONES.key).delete()
    assert then(action) == (True, 33)
