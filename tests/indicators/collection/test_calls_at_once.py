"""Two people remind, move a day, take over what the year before said, at the same moment."""

import datetime

from ctg_portal.rules import Refused
from indicators.collection import events
from indicators.models import CampaignState, Reminder
from indicators.values.events import save_value
from indicators.values.figure import Figure
from indicators.values.giving import submit_values
from indicators.values.taking_over import take_over
from indicators.values.writing import value_of
from notifications.models import Notice
from notifications.sending import send_due_mail
from tests.at_once import ON_POSTGRESQL, at_once
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force, later
from tests.indicators.factories import value_of as given_value

pytestmark = ON_POSTGRESQL


def a_campaign_of(committee, **changes):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)], **changes)
    return campaign, MembershipFactory(organisation=committee.caf).user


def test_two_who_remind_at_once_remind_once(committee):
    campaign, _user = a_campaign_of(committee)
    act = lambda: events.remind(  # noqa: E731
        campaign, [committee.caf], "Bonjour", by=committee.coordinator
    )
    first, second = at_once(act, act)
    assert len(first) == 1
    assert isinstance(second, Refused)
    assert Reminder.objects.count() == 1


def test_a_due_day_moved_twice_at_once_is_refused_the_second_time(committee):
    campaign, _user = a_campaign_of(committee)
    revision = events.revision_of_day(campaign, committee.caf)

    def move(days: int):
        return events.move_deadline(
            campaign, committee.caf, due_on=later() + datetime.timedelta(days=days),
            revision=revision, by=committee.coordinator,
        )  # fmt: skip

    first, second = at_once(lambda: move(1), lambda: move(2))
    assert first.due_on == later() + datetime.timedelta(days=1)
    assert isinstance(second, Refused)
    assert campaign.campaign_indicators.get().due_on == first.due_on


def test_a_day_moves_while_figures_are_given(committee):
    campaign, user = a_campaign_of(committee)
    [entry] = campaign.campaign_indicators.all()
    save_value(entry, Figure(number=401), by=user)
    sent, moved = at_once(
        lambda: submit_values([entry], by=user),
        lambda: events.move_deadline(
            campaign, committee.caf, due_on=later(), by=committee.coordinator
        ),
    )
    assert len(sent.sent) == 1
    assert moved.due_on == later()


def test_a_figure_saved_first_stays_when_the_year_before_is_taken_over(committee):
    indicator = indicator_in_force(committee)
    before = campaign_of(committee, 2023, [indicator], state=CampaignState.CLOSED)
    given_value(before, indicator, absence="not_applicable", reason="Aucun foyer")
    campaign = campaign_of(committee, 2024, [indicator])
    user = MembershipFactory(organisation=committee.caf).user
    [entry] = campaign.campaign_indicators.all()
    saved, refused = at_once(
        lambda: save_value(entry, Figure(number=12), by=user),
        lambda: take_over([entry], by=user),
    )
    assert isinstance(refused, Refused)
    assert value_of(entry) == saved
    assert value_of(entry).number == 12


def test_two_clocks_write_one_message_of_two_conventions(committee):
    campaign, user = a_campaign_of(committee)
    events.remind(campaign, [committee.caf], "Bonjour", by=committee.coordinator)
    Notice.objects.exclude(kind="figures_recalled").delete()
    assert sorted(at_once(send_due_mail, send_due_mail)) == [0, 1]
    assert Notice.objects.to(user).known().count() == 1
