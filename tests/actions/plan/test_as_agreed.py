"""Test how the plan is read as it was agreed on a past day."""

from django.utils import timezone

from actions.models import Action
from actions.plan.as_agreed import dated_as_of, sheets_agreed_on
from agreements.versions.endings import draft_ending
from agreements.versions.events import propose
from tests.actions.factories import action_since_long, agree
from tests.agreements.factories import yesterday


def given_up(committee, action: Action) -> Action:
    """Have both parties agree to give an action up; return its row."""
    draft = draft_ending(action, by=committee.coordinator, note="Plus de financeur.")
    agree(committee, propose(draft, by=committee.coordinator))
    return Action.objects.get(pk=action.pk)


def test_an_action_is_agreed_to_until_the_day_on_which_it_is_given_up(committee):
    action = given_up(committee, action_since_long(committee))
    for day, expected in [(yesterday(), [action]), (timezone.localdate(), [])]:
        sheets = sheets_agreed_on(committee.convention, day, Action.objects.all())
        assert [sheet.action for sheet in sheets] == expected
        assert dated_as_of(day, [action]) == expected
