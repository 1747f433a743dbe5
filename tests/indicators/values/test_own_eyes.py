"""Nobody gives themselves another organisation's eyes: what an access that does not count shows."""

import pytest
from django.utils import timezone

from conventions.access import events as access
from conventions.models import AppointmentState, Membership, Organisation
from ctg_portal.rules import Refused
from indicators.collection.events import close_campaign, reopen_campaign
from indicators.collection.rights import contributor_of
from indicators.collection.tasks import campaign_tasks
from indicators.models import Campaign, Value, ValueState
from indicators.values import events, giving, rights
from indicators.values.figure import Figure
from indicators.values.taking_over import take_over
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, indicator_in_force, later
from tests.indicators.values.entering import entry_url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    committee = committee_of()
    committee.caf.masking_threshold = 5
    committee.caf.save()
    return committee


@told_once
def agent(committee):
    return f.MembershipFactory(organisation=committee.caf)


@told_once
def entry(committee):
    indicator = indicator_in_force(committee, is_confidential=True)
    return campaign_of(committee, 2024, [indicator]).campaign_indicators.get()


@told_once
def value(entry, agent):
    """Two households, that four eyes of the Caf alone may count."""
    events.save_value(entry, Figure(number=2), by=agent.user)
    return giving.submit_values([entry], by=agent.user).sent[0]


def shown(client, user, entry) -> str:
    client.force_login(user)
    return page_of(client.get(entry_url(entry.campaign, f"{entry.pk}/")))


def sees(user, entry) -> bool:
    return contributor_of(user, entry.campaign.convention).reads_raw(entry)


def test_the_coordinator_who_lets_herself_in_reads_what_is_masked(client, committee, value, entry):
    invitation, _ = access.invite(
        email=committee.coordinator.email, organisation=committee.caf, roles=["reader"],
        by=committee.coordinator,
    )  # fmt: skip
    access.accept(invitation, by=committee.coordinator)
    assert not sees(committee.coordinator, entry)
    assert "secret" in shown(client, committee.coordinator, entry)
    with pytest.raises(Refused, match="n’agit pas pour"):
        access.invite(
            email=committee.coordinator.email, organisation=committee.caf, roles=["contributor"],
            by=committee.coordinator,
        )  # fmt: skip


@pytest.mark.parametrize("state", [AppointmentState.PENDING, AppointmentState.SUSPENDED])
def test_who_is_suspended_or_pending_leaves_no_figures_open(committee, agent, value, entry, state):
    Membership.objects.filter(pk=agent.pk).update(state=state)
    asker = contributor_of(committee.coordinator, committee.convention)
    assert not asker.enters_on_behalf(entry)
    assert not asker.reads_raw(entry)
    assert not contributor_of(agent.user, committee.convention).may_contribute


def test_the_end_of_an_access_opens_no_figure_that_another_provides(client, committee, value):
    """An association without a rule enters a figure of the Caf: its last agent is sent away."""
    asso = f.OrganisationFactory(convention=committee.convention)
    agent = f.MembershipFactory(organisation=asso)
    protected, plain = (
        indicator_in_force(committee, title=title, enterer=asso, is_confidential=title == "Gardé")
        for title in ("Gardé", "Ouvert")
    )
    campaign = campaign_of(committee, 2023, [protected, plain])
    entries = [campaign.campaign_indicators.get(indicator=one) for one in (protected, plain)]
    for entry in entries:
        events.save_value(entry, Figure(number=2), by=agent.user)
        giving.submit_values([entry], by=agent.user)
    access.end_membership(agent, by=committee.coordinator)
    masked, open_one = entries
    assert not sees(committee.coordinator, masked)
    assert "secret" in shown(client, committee.coordinator, masked)
    with pytest.raises(Refused, match="secret statistique"):
        events.save_value(masked, Figure(number=3), by=committee.coordinator)
    assert not sees(committee.coordinator, open_one)  # it is of the Caf as well
    desk = page_of(client.get(entry_url(campaign, f"?pour={asso.pk}")))
    assert "Ouvert" not in desk
    assert "Gardé" not in desk


def test_a_rule_that_is_lifted_opens_no_closed_year_to_who_takes_over(
    committee, agent, entry, value
):
    close_campaign(entry.campaign, by=committee.coordinator)
    Membership.objects.filter(organisation=committee.caf).update(ended_at=timezone.now())
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=None)
    closed = type(entry).objects.with_relations().get(pk=entry.pk)
    asker = contributor_of(committee.coordinator, committee.convention)
    assert asker.enters_for(closed.enterer)
    assert not sees(committee.coordinator, closed)


def test_a_rule_that_is_lifted_opens_nothing_to_who_reopens_the_year(
    client, committee, agent, entry, value
):
    """The coordinator did not lift the rule: she gives and reads no figure in the Caf's stead, and
    none is left for her to give."""
    her = committee.coordinator
    close_campaign(entry.campaign, by=her)
    Membership.objects.filter(organisation=committee.caf).update(ended_at=timezone.now())
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=None)
    campaign = Campaign.objects.get(pk=entry.campaign_id)
    reopen_campaign(campaign, due_on=later(), reason="Une erreur.", by=her)
    opened = type(entry).objects.with_relations().get(pk=entry.pk)
    asker = contributor_of(her, committee.convention)
    assert not sees(her, opened)
    assert rights.may_enter(asker, opened) is not None
    assert "secret" in shown(client, her, opened)
    Value.objects.filter(pk=value.pk).update(state=ValueState.RETURNED)
    tasks = campaign_tasks(her, [committee.convention], entry.due_on)[committee.convention.pk]
    assert not any("pour le compte" in task.title for task in tasks)
    assert any("par un lien de saisie" in task.title for task in tasks)


