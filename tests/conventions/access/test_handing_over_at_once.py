"""An access passes on and ends at the same moment, on PostgreSQL."""

import pytest

from accounts.events import anonymise
from accounts.models import Invitation
from conventions.access import events
from conventions.models import Membership, MembershipOffer
from ctg_portal.rules import Refused
from tests import factories as f
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL


@pytest.fixture
def access():
    return f.MembershipFactory()


@pytest.fixture
def successor():
    return f.UserFactory()


@pytest.fixture
def invitation(access, successor):
    return events.hand_over(access, email=successor.email, by=access.user)[0]


def test_access_is_offered_to_two_people_at_once_but_to_one(access):
    def hand_over(email):
        return events.hand_over(access, email=email, by=None)

    _, refused = at_once(lambda: hand_over("a@caf.example"), lambda: hand_over("b@caf.example"))
    assert isinstance(refused, Refused)
    assert "déjà proposée à a@caf.example" in refused.refusal.reason
    assert MembershipOffer.objects.count() == 1


def test_access_that_ends_first_is_not_passed_on(access, successor, invitation):
    done, refused = at_once(
        lambda: events.end_membership(access, by=access.user),
        lambda: events.accept(invitation, by=successor),
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert "ne vaut plus" in refused.refusal.reason
    assert not Membership.objects.active().exists()


def test_access_that_is_passed_on_first_has_ended(access, successor, invitation):
    _, refused = at_once(
        lambda: events.accept(invitation, by=successor),
        lambda: events.end_membership(access, by=access.user),
    )
    assert isinstance(refused, Refused)
    assert refused.refusal.reason == "Cet accès est déjà terminé."
    assert Membership.objects.active().get().user == successor


def test_handing_over_is_cancelled_while_the_access_ends(access, invitation):
    done, refused = at_once(
        lambda: events.end_membership(access, by=access.user),
        lambda: events.revoke_offer(invitation.offers.get(), by=None),
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert Invitation.objects.get().revoked_at is not None


def test_access_ends_while_its_handing_over_is_cancelled(access, invitation):
    outcomes = at_once(
        lambda: events.revoke_offer(invitation.offers.get(), by=None),
        lambda: events.end_membership(access, by=access.user),
    )
    assert outcomes == [None, None]


def test_two_coordinators_whose_accounts_are_erased_at_once_do_not_leave_none():
    one = f.MembershipFactory(coordinator=True)
    two = f.MembershipFactory(convention=one.convention, coordinator=True)
    done, refused = at_once(
        lambda: anonymise(one.user, by=None), lambda: anonymise(two.user, by=None)
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert list(Membership.objects.active()) == [two]
