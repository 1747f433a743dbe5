"""Nobody gives themselves another organisation's eyes: what an access that does not count shows."""

import pytest
from django.utils import timezone

from conventions.access import events as access
from conventions.models import AppointmentState, Membership, Organisation
from conventions.parties.events import give_address
from ctg_portal.rules import Refused
from indicators.collection.events import close_campaign, reopen_campaign
from indicators.collection.rights import contributor_of
from indicators.collection.tasks import campaign_tasks
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import Campaign, Value, ValueState
from indicators.values import events, giving, rights
from indicators.values.figure import Figure
from indicators.values.page import VerifyPage
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
    with pytest.raises(Refused, match="secret statistique"):
        access.invite(
            email=committee.coordinator.email, organisation=committee.caf, roles=["contributor"],
            by=committee.coordinator,
        )  # fmt: skip


def let_in(committee, agent):
    """The coordinator reads for the Caf as well, as somebody there has let her."""
    access.accept(
        invited(committee, committee.coordinator.email, "reader"), by=committee.coordinator
    )
    own = Membership.objects.get(user=committee.coordinator, organisation=committee.caf)
    access.confirm_access(own, by=agent.user)
    return own


def invited(committee, email, role):
    invitation, _ = access.invite(
        email=email, organisation=committee.caf, roles=[role], by=committee.coordinator
    )
    return invitation


def test_the_coordinator_let_in_to_read_lets_nobody_in_to_enter(committee, agent, value, entry):
    """An address of hers would read two households where she may not."""
    let_in(committee, agent)
    alias = f.UserFactory()
    access.accept(invited(committee, alias.email, "contributor"), by=alias)
    assert not sees(alias, entry)
    [theirs] = Membership.objects.filter(user=alias)
    with pytest.raises(Refused, match="celle qui a donné ou reçu cet accès"):
        access.confirm_access(theirs, by=committee.coordinator)
    access.confirm_access(theirs, by=agent.user)
    assert sees(alias, entry)


def test_nor_does_she_hand_over_confirm_or_give_the_address(committee, agent, value, entry):
    own = let_in(committee, agent)
    with pytest.raises(Refused, match="par une personne qui agit pour cet organisme"):
        give_address(committee.caf, email="moi@ailleurs.example", by=committee.coordinator)
    other = f.MembershipFactory(organisation=committee.caf, pending=True)
    with pytest.raises(Refused, match="par une personne de"):
        access.confirm_access(other, by=committee.coordinator)
    heir = f.UserFactory()
    invitation, _ = access.hand_over(own, email=heir.email, by=committee.coordinator)
    access.accept(invitation, by=heir)
    assert Membership.objects.get(user=heir).is_pending


def test_an_access_from_before_gives_her_no_eyes_once_there_is_a_rule(committee, value, entry):
    f.MembershipFactory(user=committee.coordinator, organisation=committee.caf)
    assert not sees(committee.coordinator, entry)
    tasks = campaign_tasks(committee.coordinator, [committee.convention], entry.due_on)
    assert not any("vérifier" in t.title for t in tasks.get(committee.convention.pk, []))
    committee.caf.masking_threshold = None
    committee.caf.save()
    entry = type(entry).objects.with_relations().get(pk=entry.pk)
    assert sees(committee.coordinator, entry)


def test_an_outside_address_that_was_handed_an_access_verifies_nothing(
    client, committee, agent, value, entry
):
    colleague = f.MembershipFactory(organisation=committee.caf)
    outside = f.UserFactory(email="ailleurs@outside.example")
    invitation, _ = access.hand_over(colleague, email=outside.email, by=committee.coordinator)
    access.accept(invitation, by=outside)
    asker = contributor_of(outside, committee.convention)
    assert rights.may_verify(asker, value) is not None
    assert rights.may_enter(asker, entry) is not None
    assert not asker.reads_raw(entry)
    with pytest.raises(Refused):
        giving.verify_value(value, by=outside)
    assert "secret" in shown(client, outside, entry)
    # Somebody of the Caf says who that is.
    access.confirm_access(Membership.objects.get(user=outside), by=agent.user)
    assert rights.may_verify(contributor_of(outside, committee.convention), value) is None


@pytest.mark.parametrize("state", [AppointmentState.PENDING, AppointmentState.SUSPENDED])
def test_an_objection_to_the_last_who_enters_opens_no_figures(
    committee, agent, value, entry, state
):
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
    for one in entries:
        events.save_value(one, Figure(number=2), by=agent.user)
        giving.submit_values([one], by=agent.user)
    access.end_membership(agent, by=committee.coordinator)
    kept, open_one = entries
    assert not sees(committee.coordinator, kept)
    assert "secret" in shown(client, committee.coordinator, kept)
    with pytest.raises(Refused, match="secret statistique"):
        events.save_value(kept, Figure(number=3), by=committee.coordinator)
    assert not sees(committee.coordinator, open_one)  # it is of the Caf as well
    desk = page_of(client.get(entry_url(campaign, f"?pour={asso.pk}")))
    assert "Ouvert" not in desk
    assert "Gardé" not in desk


