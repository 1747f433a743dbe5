"""Who may do what with accesses: each question, each answer."""

import datetime

from accounts.rights import may_anonymise
from conventions.access import rights
from conventions.models import Membership, MembershipOffer
from tests import factories as f

COORDINATION_ONLY = "Seule la coordination de la convention peut le faire."
KEEP_ONE = (
    "Une convention garde au moins une personne à la coordination : invitez d’abord une autre "
    "personne à ce rôle."
)


def reason(refusal):
    return refusal and refusal.reason


# Rights --------------------------------------------------------------------------------------


def test_coordinator_and_system_manage_access(convention, coordinator):
    assert rights.may_manage_access(coordinator.user, convention) is None
    assert rights.may_manage_access(None, convention) is None


def test_only_coordinator_and_system_manage_access(convention, coordinator, agent, stranger):
    reader = f.MembershipFactory(convention=convention, reader=True).user
    former = f.MembershipFactory(convention=convention, coordinator=True, ended=True).user
    operator = f.UserFactory(is_superuser=True)
    for user in (agent.user, reader, former, stranger, operator, f.UserFactory()):
        assert reason(rights.may_manage_access(user, convention)) == COORDINATION_ONLY
        assert not rights.coordinates(user, convention)


def test_coordinator_and_system_end_any_access(agent, coordinator):
    assert rights.may_end_membership(coordinator.user, agent) is None
    assert rights.may_end_membership(None, agent) is None


def test_the_last_coordinator_is_not_ended_whoever_asks(convention, coordinator):
    f.MembershipFactory(convention=convention, coordinator=True, ended=True)
    f.MembershipFactory(coordinator=True)
    for asker in (coordinator.user, None):
        assert reason(rights.may_end_membership(asker, coordinator)) == KEEP_ONE


def test_each_of_two_coordinators_may_leave_or_be_ended(convention, coordinator):
    second = f.MembershipFactory(convention=convention, coordinator=True)
    for asker in (coordinator.user, second.user, None):
        assert rights.may_end_membership(asker, coordinator) is None


def test_coordinator_leaves_another_role_at_will(coordinator):
    other = f.MembershipFactory(
        user=coordinator.user, organisation=coordinator.organisation, reader=True
    )
    assert rights.may_end_membership(coordinator.user, other) is None


def test_account_that_alone_coordinates_is_not_erased(convention, coordinator):
    expected = (
        "Personne d’autre que vous ne coordonne « Vallée » : invitez d’abord une autre personne à "
        "ce rôle."
    )
    assert reason(may_anonymise(coordinator.user, coordinator.user)) == expected
    assert reason(may_anonymise(None, coordinator.user)) == expected


def test_account_is_erased_when_somebody_else_coordinates(convention, coordinator, agent):
    f.MembershipFactory(convention=convention, coordinator=True)
    former = f.MembershipFactory(coordinator=True, ended=True).user
    for user in (coordinator.user, agent.user, former):
        assert may_anonymise(user, user) is None


def test_account_is_not_erased_while_one_of_its_conventions_would_lose_it(convention, coordinator):
    f.MembershipFactory(convention=convention, coordinator=True)
    alone = f.MembershipFactory(user=coordinator.user, coordinator=True)
    refusal = may_anonymise(coordinator.user, coordinator.user)
    assert alone.convention.territory in refusal.reason


def test_account_that_coordinates_twice_alone_is_not_erased(convention, coordinator):
    f.MembershipFactory(user=coordinator.user, convention=convention, coordinator=True)
    assert "Personne d’autre que vous" in may_anonymise(None, coordinator.user).reason


# Rows -----------------------------------------------------------------------------------------


def test_accesses_are_listed_by_party_then_name(convention):
    other = f.OrganisationFactory(convention=convention, acronym="A")
    caf = f.PartyFactory(organisation__convention=convention, rank=1).organisation
    expected = [
        f.MembershipFactory(organisation=caf, user__last_name="Bernard"),
        f.MembershipFactory(organisation=caf, user__last_name="Morin"),
        f.MembershipFactory(organisation=other, user__last_name="Abel"),
    ]
    f.MembershipFactory()
    accesses = Membership.objects.of(convention)
    assert list(accesses.by_organisation()) == expected
    assert expected[0].convention == convention


def test_pending_offers_are_neither_accepted_nor_revoked(convention):
    past = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    waiting = f.MembershipOfferFactory(organisation__convention=convention)
    expired = f.MembershipOfferFactory(
        organisation__convention=convention, invitation__email="b@caf.example"
    )
    type(expired.invitation).objects.filter(pk=expired.invitation_id).update(
        created_at=past - datetime.timedelta(days=14), expires_at=past
    )
    f.MembershipOfferFactory(organisation__convention=convention, invitation__revoked=True)
    user = f.UserFactory()
    f.MembershipOfferFactory(
        organisation__convention=convention,
        invitation__accepted_by=user,
        invitation__accepted_at=past,
    )
    offers = MembershipOffer.objects.of(convention)
    assert set(offers.pending()) == {waiting, expired}
    assert list(offers.expired()) == [expired]
    assert list(offers.expired().by_address({convention.pk})) == [(convention.pk, "b@caf.example")]
    assert list(offers.pending().by_invitation()) == [waiting, expired]
