"""A year's collection: prepared, opened, closed, opened again."""

import datetime

import pytest

from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from evaluation.writing.events import write_narrative
from indicators.collection import events
from indicators.models import Campaign, CampaignState
from indicators.values.events import save_value
from indicators.values.figure import Figure
from indicators.values.giving import submit_values
from tests.agreements import clock
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.factories import (
    association,
    campaign_of,
    indicator_in_force,
    proposed_indicator,
    redefine,
    value_of,
    version_of,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("in_january_2025"),
    pytest.mark.postgresql,
]
JUNE = datetime.date(2025, 6, 15)


def prepared(committee, **fields):
    return events.prepare_campaign(
        committee.convention, 2024, due_on=JUNE, by=committee.coordinator, **fields
    )


def opened(committee):
    return events.open_campaign(prepared(committee), by=committee.coordinator)


def test_a_campaign_is_prepared_once_a_year(committee):
    campaign = prepared(committee, message="Bonjour\r\nà tous")
    assert (campaign.state, campaign.message) == (CampaignState.PREPARED, "Bonjour\nà tous")
    assert [(s.to_state, s.by_name) for s in campaign.transitions.all()] == [
        ("prepared", str(committee.coordinator))
    ]
    with pytest.raises(Refused, match="2024 existe déjà"):
        prepared(committee)


@pytest.mark.parametrize("is_fictional", [True, False])
def test_a_year_beside_fictional_ones_is_fictional(committee, is_fictional):
    campaign_of(committee, 2023)
    committee.convention.campaigns.update(is_fictional=is_fictional)
    assert prepared(committee).is_fictional == is_fictional


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (1995, "couvre de 2019 à 2033 : 1995 n’est pas une de ses années"),
        (2018, "2018 n’est pas une de ses années"),
        (2034, "Une prolongation par avenant"),
        (2026, "ne peuvent être attendues avant 2026"),
    ],
)
def test_a_year_that_the_term_does_not_touch_is_refused(committee, year, expected):
    with pytest.raises(Refused, match=expected):
        events.prepare_campaign(committee.convention, year, due_on=JUNE, by=committee.coordinator)


def test_a_convention_that_was_prolonged_has_more_years(committee):
    committee.convention.end = datetime.date(2035, 3, 31)
    committee.convention.save()
    day = datetime.date(2036, 6, 1)
    campaign = events.prepare_campaign(
        committee.convention, 2035, due_on=day, by=committee.coordinator
    )
    assert campaign.year == 2035


def test_nobody_is_late_the_day_a_collection_opens(committee):
    indicator_in_force(committee)
    campaign = prepared(committee)
    with clock.on(JUNE + clock.days(1)), pytest.raises(Refused, match="juin 2025 est passée"):
        events.open_campaign(campaign, by=committee.coordinator)
    campaign = events.open_campaign(campaign, by=committee.coordinator)
    edit = {"message": "", "by": committee.coordinator}
    with pytest.raises(Refused, match="est passée"):
        events.edit_campaign(campaign, due_on=datetime.date(2025, 1, 9), **edit)
    with clock.on(JUNE + clock.days(1)):  # what stands may have passed
        events.edit_campaign(campaign, due_on=JUNE, message="Vite", by=committee.coordinator)


# A collection of the wrong year -----------------------------------------------------------------


def test_an_empty_collection_becomes_that_of_another_year(committee):
    indicator_in_force(committee, available_month=7)
    campaign = opened(committee)
    day = datetime.date(2025, 3, 1)
    campaign = events.change_year(campaign, 2023, due_on=day, by=committee.coordinator)
    assert (campaign.year, campaign.due_on) == (2023, day)
    assert campaign.campaign_indicators.get().due_on == datetime.date(2025, 3, 1)
    step = campaign.transitions.last()
    assert (step.verb, step.from_state, step.to_state) == ("year_changed", "open", "open")
    assert step.reason == "2024 devient 2023 ; données attendues pour le 1er\u00a0mars 2025."
    campaign_of(committee, 2022)
    for year, reason in ((2022, "2022 existe déjà"), (1995, "n’est pas une de ses années")):
        with pytest.raises(Refused, match=reason):
            events.change_year(campaign, year, due_on=day, by=committee.coordinator)
    assert Campaign.objects.for_year(2023).get() == campaign


