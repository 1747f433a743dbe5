"""Where actions stood on a day: read back from what was told, whatever was told since."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.as_of import actions_in_year, as_of
from actions.follow_up.events import follow_up
from actions.models import Action, ActionState
from tests.actions.factories import (
    action_in_force,
    days,
    in_state,
    proposed_action,
    with_milestones,
)
from tests.stories import told_once

END = datetime.date(2023, 12, 31)
TODAY = timezone.localdate()


def day(year: int, month: int, number: int = 1) -> datetime.date:
    return datetime.date(year, month, number)


@told_once
def action(committee):
    """One that runs from 2023 to 2030."""
    return action_in_force(committee, starts_on=day(2023, 2), ends_on=day(2030, 12))


def stood(action, on=END):
    return as_of([Action.objects.get(pk=action.pk)], on)[action.pk]


def stated(action, state, on, *, progress=None, stated_on=None, reason=""):
    values = {
        "state": state,
        "state_on": on,
        "state_reason": reason,
        "stated_progress": progress,
        "stated_on": stated_on,
    }
    follow_up(action, parts.STATE, parts.STATE.plain(values), by=None)


class TestState:
    def test_the_state_is_to_come_before_any_entry(self, action):
        stated(action, "in_progress", day(2024, 1, 10))
        then = stood(action)
        assert (then.state, then.since, then.percent) == (ActionState.TO_COME, None, None)
        assert stood(action, day(2024, 1, 10)).state == ActionState.IN_PROGRESS

    def test_the_state_is_that_of_the_day_with_its_reason(self, action):
        stated(action, "in_progress", day(2023, 3))
        stated(action, "blocked", day(2023, 9), reason="Le local est en travaux.")
        stated(action, "done", day(2024, 6))
        then = stood(action)
        assert (then.state, then.since) == ("blocked", day(2023, 9))
        assert then.reason == "Le local est en travaux."
        assert not then.is_over
        assert stood(action, day(2023, 8, 31)).state == "in_progress"
        assert stood(action, day(2024, 6)).is_over

    def test_a_correction_replaces_what_was_stated_for_its_day_and_later(self, action):
        stated(action, "in_progress", day(2023, 3))
        stated(action, "done", day(2024, 6))
        stated(action, "paused", day(2023, 11), reason="Départ de la pilote.")
        assert stood(action).state == "paused"
        assert stood(action, day(2024, 12)).state == "paused"
        assert stood(action, day(2023, 10)).state == "in_progress"

    def test_a_reason_stated_since_does_not_hold_on_the_days_before(self, action):
        stated(action, "blocked", day(2023, 9), reason="Le local est en travaux.")
        stated(action, "blocked", day(2023, 9), reason="Le bail est dénoncé.")
        assert (stood(action).since, stood(action).reason) == (
            day(2023, 9), "Le local est en travaux.",
        )  # fmt: skip
        assert stood(action, TODAY).reason == "Le bail est dénoncé."

    def test_of_two_statements_for_one_day_the_last_counts(self, action):
        stated(action, "blocked", day(2023, 5), reason="Erreur de saisie.")
        stated(action, "in_progress", day(2023, 5))
        assert (stood(action).state, stood(action).reason) == ("in_progress", "")


class TestProgress:
    def test_an_estimate_holds_from_the_day_it_was_made(self, action):
        stated(action, "in_progress", day(2023, 3), progress=30, stated_on=day(2023, 6))
        stated(action, "in_progress", day(2023, 3), progress=80, stated_on=day(2024, 6))
        assert (stood(action).percent, stood(action).stated_on) == (30, day(2023, 6))
        assert stood(action, day(2023, 5)).percent is None
        assert stood(action, day(2024, 6)).percent == 80

    def test_a_later_state_without_an_estimate_ends_the_estimate(self, action):
        stated(action, "in_progress", day(2023, 3), progress=30, stated_on=day(2023, 6))
        stated(action, "paused", day(2023, 9), reason="Départ de la pilote.")
        assert (stood(action).percent, stood(action).stated_on) == (None, None)
        assert stood(action, day(2023, 8)).percent == 30

    def test_a_removed_estimate_holds_on_the_days_before_whatever_state_is_corrected(self, action):
        stated(action, "in_progress", day(2023, 3), progress=30, stated_on=day(2023, 6))
        stated(action, "in_progress", day(2023, 3))
        assert (stood(action).percent, stood(action, TODAY).percent) == (30, None)
        stated(action, "in_progress", day(2023, 2))
        assert (stood(action).since, stood(action).percent) == (day(2023, 2), 30)

    def test_an_estimate_removed_with_a_corrected_day_holds_on_the_days_before(self, action):
        stated(action, "in_progress", day(2023, 3), progress=40, stated_on=day(2023, 3))
        stated(action, "in_progress", day(2023, 2, 15))
        assert (stood(action).since, stood(action).percent) == (day(2023, 2, 15), 40)
        assert stood(action, TODAY).percent is None

    def test_an_action_done_by_mistake_keeps_its_estimate_on_the_days_before(self, action):
        stated(action, "in_progress", day(2023, 3), progress=40, stated_on=day(2023, 3))
        stated(action, "done", TODAY, progress=100, stated_on=TODAY)
        stated(action, "in_progress", day(2023, 3))
        assert (stood(action).state, stood(action).percent) == ("in_progress", 40)
        assert stood(action, TODAY).percent is None

    def test_the_progress_is_the_share_of_the_milestones_reached_by_the_day(self, action):
        with_milestones(
            action,
            ("Convention signée", day(2023, 4), day(2023, 5)),
            ("Local loué", day(2023, 10), day(2024, 2), 2),
            ("Ouverture", day(2025, 1), None),
            on=day(2023, 2),
        )
        assert stood(action).percent == 25
        assert stood(action, day(2023, 4, 30)).percent == 0
        assert stood(action, day(2024, 2)).percent == 75

    def test_an_estimate_goes_before_milestones_and_done_before_both(self, action):
        with_milestones(action, ("Local loué", day(2023, 4), day(2023, 5)), ("B", END, None))
        stated(action, "in_progress", day(2023, 3), progress=30, stated_on=day(2023, 6))
        assert stood(action).percent == 30
        stated(action, "done", day(2023, 12))
        assert (stood(action).percent, stood(action).stated_on) == (100, None)


class TestLateness:
    def test_an_action_begun_too_late_was_late(self, action):
        assert not stood(action, action.starts_on).is_late
        assert stood(action, action.starts_on + days(1)).is_late
        stated(action, "in_progress", day(2024, 1))
        assert stood(action).is_late
        assert not stood(action, day(2024, 1)).is_late

    def test_a_milestone_that_was_reached_since_was_late(self, action):
        stated(action, "in_progress", day(2023, 3))
        with_milestones(action, ("Local loué", day(2023, 10), day(2024, 2)), on=day(2023, 3))
        assert stood(action).is_late
        assert not stood(action, day(2023, 10)).is_late
        assert not stood(action, day(2024, 2)).is_late

    def test_an_action_past_its_end_is_late_until_it_is_done(self, committee):
        action = action_in_force(committee, starts_on=day(2022, 1), ends_on=day(2023, 6))
        stated(action, "in_progress", day(2022, 2))
        stated(action, "done", day(2024, 3))
        assert not stood(action, day(2023, 6)).is_late
        assert stood(action).is_late
        assert not stood(action, day(2024, 3)).is_late

    def test_a_proposed_action_is_not_late(self, committee):
        version = proposed_action(committee, starts_on=day(2023, 2))
        assert not stood(Action.objects.get(pk=version.object_id)).is_late


@pytest.mark.parametrize("state", [s for s in ActionState if s != ActionState.TO_COME])
def test_today_an_action_stands_where_its_row_says(committee, state):
    action = action_in_force(committee, starts_on=TODAY - days(90), ends_on=TODAY + days(90))
    with_milestones(action, ("Fait", TODAY - days(9), TODAY), ("Dû", TODAY - days(1), None))
    progress = None if state == ActionState.DONE else 40
    action = in_state(action, state, reason="Il y a un motif.", progress=progress)
    then = stood(action, TODAY)
    assert (then.state, then.since, then.reason) == (state, TODAY, action.state_reason)
    assert (then.percent, then.is_late) == (action.progress, action.is_late(TODAY))
    assert then.is_over == action.is_over


class TestOfAYear:
    def of(self, committee, year, today=TODAY):
        actions = Action.objects.of(committee.convention)
        return {one.action.title: one for one in actions_in_year(actions, year, today)}

    def test_agreed_actions_belong_to_the_years_of_their_period(self, committee):
        for title, start, end in [
            ("Avant", day(2021, 1), day(2022, 12, 31)),
            ("Pendant", day(2023, 12, 31), day(2024, 1)),
            ("En continu", day(2021, 1), None),
            ("Après", day(2024, 1), day(2024, 6)),
        ]:
            action = action_in_force(
                committee, title=title, starts_on=start, ends_on=end, is_continuous=end is None
            )
            if title == "Avant":
                stated(action, "done", day(2022, 11))
        proposed_action(committee, title="Proposée", starts_on=day(2023, 1))
        assert set(self.of(committee, 2023)) == {"Pendant", "En continu"}
        assert set(self.of(committee, 2022)) == {"Avant", "En continu"}

    def test_an_action_that_went_on_after_its_end_belongs_to_the_year(self, committee):
        action = action_in_force(committee, starts_on=day(2021, 1), ends_on=day(2022, 6))
        stated(action, "in_progress", day(2021, 2))
        stated(action, "done", day(2023, 3))
        (standing,) = self.of(committee, 2023).values()
        assert (standing.then.state, standing.was_over, standing.asks_for_note) == (
            "done",
            False,
            True,
        )
        assert self.of(committee, 2024) == {}

    def test_an_abandoned_action_asks_for_the_note_of_that_year_alone(self, action, committee):
        stated(action, "abandoned", day(2023, 5), reason="Plus de financeur.")
        (standing,) = self.of(committee, 2023).values()
        assert (standing.then.state, standing.asks_for_note) == ("abandoned", True)
        (later,) = self.of(committee, 2024).values()
        assert (later.was_over, later.asks_for_note) == (True, False)

    def test_an_action_done_on_the_first_of_january_belongs_to_the_year(self, committee):
        action = action_in_force(committee, starts_on=day(2021, 1), ends_on=day(2022, 6))
        stated(action, "done", day(2023, 1, 1))
        (in_2023,) = self.of(committee, 2023).values()
        assert (in_2023.was_over, in_2023.asks_for_note) == (False, True)
        assert self.of(committee, 2024) == {}

    def test_a_year_that_goes_on_shows_where_actions_stand_today(self, action, committee):
        stated(action, "in_progress", day(2023, 3))
        stated(action, "done", day(2023, 10))
        (standing,) = self.of(committee, 2023, today=day(2023, 6)).values()
        assert standing.then.state == "in_progress"


def test_actions_of_a_year_are_read_in_four_queries_whatever_their_number(committee):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert actions_in_year(Action.objects.of(committee.convention), 2023, TODAY)
        return len(captured)

    for number in range(3):
        action = action_in_force(committee, title=f"Action {number}", starts_on=day(2023, 1))
        stated(action, "in_progress", day(2023, 3))
        with_milestones(action, ("Local loué", day(2023, 10), None))
        if number == 0:
            few = queries()
    assert queries() == few == 4
