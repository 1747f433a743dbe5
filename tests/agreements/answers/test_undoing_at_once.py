"""An answer is undone while somebody builds on it, on PostgreSQL: one of the two is refused."""

import pytest

from actions.models import Action, JournalEntry
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Version
from ctg_portal.rules import Refused
from indicators.collection.events import add_past_indicator, add_to_campaign, open_campaign
from indicators.models import CampaignIndicator, CampaignState, Indicator
from tests.actions.factories import in_state, proposed_action
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.indicators.factories import campaign_of, indicator_in_force, proposed_indicator

pytestmark = ON_POSTGRESQL


@pytest.fixture
def committee():
    return committee_of()


def agreed(committee, version):
    """In force since this minute; the last answer."""
    answers.answer(Reply(version), by=committee.caf_member)
    return answers.answer(Reply(version), by=committee.epci_member)


def undo(committee, entry):
    return lambda: answers.undo([entry], by=committee.epci_member)


@pytest.mark.parametrize("is_undone_first", [True, False])
def test_an_answer_is_undone_or_the_follow_up_of_its_action_begins(committee, is_undone_first):
    entry = agreed(committee, proposed_action(committee))
    action = Action.objects.get()
    acts = [
        lambda: in_state(action, "in_progress", by=committee.coordinator),
        undo(committee, entry),
    ]
    outcomes = at_once(*(reversed(acts) if is_undone_first else acts))
    assert isinstance(outcomes[1], Refused), outcomes
    assert (
        Version.objects.get().is_in_force == JournalEntry.objects.exists() == (not is_undone_first)
    )


@pytest.mark.parametrize("is_undone_first", [True, False])
def test_an_answer_is_undone_or_a_collection_of_its_indicator_opens(committee, is_undone_first):
    entry = agreed(committee, proposed_indicator(committee))
    campaign = campaign_of(committee, 2025, state=CampaignState.PREPARED)
    acts = [lambda: open_campaign(campaign, by=committee.coordinator), undo(committee, entry)]
    outcomes = at_once(*(reversed(acts) if is_undone_first else acts))
    assert isinstance(outcomes[1], Refused), outcomes
    assert Version.objects.get().is_in_force == CampaignIndicator.objects.exists()
    assert CampaignIndicator.objects.exists() == (not is_undone_first)


@pytest.mark.parametrize("by_file", [False, True])
def test_an_answer_is_not_undone_while_its_indicator_joins_a_collection(committee, by_file):
    campaign = campaign_of(committee, 2025, [indicator_in_force(committee)])
    entry = agreed(committee, proposed_indicator(committee, title="Une autre"))
    added = Indicator.objects.get(pk=entry.version.object_id)
    add = (
        (lambda: add_past_indicator(campaign, added))
        if by_file
        else (lambda: add_to_campaign(campaign, added, by=committee.coordinator))
    )
    outcomes = at_once(add, undo(committee, entry))
    assert isinstance(outcomes[1], Refused), outcomes
    assert campaign.campaign_indicators.filter(indicator=added).exists()