def test_an_empty_collection_is_cancelled_and_its_year_prepared_again(committee):
    indicator_in_force(committee)
    campaign = opened(committee)
    entry = campaign.campaign_indicators.get()
    events.cancel_campaign(campaign, by=committee.coordinator)
    assert not Campaign.objects.exists()
    cancelled = Campaign.with_cancelled.get()
    assert [step.verb for step in cancelled.transitions.all()] == [
        "prepared",
        "opened",
        "cancelled",
    ]
    contributor = MembershipFactory(organisation=committee.caf).user
    with pytest.raises(Refused, match="a été annulé"):
        save_value(entry, Figure(number=410), by=contributor)
    assert opened(committee).pk != campaign.pk


def test_a_collection_that_holds_a_value_or_is_evaluated_stays(committee):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    acts = (
        lambda: events.cancel_campaign(campaign, by=committee.coordinator),
        lambda: events.change_year(campaign, 2023, due_on=JUNE, by=committee.coordinator),
    )
    write_narrative(committee.orientation.theme, 2024, "Bien", revision=0, by=committee.coordinator)
    for act in acts:
        with pytest.raises(Refused, match="l’évaluation de cette année est commencée"):
            act()
    contributor = MembershipFactory(organisation=committee.caf).user
    save_value(campaign.campaign_indicators.get(), Figure(number=410), by=contributor)
    for act in acts:
        with pytest.raises(Refused, match="contient déjà des données"):
            act()
    with pytest.raises(Refused, match="coordination"):
        events.cancel_campaign(campaign, by=contributor)
    events.close_campaign(campaign, by=committee.coordinator)
    for act in acts:
        with pytest.raises(Refused, match="est clos"):
            act()


def test_opening_freezes_what_is_in_force(committee):
    enterer = association(committee)
    indicator = indicator_in_force(committee, enterer=enterer, available_month=7)
    plain = indicator_in_force(committee)
    proposed_indicator(committee)
    frozen = version_of(indicator)
    campaign = opened(committee)
    entries = {entry.indicator_id: entry for entry in campaign.campaign_indicators.all()}
    assert entries.keys() == {indicator.pk, plain.pk}
    entry = entries[indicator.pk]
    assert (entry.version, entry.provider, entry.enterer) == (frozen, committee.caf, enterer)
    assert entry.due_on == datetime.date(2025, 8, 31)
    assert entries[plain.pk].enterer == committee.caf
    assert entries[plain.pk].due_on == JUNE
    redefine(committee, indicator, definition="Autre chose")
    entry.refresh_from_db()
    assert entry.version.content["definition"] == "Places agréées au 31 décembre."


def test_nothing_in_force_is_not_opened(committee):
    proposed_indicator(committee)
    campaign = prepared(committee)
    with pytest.raises(Refused, match="Aucun indicateur"):
        events.open_campaign(campaign, by=committee.coordinator)
    campaign.refresh_from_db()
    assert campaign.is_prepared


def test_a_campaign_is_opened_once(committee):
    indicator_in_force(committee)
    campaign = opened(committee)
    with pytest.raises(Refused, match="déjà été ouvert"):
        events.open_campaign(campaign, by=committee.coordinator)


def test_an_indicator_agreed_since_is_added_once(committee):
    indicator_in_force(committee)
    campaign = opened(committee)
    late = indicator_in_force(committee, title="Ateliers")
    entry = events.add_to_campaign(campaign, late, by=committee.coordinator)
    assert entry.version == version_of(late)
    assert events.add_to_campaign(campaign, late, by=committee.coordinator) == entry
    proposed = proposed_indicator(committee).subject
    with pytest.raises(Refused, match="en vigueur"):
        events.add_to_campaign(campaign, proposed, by=committee.coordinator)
    events.close_campaign(campaign, by=committee.coordinator)
    with pytest.raises(Refused, match="clos"):
        events.add_to_campaign(campaign, late, by=committee.coordinator)


def test_an_indicator_of_another_convention_is_not_added(committee):
    indicator_in_force(committee)
    campaign = opened(committee)
    foreign = indicator_in_force(committee_of())
    with pytest.raises(Refused, match="en vigueur"):
        events.add_to_campaign(campaign, foreign, by=committee.coordinator)


def test_closing_tells_what_it_leaves_aside(committee):
    indicators = [indicator_in_force(committee, title=title) for title in "abcd"]
    campaign = campaign_of(committee, 2024, indicators)
    value_of(campaign, indicators[0], 1)
    value_of(campaign, indicators[1], 2, state="draft")
    value_of(campaign, indicators[2], 3, state="returned")
    closing = events.close_campaign(campaign, by=committee.coordinator)
    assert (closing.not_given, closing.without) == (2, 1)
    assert closing.campaign.is_closed
    with pytest.raises(Refused, match="pas ouvert"):
        events.close_campaign(campaign, by=committee.coordinator)