TOLD = "Exactement deux foyers"


@pytest.mark.parametrize("figure", [Figure(number=2, comment=TOLD),
                                    Figure(absence="not_applicable", reason=TOLD)])  # fmt: skip
def test_texts_beside_a_protected_figure_are_not_taken_over_into_another_year(
    client, committee, agent, entry, figure
):
    """What is written beside a protected figure is its provider's, as the figure is."""
    events.save_value(entry, figure, by=agent.user)
    giving.submit_values([entry], by=agent.user)
    close_campaign(entry.campaign, by=committee.coordinator)
    open_year = campaign_of(committee, 2025, [entry.indicator])
    Membership.objects.filter(organisation=committee.caf).update(ended_at=timezone.now())
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=None)
    client.force_login(committee.coordinator)
    desk = page_of(client.get(entry_url(open_year, f"?pour={committee.caf.pk}")))
    assert entry.indicator.title in desk
    assert "Reprendre de 2024" not in desk
    asked = open_year.campaign_indicators.with_relations()
    with pytest.raises(Refused, match="rien à reprendre"):
        take_over(asked, by=committee.coordinator)


def test_the_coordinator_reads_no_text_that_its_people_had_taken_over(
    client, committee, agent, entry
):
    events.save_value(entry, Figure(number=2, comment=TOLD), by=agent.user)
    giving.submit_values([entry], by=agent.user)
    close_campaign(entry.campaign, by=committee.coordinator)
    open_year = campaign_of(committee, 2025, [entry.indicator])
    take_over(open_year.campaign_indicators.with_relations(), by=agent.user)
    pk = open_year.campaign_indicators.get().pk
    client.force_login(agent.user)
    assert TOLD in page_of(client.get(entry_url(open_year)))
    Membership.objects.filter(organisation=committee.caf).update(ended_at=timezone.now())
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=None)
    client.force_login(committee.coordinator)
    assert TOLD not in page_of(client.get(entry_url(open_year, f"?pour={committee.caf.pk}")))
    assert TOLD not in page_of(client.get(entry_url(open_year, f"{pk}/")))


def test_the_coordinator_enters_for_an_organisation_whose_only_access_awaits_a_word(committee):
    f.MembershipFactory(organisation=committee.epci, pending=True)
    other = f.OrganisationFactory(convention=committee.convention)
    f.MembershipFactory(organisation=other, pending=True)
    asker = contributor_of(committee.coordinator, committee.convention)
    assert asker.stands_in_for(other)
    assert asker.organisations == {committee.epci.pk}


@pytest.mark.parametrize(("trait", "why"), [("pending", "à confirmer par"),
                                            ("suspended", "est suspendu")])  # fmt: skip
def test_who_may_not_enter_yet_reads_why(client, committee, entry, trait, why):
    newcomer = f.MembershipFactory(organisation=committee.caf, **{trait: True}).user
    client.force_login(newcomer)
    assert why in page_of(client.get(entry_url(entry.campaign)))
    client.force_login(f.MembershipFactory(organisation=committee.caf).user)
    assert why not in page_of(client.get(entry_url(entry.campaign)))


# What a suspension and a gap open ---------------------------------------------------------------


def suspend(agent, *, by):
    access.suspend_person(agent.user, agent.organisation, by=by)


@pytest.mark.parametrize("send_away", [suspend, access.end_membership])
def test_nobody_is_alone_with_the_drafts_of_whom_they_sent_away(
    client, committee, campaign_of_asso, send_away
):
    """The association has no secrecy rule; the coordinator suspends its last agent, or ends the
    access."""
    entry, agent = campaign_of_asso
    send_away(agent, by=committee.coordinator)
    asker = contributor_of(committee.coordinator, committee.convention)
    draft = Value.objects.get(campaign_indicator=entry)
    assert asker.is_kept_from(entry, draft)
    assert "4321" not in shown(client, committee.coordinator, entry).replace("\u202f", "")
    desk = page_of(client.get(entry_url(entry.campaign, f"?pour={entry.enterer_id}")))
    assert "4321" not in desk.replace("\u202f", "")
    with pytest.raises(Refused, match="n’est pas reprise à sa place"):
        events.save_value(entry, Figure(number=3), by=committee.coordinator)
    # Its people find it as they left it.
    heir = f.MembershipFactory(organisation=entry.enterer).user
    assert not contributor_of(heir, committee.convention).is_kept_from(entry, draft)


@pytest.fixture
def campaign_of_asso(committee):
    asso = f.OrganisationFactory(convention=committee.convention)
    agent = f.MembershipFactory(organisation=asso)
    indicator = indicator_in_force(committee, enterer=asso, provider=asso)
    entry = campaign_of(committee, 2023, [indicator]).campaign_indicators.get()
    events.save_value(entry, Figure(number=4321), by=agent.user)
    return entry, agent


def test_a_suspension_leaves_the_organisation_its_figures(committee, campaign_of_asso):
    entry, agent = campaign_of_asso
    suspend(agent, by=committee.coordinator)
    asker = contributor_of(committee.coordinator, committee.convention)
    assert not asker.stands_in_for(entry.enterer)
    assert not asker.is_asked(entry)
