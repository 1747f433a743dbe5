"""Who may do what with values and collections: one question, one answer."""

import pytest
from django.utils import timezone

from conventions.models import Membership, Organisation
from indicators.collection import rights as collection_rights
from indicators.models import CampaignState, Value
from indicators.values import rights as values_rights
from indicators.values.giving import verify_value
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory, OrganisationFactory
from tests.indicators.factories import association, campaign_of, indicator_in_force, value_of

pytestmark = pytest.mark.django_db


class Stage:
    """The Caf provides, an association without account enters one of two figures."""

    def __init__(self):
        self.committee = committee = committee_of()
        caf = committee.caf
        self.people = {
            "system": None,
            "agent": MembershipFactory(organisation=caf).user,
            "colleague": MembershipFactory(organisation=caf).user,
            "coordinator": committee.coordinator,
            "other": MembershipFactory(organisation=committee.epci).user,
            "reader": MembershipFactory(organisation=caf, reader=True).user,
            "former": MembershipFactory(organisation=caf, ended=True).user,
            "stranger": committee_of().coordinator,
        }
        self.own = indicator_in_force(committee)
        self.behalf = indicator_in_force(committee, title="b", enterer=association(committee))
        self.campaign = campaign_of(committee, 2024, [self.own, self.behalf])

    def entry(self, indicator):
        entry = self.campaign.campaign_indicators.with_relations().get(indicator=indicator)
        entry.campaign = self.campaign
        return entry

    def asker(self, who):
        user = self.people[who]
        return user and collection_rights.contributor_of(user, self.committee.convention)

    def allowed(self, may, *args) -> set[str]:
        return {who for who in self.people if may(self.asker(who), *args) is None}


@pytest.fixture
def stage():
    return Stage()


def test_contributors_enter_their_own_and_the_coordinator_for_others(stage):
    assert stage.allowed(values_rights.may_enter, stage.entry(stage.own)) == {
        "system", "agent", "colleague", "coordinator",
    }  # fmt: skip
    assert stage.allowed(values_rights.may_enter, stage.entry(stage.behalf)) == {
        "system",
        "coordinator",
    }


def test_with_an_account_there_the_coordinator_still_enters_and_is_not_asked(stage):
    entry = stage.entry(stage.behalf)
    there = MembershipFactory(organisation=entry.enterer).user
    assert stage.allowed(values_rights.may_enter, entry) == {"system", "coordinator"}
    asker = stage.asker("coordinator")
    assert not asker.is_asked(entry)
    assert not asker.reads_raw(entry)
    stage.campaign.state = CampaignState.CLOSED
    assert stage.allowed(values_rights.may_correct, stage.entry(stage.behalf)) == {"system"}
    draft = verifiable(stage, stage.behalf, state="draft", entered_by=there)
    assert "est corrigée par" in values_rights.may_attach(asker, draft).reason


def test_what_somebody_there_has_begun_is_theirs(stage):
    entry = stage.entry(stage.behalf)
    there = MembershipFactory(organisation=entry.enterer).user
    draft = verifiable(stage, stage.behalf, state="draft", entered_by=there)
    asker = stage.asker("coordinator")
    assert "a commencé cette saisie" in values_rights.may_write(asker, entry, draft).reason
    draft.is_on_behalf = True
    assert values_rights.may_write(asker, entry, draft) is None
    draft.is_on_behalf = False
    for state in ("submitted", "verified"):
        draft.state = state
        assert "retournez-la" in values_rights.may_write(asker, entry, draft).reason
    draft.state = "returned"
    assert values_rights.may_write(asker, entry, draft) is None


@pytest.mark.parametrize("rule", [{"masking_threshold": 5}, {"rounding_base": 5}])
@pytest.mark.parametrize("whose", ["enterer", "provider"])
@pytest.mark.parametrize("is_confidential", [True, False])
def test_the_coordinator_enters_nothing_of_an_organisation_with_a_rule(
    stage, rule, whose, is_confidential
):
    asso = OrganisationFactory(convention=stage.committee.convention)
    indicator = indicator_in_force(
        stage.committee, title="Gardé", is_confidential=is_confidential, **{whose: asso}
    )
    campaign = campaign_of(stage.committee, 2020, [indicator])
    entry = campaign.campaign_indicators.with_relations().get()
    assert values_rights.may_enter(stage.asker("coordinator"), entry) is None
    Organisation.objects.filter(pk=asso.pk).update(**rule)
    entry = campaign.campaign_indicators.with_relations().get()
    refusal = values_rights.may_enter(stage.asker("coordinator"), entry)
    assert "secret statistique" in refusal.reason
    assert not stage.asker("coordinator").reads_raw(entry)


def test_an_access_that_only_reads_is_no_account_that_enters(stage):
    entry = stage.entry(stage.behalf)
    MembershipFactory(organisation=entry.enterer, reader=True)
    assert "coordinator" in stage.allowed(values_rights.may_enter, entry)