def test_reopening_makes_nobody_late(committee):
    campaign = campaign_of(committee, 2023, [indicator_in_force(committee)])
    again = {"reason": "Chiffres tardifs", "by": committee.coordinator}
    events.close_campaign(campaign, by=committee.coordinator)
    with pytest.raises(Refused, match="est passée"):
        events.reopen_campaign(campaign, due_on=datetime.date(2024, 6, 15), **again)
    events.reopen_campaign(campaign, due_on=JUNE, **again)
    assert campaign.campaign_indicators.get().due_on == JUNE


def test_reopening_takes_a_reason_and_drafts_go_on(committee):
    contributor = MembershipFactory(organisation=committee.caf).user
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    entry = campaign.campaign_indicators.get()
    save_value(entry, Figure(number=410), by=contributor)
    events.close_campaign(campaign, by=committee.coordinator)
    with pytest.raises(Refused, match="clos"):
        submit_values([entry], by=contributor)
    again = {"due_on": JUNE, "by": committee.coordinator}
    with pytest.raises(Refused, match="pourquoi"):
        events.reopen_campaign(campaign, reason="  ", **again)
    again = events.reopen_campaign(campaign, reason="Chiffres tardifs", **again)
    assert (again.is_open, again.due_on) == (True, JUNE)
    assert [step.reason for step in again.transitions.filter(verb="reopened")] == [
        "Chiffres tardifs"
    ]
    assert len(submit_values([entry], by=contributor).sent) == 1
    events.close_campaign(campaign, by=committee.coordinator)
    assert list(campaign.transitions.values_list("to_state", flat=True)) == [
        "closed",
        "reopened",
        "closed",
    ]


def test_another_day_moves_that_of_the_indicators(committee):
    indicators = [indicator_in_force(committee, available_month=month) for month in (None, 5)]
    campaign = opened(committee)
    day = datetime.date(2025, 7, 1)
    events.edit_campaign(campaign, due_on=day, message="Plus tard", by=committee.coordinator)
    due = dict(campaign.campaign_indicators.values_list("indicator", "due_on"))
    assert due == {indicators[0].pk: day, indicators[1].pk: day}
    step = campaign.transitions.last()
    assert (step.to_state, step.by, step.capacity) == (
        "open", committee.coordinator, "coordination"
    )  # fmt: skip
    assert step.reason == "Données attendues pour le 1er\u00a0juillet 2025."
    events.edit_campaign(
        campaign, due_on=datetime.date(2025, 4, 1), message="", by=committee.coordinator
    )
    entry = campaign.campaign_indicators.get(indicator=indicators[1])
    assert entry.due_on == datetime.date(2025, 6, 30)


def test_a_second_edit_of_the_same_revision_is_refused(committee):
    campaign = prepared(committee)
    edit = {"by": committee.coordinator, "revision": campaign.revision, "due_on": JUNE}
    events.edit_campaign(campaign, message="Le mien", **edit)
    with pytest.raises(Refused) as refused:
        events.edit_campaign(campaign, message="Le tien", **edit)
    assert isinstance(refused.value.refusal, Rewritten)
    events.edit_campaign(campaign, message="Le mien", **edit)  # the same text again is no matter
    campaign.refresh_from_db()
    assert campaign.message == "Le mien"


@pytest.mark.parametrize("who", ["caf_member", "contributor", "stranger"])
def test_only_the_coordinator_manages(committee, who):
    people = {
        "caf_member": committee.caf_member,
        "contributor": MembershipFactory(organisation=committee.epci).user,
        "stranger": committee_of().coordinator,
    }
    indicator_in_force(committee)
    campaign = prepared(committee)
    for act in (
        lambda by: prepared_by(committee, by),
        lambda by: events.edit_campaign(campaign, due_on=JUNE, message="x", by=by),
        lambda by: events.open_campaign(campaign, by=by),
    ):
        with pytest.raises(Refused, match="coordination"):
            act(people[who])
    events.open_campaign(campaign, by=None)
    with pytest.raises(Refused, match="coordination"):
        events.close_campaign(campaign, by=people[who])


def prepared_by(committee, by):
    return events.prepare_campaign(
        committee.convention, 2023, due_on=datetime.date(2024, 6, 1), by=by
    )
