"""An access passes to somebody else, or ends; a convention keeps its coordinator."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Invitation, User
from conventions.access import events
from conventions.models import Membership, MembershipOffer
from ctg_portal.rules import Refused
from tests import factories as f
from tests.conventions.conftest import roles_of
from tests.reading import on_one_line

IN_VAIN = "Cette invitation ne vaut plus : l’accès qu’elle transmettait a pris fin"
KEEP_ONE = "Une convention garde au moins une personne à la coordination"


def successor_of(membership):
    return f.UserFactory(email=f"suite-{membership.pk}@caf.example")


def is_active(membership) -> bool:
    return Membership.objects.active().filter(pk=membership.pk).exists()


def test_access_is_offered_to_the_successor_and_stays_meanwhile(agent, coordinator):
    invitation, token = events.hand_over(agent, email="Suite@caf.example", by=agent.user)
    offer = MembershipOffer.objects.get()
    assert invitation.email == "suite@caf.example"
    assert offer.replaces == agent
    assert (offer.organisation, offer.role) == (agent.organisation, "contributor")
    assert is_active(agent)
    message = mail.outbox[0]
    assert message.to == ["suite@caf.example"]
    assert f"https://ctg.example/invitation/{token}/" in message.body
    assert "Nadia Lefèvre vous invite" in message.body


def test_access_ends_when_the_successor_accepts(agent, coordinator):
    successor = successor_of(agent)
    invitation, _ = events.hand_over(agent, email=successor.email, by=agent.user)
    events.accept(invitation, by=successor)
    assert not is_active(agent)
    assert roles_of(successor) == {"contributor"}
    agent.refresh_from_db()
    assert agent.history.count() == 2


def test_successor_who_is_already_there_takes_over_all_the_same(agent, coordinator):
    colleague = f.MembershipFactory(organisation=agent.organisation).user
    invitation, _ = events.hand_over(agent, email=colleague.email, by=agent.user)
    events.accept(invitation, by=colleague)
    assert not is_active(agent)
    assert colleague.memberships.count() == 1


def test_successor_does_not_get_an_access_that_ended_meanwhile(agent, coordinator):
    successor = successor_of(agent)
    invitation, _ = events.hand_over(agent, email=successor.email, by=agent.user)
    events.end_membership(agent, by=coordinator.user)
    with pytest.raises(Refused, match=IN_VAIN):
        events.accept(invitation, by=successor)
    assert roles_of(successor) == set()


def test_access_that_ended_by_itself_is_not_given_by_a_link_left_open(agent, coordinator):
    """Whatever ended it: the link is refused even where nobody revoked it."""
    successor = successor_of(agent)
    invitation, _ = events.hand_over(agent, email=successor.email, by=agent.user)
    Membership.objects.filter(pk=agent.pk).update(ended_at=timezone.now())
    with pytest.raises(Refused, match=IN_VAIN):
        events.accept(invitation, by=successor)
    newcomer, _ = events.hand_over(coordinator, email="n@caf.example", by=None)
    Membership.objects.filter(pk=coordinator.pk).update(ended_at=timezone.now())
    with pytest.raises(Refused, match=IN_VAIN):
        events.accept_as_newcomer(newcomer, first_name="A", last_name="B", password="")
    assert not User.objects.filter(email="n@caf.example").exists()
    assert roles_of(successor) == set()


def test_access_that_ends_revokes_what_would_have_passed_it_on(agent, coordinator):
    passed_on, _ = events.hand_over(agent, email="suite@caf.example", by=agent.user)
    other, _ = events.hand_over(coordinator, email="b@caf.example", by=coordinator.user)
    events.end_membership(agent, by=agent.user)
    assert list(Invitation.objects.pending()) == [other]
    passed_on.refresh_from_db()
    assert passed_on.revoked_at is not None


def test_access_is_handed_over_once_then_again_after_a_refusal(agent, coordinator):
    invitation, _ = events.hand_over(agent, email="suite@caf.example", by=agent.user)
    with pytest.raises(Refused, match="déjà proposée à suite@caf"):
        events.hand_over(agent, email="autre@caf.example", by=agent.user)
    assert MembershipOffer.objects.count() == 1
    events.revoke_offer(invitation.offers.get(), by=agent.user)
    events.hand_over(agent, email="autre@caf.example", by=agent.user)
    assert MembershipOffer.objects.pending().get().invitation.email == "autre@caf.example"


def test_one_access_does_not_become_two(agent, coordinator):
    """Two links to one access, from before there could be only one: the first wins."""
    first, second = (
        f.MembershipOfferFactory(organisation=agent.organisation, replaces=agent) for _ in range(2)
    )
    one, two = (f.UserFactory(email=offer.invitation.email) for offer in (first, second))
    events.accept(first.invitation, by=one)
    with pytest.raises(Refused, match=IN_VAIN):
        events.accept(second.invitation, by=two)
    assert (roles_of(one), roles_of(two)) == ({"contributor"}, set())


def test_last_coordinator_hands_over_and_the_convention_keeps_one(coordinator, convention):
    successor = successor_of(coordinator)
    invitation, _ = events.hand_over(coordinator, email=successor.email, by=coordinator.user)
    events.accept(invitation, by=successor)
    (left,) = Membership.objects.active().of(convention).coordinators()
    assert left.user == successor


def test_coordinator_is_told_that_an_access_changes_hands(agent, coordinator):
    events.hand_over(agent, email="suite@caf.example", by=agent.user)
    _, told = mail.outbox
    assert told.to == ["coordination@vallee.example"]
    assert told.subject == "Accès transmis\u00a0: Nadia Lefèvre (Caf)"
    for version in (told.body, told.alternatives[0].content):
        assert "Nadia Lefèvre transmet son accès à la convention «\xa0Vallée\xa0»" in version
        assert "(contribution, Caf de la Vienne) à suite@caf.example" in version
        assert f"https://ctg.example/conventions/{agent.convention.slug}/acces/" in version


def test_coordinator_who_did_it_is_not_told_but_holder_and_colleagues_are(agent, coordinator):
    f.MembershipFactory(organisation=agent.organisation, user__email="collegue@caf.example")
    f.MembershipFactory(organisation=agent.organisation, pending=True)
    events.hand_over(agent, email="suite@caf.example", by=coordinator.user)
    sent = [message.to for message in mail.outbox]
    assert sent == [["suite@caf.example"], ["agent@caf.example"], ["collegue@caf.example"]]
    for version in (mail.outbox[1].body, on_one_line(mail.outbox[1].alternatives[0].content)):
        assert "Claire Morin transmet l’accès de Nadia Lefèvre" in version
        assert "Vous pourrez alors vous opposer au nouvel accès" in version
        assert "/acces/moi/" in version


def test_each_of_the_other_coordinators_is_told_once(agent, coordinator, convention):
    other = f.MembershipFactory(
        convention=convention, coordinator=True, user__email="b@vallee.example"
    )
    f.MembershipFactory(user=other.user, convention=convention, coordinator=True)
    f.MembershipFactory(convention=convention, coordinator=True, ended=True)
    f.MembershipFactory(coordinator=True)
    events.hand_over(agent, email="suite@caf.example", by=None)
    told = [message.to for message in mail.outbox[1:]]
    assert told == [
        ["agent@caf.example"], ["b@vallee.example"], ["coordination@vallee.example"]
    ]  # fmt: skip


def test_access_is_not_handed_over_to_oneself(agent, coordinator):
    with pytest.raises(Refused, match="Cette personne a déjà cet accès : indiquez quelqu’un"):
        events.hand_over(agent, email=agent.user.email.upper(), by=agent.user)
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_ended_access_is_not_handed_over(agent, coordinator):
    stale = Membership.objects.get(pk=agent.pk)
    events.end_membership(agent, by=agent.user)
    with pytest.raises(Refused, match="Cet accès est déjà terminé"):
        events.hand_over(stale, email="suite@caf.example", by=agent.user)
    assert not Invitation.objects.exists()


def test_nobody_hands_over_for_somebody_else(agent, coordinator, convention):
    reader = f.MembershipFactory(convention=convention, reader=True).user
    with pytest.raises(Refused, match="Seule la coordination"):
        events.hand_over(agent, email="suite@caf.example", by=reader)
    assert mail.outbox == []


def test_whoever_hands_over_may_change_their_mind(agent, coordinator):
    invitation, _ = events.hand_over(agent, email="suite@caf.example", by=agent.user)
    events.revoke_offer(invitation.offers.get(), by=agent.user)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None
    assert is_active(agent)


@pytest.mark.parametrize("who", ["coordinator", "successor"])
def test_a_successor_who_left_takes_nothing_over_once_given_another_access(agent, coordinator, who):
    """Handed over from outside, confirmed by nobody, ended; invited again, beside the agent."""
    organisation = agent.organisation
    colleague = f.MembershipFactory(organisation=organisation).user
    successor = successor_of(agent)
    invitation, _ = events.hand_over(agent, email=successor.email, by=coordinator.user)
    events.accept(invitation, by=successor)
    given = Membership.objects.get(user=successor, organisation=organisation)
    assert given.is_pending
    ended_by = coordinator.user if who == "coordinator" else successor
    events.end_membership(given, by=ended_by)
    again, _ = events.invite(
        email=successor.email, organisation=organisation, roles=[agent.role], by=coordinator.user
    )
    events.accept(again, by=successor)
    second = Membership.objects.active().get(user=successor, organisation=organisation)
    events.confirm_access(second, by=colleague)
    assert is_active(agent)
