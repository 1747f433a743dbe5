"""Opening, submitting, closing, writing at the same moment, on PostgreSQL."""

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.versions import events as drafts
from ctg_portal.rules import Refused
from evaluation.models import Narrative, Report
from evaluation.writing import events as narratives
from indicators.collection import events as campaigns
from indicators.definitions.definition import Definition
from indicators.models import Campaign, Value
from indicators.values import events, giving, writing
from indicators.values.figure import Figure
from tests.at_once import ON_POSTGRESQL, at_once
from tests.factories import MembershipFactory
from tests.indicators.factories import (
    campaign_of,
    indicator_content,
    indicator_in_force,
    value_of,
    version_of,
)

pytestmark = ON_POSTGRESQL


def a_draft_of(committee, campaign):
    user = MembershipFactory(organisation=committee.caf).user
    [entry] = campaign.campaign_indicators.all()
    events.save_value(entry, Figure(number=401), by=user)
    return entry, user


def test_a_figure_submitted_before_the_closing_is_in_the_year(committee):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    entry, user = a_draft_of(committee, campaign)
    sent, closing = at_once(
        lambda: giving.submit_values([entry], by=user),
        lambda: campaigns.close_campaign(campaign, by=committee.coordinator),
    )
    assert [value.number for value in sent.sent] == [401]
    assert (closing.not_given, closing.without) == (0, 0)


def test_a_figure_submitted_after_the_closing_is_refused_and_stays_a_draft(committee):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    entry, user = a_draft_of(committee, campaign)
    closing, refused = at_once(
        lambda: campaigns.close_campaign(campaign, by=committee.coordinator),
        lambda: giving.submit_values([entry], by=user),
    )
    assert closing.not_given == 1
    assert isinstance(refused, Refused)
    assert not writing.value_of(entry).is_shown


def test_two_who_submit_the_same_submit_it_once(committee):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    entry, user = a_draft_of(committee, campaign)
    act = lambda: giving.submit_values([entry], by=user)  # noqa: E731
    first, second = at_once(act, act)
    assert (len(first.sent), len(second.sent), second.blocked) == (1, 0, [])
    assert writing.value_of(entry).transitions.filter(verb="submitted").count() == 1


def test_two_who_verify_verify_once(committee):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    value = value_of(campaign, campaign.campaign_indicators.get().indicator, 5)
    people = [MembershipFactory(organisation=committee.caf).user for _ in range(2)]
    first, refused = at_once(*[lambda u=u: giving.verify_value(value, by=u) for u in people])
    assert first.is_verified
    assert isinstance(refused, Refused)
    assert value.transitions.filter(verb="verified").count() == 1


def test_opening_while_a_version_comes_into_force_freezes_one_of_both_whole(committee):
    indicator = indicator_in_force(committee)
    content = indicator_content(committee, provider=committee.epci, title="Autrement")
    draft = drafts.save_draft(indicator, content, by=committee.coordinator)
    version = drafts.propose(draft, by=committee.coordinator)
    answers.answer(Reply(version), by=committee.caf_member)
    campaign = campaign_of(committee, 2024, [], state="prepared")
    at_once(
        lambda: answers.answer(Reply(version), by=committee.epci_member),
        lambda: campaigns.open_campaign(campaign, by=committee.coordinator),
    )
    assert version_of(indicator) == version
    [entry] = campaign.campaign_indicators.all()
    assert Definition.of(entry.version).provider["id"] == entry.provider_id == entry.enterer_id


def test_the_first_text_of_a_theme_by_two_is_the_firsts(committee):
    theme = committee.orientation.theme
    write = lambda text: narratives.write_narrative(  # noqa: E731
        theme, 2024, text, revision=0, by=committee.coordinator
    )
    narrative, refused = at_once(lambda: write("Un"), lambda: write("Deux"))
    assert isinstance(refused, Refused)
    assert Narrative.objects.get() == narrative
    assert narrative.text == "Un"


def test_an_indicator_added_by_two_at_once_is_asked_once(committee):
    campaign, indicator = campaign_of(committee, 2024), indicator_in_force(committee)
    add = lambda: campaigns.add_to_campaign(campaign, indicator, by=committee.coordinator)  # noqa: E731
    first, second = at_once(add, add)
    assert first == second == campaign.campaign_indicators.get()
    assert not Report.objects.exists()


@pytest.mark.parametrize("first", ["the value", "the cancelling"])
def test_a_collection_is_cancelled_or_given_a_value_not_both(committee, first):
    entry = campaign_of(committee, 2024, [indicator_in_force(committee)]).campaign_indicators.get()
    agent = MembershipFactory(organisation=committee.caf).user
    acts = {
        "the value": lambda: events.save_value(entry, Figure(number=4), by=agent),
        "the cancelling": lambda: campaigns.cancel_campaign(
            entry.campaign, by=committee.coordinator
        ),
    }
    _done, refused = at_once(acts.pop(first), *acts.values())
    assert isinstance(refused, Refused)
    assert Value.objects.exists() == Campaign.objects.exists() == (first == "the value")