@pytest.mark.parametrize(
    ("state", "enters", "corrects"),
    [
        (CampaignState.PREPARED, False, False),
        (CampaignState.OPEN, True, False),
        (CampaignState.CLOSED, False, True),
        (CampaignState.REOPENED, True, False),
    ],
)
def test_each_state_takes_values_or_corrections_or_nothing(stage, state, enters, corrects):
    stage.campaign.state = state
    entry = stage.entry(stage.own)
    assert (values_rights.may_enter(stage.asker("agent"), entry) is None) == enters
    assert (values_rights.may_correct(stage.asker("agent"), entry) is None) == corrects
    assert values_rights.may_correct(stage.asker("other"), entry) is not None


def verifiable(stage, indicator, **fields) -> Value:
    value = value_of(stage.campaign, indicator, 3, **fields)
    value.campaign_indicator = stage.entry(indicator)
    return value


def test_a_second_person_of_the_provider_verifies(stage):
    value = verifiable(stage, stage.own, entered_by=stage.people["agent"])
    assert stage.allowed(values_rights.may_verify, value) == {"system", "colleague"}
    behalf = verifiable(stage, stage.behalf, entered_by=stage.people["coordinator"])
    assert stage.allowed(values_rights.may_verify, behalf) == {"system", "agent", "colleague"}


def test_who_is_alone_verifies_what_they_typed(stage):
    """Somebody who only reads, or whose access has ended, is no second person."""
    value = verifiable(stage, stage.own, entered_by=stage.people["agent"])
    Membership.objects.get(user=stage.people["colleague"]).delete()
    assert stage.allowed(values_rights.may_verify, value) == {"system", "agent"}
    verify_value(value, by=stage.people["agent"])
    assert Value.objects.get(pk=value.pk).is_verified_by_own_hand


@pytest.mark.parametrize("state", ["draft", "returned", "verified"])
def test_only_what_is_submitted_is_verified(stage, state):
    moment = {"verified_at": timezone.now()} if state == "verified" else {}
    value = verifiable(stage, stage.own, state=state, **moment)
    assert stage.allowed(values_rights.may_verify, value) == set()
    returning = {"system", "agent", "colleague", "coordinator"} if state == "verified" else set()
    assert stage.allowed(values_rights.may_return, value) == returning


def test_nothing_of_a_closed_year_is_returned(stage):
    value = verifiable(stage, stage.own)
    stage.campaign.state = CampaignState.CLOSED
    assert stage.allowed(values_rights.may_return, value) == set()


def test_pieces_are_added_by_who_enters_and_read_by_the_coordinator_too(stage):
    value = verifiable(stage, stage.own)
    assert stage.allowed(values_rights.may_attach, value) == {"system", "agent", "colleague"}
    people = {who: stage.asker(who) for who in stage.people if who != "system"}
    entry = value.campaign_indicator
    readers = {
        who for who, c in people.items() if values_rights.may_read_evidence(c, entry) is None
    }
    assert readers == {"agent", "colleague", "coordinator"}
    assert {who for who, c in people.items() if c.reads_raw(entry)} == {"agent", "colleague"}
    behalf = stage.entry(stage.behalf)
    assert {who for who, c in people.items() if c.reads_raw(behalf)} == {
        "agent", "colleague", "coordinator",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (CampaignState.PREPARED, {"open", "edit_campaign"}),
        (CampaignState.OPEN, {"close", "edit_campaign", "add_to"}),
        (CampaignState.CLOSED, {"reopen"}),
        (CampaignState.REOPENED, {"close", "edit_campaign", "add_to"}),
    ],
)
def test_the_coordinator_does_what_the_state_allows_and_nobody_else(stage, state, verbs):
    stage.campaign.state = state
    for verb in ("open", "close", "reopen", "edit_campaign", "add_to"):
        may = getattr(collection_rights, f"may_{verb}")
        allowed = {who for who, user in stage.people.items() if may(user, stage.campaign) is None}
        assert allowed == ({"system", "coordinator"} if verb in verbs else set()), verb


def test_a_contributor_of_two_organisations_enters_for_both(stage):
    user = stage.people["other"]
    MembershipFactory(organisation=stage.committee.caf, user=user)
    contributor = stage.asker("other")
    assert contributor.organisations == {stage.committee.caf.pk, stage.committee.epci.pk}
    assert not contributor.coordinates
    assert values_rights.may_enter(contributor, stage.entry(stage.own)) is None


def test_who_a_contributor_is_takes_one_query(stage, django_assert_num_queries):
    with django_assert_num_queries(1):
        contributor = stage.asker("coordinator")
        assert contributor.coordinates
        assert contributor.may_contribute
    assert not stage.asker("reader").may_contribute


@pytest.mark.parametrize("rule", [{"masking_threshold": 5}, {"rounding_base": 5}])
def test_what_is_protected_is_not_the_coordinators_once_the_last_person_has_left(stage, rule):
    caf = stage.committee.caf
    entry = stage.entry(stage.own)
    Membership.objects.filter(organisation=caf).update(ended_at=timezone.now())
    assert "coordinator" in stage.allowed(values_rights.may_enter, entry)  # no rule: she takes over
    Organisation.objects.filter(pk=caf.pk).update(**rule)
    entry = type(entry).objects.with_relations().get(pk=entry.pk)
    assert stage.allowed(values_rights.may_enter, entry) == {"system"}
    assert not stage.asker("coordinator").reads_raw(entry)
    assert not stage.asker("agent").reads_raw(entry)
    assert caf.pk in stage.asker("coordinator").with_account