def test_an_access_where_figures_of_others_are_entered_gives_who_coordinates_no_eyes(committee):
    asso = f.OrganisationFactory(convention=committee.convention)
    for user in (committee.coordinator, f.UserFactory()):
        agent = f.MembershipFactory(organisation=asso, user=user)
    indicator = indicator_in_force(committee, enterer=asso, is_confidential=True)
    entry = campaign_of(committee, 2023, [indicator]).campaign_indicators.get()
    assert sees(agent.user, entry)
    assert not sees(committee.coordinator, entry)
    committee.caf.masking_threshold = None
    committee.caf.save()
    entry = type(entry).objects.with_relations().get(pk=entry.pk)
    assert sees(committee.coordinator, entry)


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


def test_nor_to_who_opens_the_year_again(client, committee, agent, entry, value):
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
def test_nor_are_its_texts_taken_over_into_the_year_that_is_open(
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


def test_nor_what_its_people_had_taken_over_themselves(client, committee, agent, entry):
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


@pytest.mark.parametrize("changed", [{"masking_threshold": None},
                                     {"masking_threshold": None, "rounding_base": 5}])  # fmt: skip
@pytest.mark.parametrize("lays_down", [False, True])
@pytest.mark.parametrize("role", ["contributor", "reader"])
def test_nor_to_the_coordinator_whom_the_caf_let_in(
    client, committee, agent, entry, value, changed, lays_down, role
):
    """The rule that was frozen with the year counts, not that of today."""
    her, caf = committee.coordinator, Organisation.objects.filter(pk=committee.caf.pk)
    close_campaign(entry.campaign, by=her)
    committee.caf.masking_threshold = None
    committee.caf.save()
    access.accept(invited(committee, her.email, role), by=her)
    own = Membership.objects.get(user=her, organisation=committee.caf)
    if own.is_pending:
        access.confirm_access(own, by=agent.user)
    if lays_down:
        f.MembershipFactory(organisation=committee.epci, coordinator=True)
        for one in Membership.objects.filter(user=her, role="coordinator"):
            access.end_membership(one, by=her)
    caf.update(**changed)
    closed = type(entry).objects.with_relations().get(pk=entry.pk)
    asker = contributor_of(her, committee.convention)
    assert not asker.reads_raw(closed)
    assert not asker.enters(closed)
    assert rights.may_correct(asker, closed, value) is not None
    assert rights.may_read_evidence(asker, closed) is not None
    value = Value.objects.get(pk=value.pk)
    assert rights.may_verify(asker, value) is not None
    assert VerifyPage(closed.campaign, asker, entry.due_on).rows == []
    told = disclosed_by_commune([closed], asker)
    assert not told[closed.pk].is_raw
    assert "secret" in shown(client, her, closed)
    assert sees(agent.user, closed)


def test_what_was_open_to_all_in_a_closed_year_stays_so(committee, agent):
    """No rule held when it was closed, and none holds since."""
    her = committee.coordinator
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=None)
    indicator = indicator_in_force(committee, is_confidential=True)
    entry = campaign_of(committee, 2023, [indicator]).campaign_indicators.get()
    close_campaign(entry.campaign, by=her)
    f.MembershipFactory(user=her, organisation=committee.caf)
    assert sees(her, type(entry).objects.with_relations().get(pk=entry.pk))


def test_the_coordinator_enters_for_an_organisation_whose_only_access_awaits_a_word(committee):
    f.MembershipFactory(organisation=committee.epci, pending=True)
    other = f.OrganisationFactory(convention=committee.convention)
    f.MembershipFactory(organisation=other, pending=True)
    asker = contributor_of(committee.coordinator, committee.convention)
    assert asker.stands_in_for(other)
    assert asker.organisations == {committee.epci.pk}


@pytest.mark.parametrize(("trait", "why"), [("pending", "attend d’être confirmé par"),
                                            ("suspended", "est suspendu")])  # fmt: skip
def test_who_may_not_enter_yet_reads_why(client, committee, entry, trait, why):
    newcomer = f.MembershipFactory(organisation=committee.caf, **{trait: True}).user
    client.force_login(newcomer)
    assert why in page_of(client.get(entry_url(entry.campaign)))
    client.force_login(f.MembershipFactory(organisation=committee.caf).user)
    assert why not in page_of(client.get(entry_url(entry.campaign)))


# What an objection, a gap, an access of meanwhile open -------------------------------------------


@pytest.mark.parametrize("send_away", [access.object_to_access, access.end_membership])
def test_nobody_is_alone_with_the_drafts_of_whom_they_sent_away(
    client, committee, campaign_of_asso, send_away
):
    """The association has no secrecy rule; the coordinator objects to its last agent, or ends
    the access."""
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


def test_an_objection_leaves_the_organisation_its_figures(committee, campaign_of_asso):
    entry, agent = campaign_of_asso
    access.object_to_access(agent, by=committee.coordinator)
    asker = contributor_of(committee.coordinator, committee.convention)
    assert not asker.stands_in_for(entry.enterer)
    assert not asker.is_asked(entry)


def test_an_access_given_while_one_coordinated_elsewhere_gives_no_eyes_afterwards(
    committee, value, entry
):
    """The Caf had no rule then; she lays down, and would read two households."""
    her = committee.coordinator
    f.MembershipFactory(organisation=committee.epci, coordinator=True)
    f.MembershipFactory(user=her, organisation=committee.caf)
    for own in Membership.objects.filter(user=her, role="coordinator"):
        access.end_membership(own, by=her)
    assert not sees(her, entry)
    assert rights.may_verify(contributor_of(her, committee.convention), value) is not None
