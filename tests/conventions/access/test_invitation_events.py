"""An invitation is renewed, revoked, accepted."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Invitation, User
from conventions.access import events
from conventions.models import Membership
from ctg_portal.rules import Refused
from tests import factories as f
from tests.conventions.conftest import path_in_mail, roles_of

INVITERS = "La coordination et les référents des accès de la Caf de la Vienne invitent"


# Renew, revoke -------------------------------------------------------------------------------


def test_renewed_invitation_has_a_new_link_and_the_old_one_is_dead(coordinator, caf, client):
    invitation, old = events.invite(
        email="a@caf.example", organisation=caf, roles=["reader"], by=coordinator.user
    )
    with pytest.raises(Refused, match="vient d’être envoyée"):
        events.renew_offer(invitation.offers.get(), by=coordinator.user)
    Invitation.objects.update(expires_at=invitation.expires_at - timedelta(minutes=10))
    token = events.renew_offer(invitation.offers.get(), by=coordinator.user)
    assert token != old
    assert client.get(f"/invitation/{old}/").status_code == 404
    assert client.get(f"/invitation/{token}/").status_code == 200
    assert path_in_mail(mail.outbox[1]) == f"/invitation/{token}/"


def test_an_address_is_not_invited_to_a_role_twice_within_ten_minutes(coordinator, caf):
    """The address gets no second invitation, even after the first was revoked."""

    def invite(*roles, email="a@caf.example"):
        return events.invite(email=email, organisation=caf, roles=roles, by=coordinator.user)

    invitation, _ = invite("reader")
    with pytest.raises(Refused, match="vient d’être envoyée"):
        invite("reader", email="A@caf.example")
    events.revoke_offer(invitation.offers.get(), by=coordinator.user)
    with pytest.raises(Refused, match="vient d’être envoyée"):
        invite("reader")
    assert len(mail.outbox) == 1
    invite("reader", "contributor")
    invite("reader", email="b@caf.example")
    ten_minutes_later()
    invite("reader")


def ten_minutes_later():
    for invitation in Invitation.objects.all():
        Invitation.objects.filter(pk=invitation.pk).update(
            expires_at=invitation.expires_at - timedelta(minutes=10)
        )


def test_an_address_gets_few_invitations_at_once_whatever_they_offer(coordinator, caf, convention):
    """The limit counts all invitations, whoever sends them."""
    other = f.MembershipFactory(organisation=caf, coordinator=True)
    bodies = [caf, *(f.OrganisationFactory(convention=convention) for _ in range(3))]

    def invite(body, *, by=coordinator.user, email="a@caf.example", role="reader"):
        return events.invite(email=email, organisation=body, roles=[role], by=by)

    invitation, _ = invite(bodies[0])
    invite(bodies[1])
    invite(bodies[2], by=other.user, email="A@caf.example")
    events.revoke_offer(invitation.offers.get(), by=coordinator.user)
    for by in (coordinator.user, other.user):
        with pytest.raises(Refused, match="Plusieurs invitations viennent d’être envoyées"):
            invite(bodies[3], by=by)
        with pytest.raises(Refused, match="Plusieurs invitations viennent d’être envoyées"):
            invite(bodies[1], by=by, role="contributor")
    elsewhere = f.MembershipFactory(coordinator=True)
    invite(elsewhere.organisation, by=elsewhere.user)
    invite(bodies[3], email="b@caf.example")
    invite(bodies[3], by=None)
    ten_minutes_later()
    invite(bodies[1], role="contributor")


def test_an_address_gets_few_renewed_invitations_at_once(coordinator, caf, convention):
    bodies = [caf, *(f.OrganisationFactory(convention=convention) for _ in range(3))]
    offers = [
        f.MembershipOfferFactory(organisation=body, invitation__email="a@caf.example")
        for body in bodies
    ]
    ten_minutes_later()
    for offer in offers[:3]:
        events.renew_offer(offer, by=coordinator.user)
    with pytest.raises(Refused, match="Plusieurs invitations viennent d’être envoyées"):
        events.renew_offer(offers[3], by=coordinator.user)
    assert len(mail.outbox) == 3


def test_accepted_invitations_do_not_count_among_those_sent_at_once(coordinator, caf, convention):
    user = f.UserFactory(email="a@caf.example")
    for _ in range(5):
        body = f.OrganisationFactory(convention=convention)
        invitation, _ = events.invite(
            email=user.email, organisation=body, roles=["reader"], by=coordinator.user
        )
        events.accept(invitation, by=user)


def test_an_invitation_ends_earlier_ones_to_the_same_access(coordinator, caf, convention, client):
    """The last invitation to an access stands; what it does not offer stays as it was."""

    def invite(*roles, organisation=caf, email="a@caf.example"):
        return events.invite(
            email=email, organisation=organisation, roles=roles, by=coordinator.user
        )

    _, old = invite("reader", "contributor")
    other, _ = invite("coordinator")
    invite("reader", email="b@caf.example")
    body = f.OrganisationFactory(convention=convention)
    elsewhere, _ = invite("reader", organisation=body)
    ten_minutes_later()
    again, new = invite("reader")
    pending = Invitation.objects.filter(email="a@caf.example").pending()
    assert set(pending) == {other, elsewhere, again}
    assert Invitation.objects.filter(email="b@caf.example").pending().exists()
    assert "annulée" in client.get(f"/invitation/{old}/").content.decode()
    assert "Ouvrez votre compte" in client.get(f"/invitation/{new}/").content.decode()


def test_expired_invitation_lives_again_once_renewed(coordinator, caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    created = timezone.now() - timedelta(days=30)
    Invitation.objects.update(created_at=created, expires_at=created + timedelta(days=14))
    assert not Invitation.objects.get().is_open
    events.renew_offer(offer, by=coordinator.user)
    renewed = Invitation.objects.get()
    assert renewed.is_open
    assert f"jusqu’au {renewed.expires_at.day}" in mail.outbox[0].body.replace("1er", "1")


def test_revoked_invitation_opens_nothing(coordinator, caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    events.revoke_offer(offer, by=coordinator.user)
    user = f.UserFactory(email=offer.invitation.email)
    with pytest.raises(Refused, match="Cette invitation a déjà été annulée"):
        events.accept(offer.invitation, by=user)
    with pytest.raises(Refused, match="Cette invitation a déjà été annulée"):
        events.renew_offer(offer, by=coordinator.user)
    assert roles_of(user) == set()


def test_accepted_invitation_is_neither_renewed_nor_revoked(coordinator, caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    events.accept(offer.invitation, by=f.UserFactory(email=offer.invitation.email))
    for event in (events.renew_offer, events.revoke_offer):
        with pytest.raises(Refused, match="Cette invitation a déjà été acceptée"):
            event(offer, by=coordinator.user)
    assert mail.outbox == []


def test_an_invitation_is_renewed_and_revoked_by_who_may_invite_alone(coordinator, agent, caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    for event in (events.renew_offer, events.revoke_offer):
        with pytest.raises(Refused, match=INVITERS):
            event(offer, by=agent.user)
    offer.invitation.refresh_from_db()
    assert offer.invitation.is_open
    assert mail.outbox == []


# Accept --------------------------------------------------------------------------------------


def test_accepting_gives_every_access_offered(convention, caf):
    msa = f.OrganisationFactory(convention=convention)
    invitation = f.InvitationFactory()
    for organisation, role in ((caf, "reader"), (caf, "contributor"), (msa, "reader")):
        f.MembershipOfferFactory(invitation=invitation, organisation=organisation, role=role)
    user = f.UserFactory(email=invitation.email)
    assert events.accept(invitation, by=user) == convention
    given = user.memberships.active().values_list("organisation", "role")
    assert set(given) == {(caf.pk, "reader"), (caf.pk, "contributor"), (msa.pk, "reader")}
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert invitation.accepted_at is not None


def test_accepting_what_is_already_held_gives_it_once(agent, caf):
    offer = f.MembershipOfferFactory(organisation=caf, invitation__email=agent.user.email)
    events.accept(offer.invitation, by=agent.user)
    assert Membership.objects.get(user=agent.user) == agent


def test_access_that_had_ended_is_given_anew_and_the_old_row_stays(caf):
    former = f.MembershipFactory(organisation=caf, ended=True)
    offer = f.MembershipOfferFactory(organisation=caf, invitation__email=former.user.email)
    events.accept(offer.invitation, by=former.user)
    assert former.user.memberships.count() == 2
    assert former.user.memberships.active().count() == 1


def test_invitation_is_accepted_once(caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    user = f.UserFactory(email=offer.invitation.email)
    events.accept(offer.invitation, by=user)
    Membership.objects.update(ended_at=timezone.now())
    with pytest.raises(Refused, match="Cette invitation a déjà été acceptée"):
        events.accept(offer.invitation, by=user)
    assert roles_of(user) == set()


def test_invitation_is_accepted_by_its_addressee_only(caf, agent):
    offer = f.MembershipOfferFactory(organisation=caf, role="coordinator")
    with pytest.raises(Refused) as refused:
        events.accept(offer.invitation, by=agent.user)
    assert refused.value.refusal.reason == (
        f"Cette invitation est adressée à {offer.invitation.email} ; "
        f"votre session est celle de {agent.user.email}."
    )
    assert roles_of(agent.user) == {"contributor"}


def test_expired_invitation_is_refused(caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    created = timezone.now() - timedelta(days=30)
    Invitation.objects.update(created_at=created, expires_at=created + timedelta(days=14))
    user = f.UserFactory(email=offer.invitation.email)
    with pytest.raises(Refused, match="Cette invitation a expiré"):
        events.accept(offer.invitation, by=user)
    assert roles_of(user) == set()


def test_newcomer_opens_an_account_and_accepts(convention, caf):
    offer = f.MembershipOfferFactory(organisation=caf, role="reader")
    user, opened = events.accept_as_newcomer(
        offer.invitation, first_name="Sylvie", last_name="Bernard", password=f.PASSWORD
    )
    assert opened == convention
    assert (user.email, user.full_name) == (offer.invitation.email, "Sylvie Bernard")
    assert user.check_password(f.PASSWORD)
    assert user.emailaddress_set.get().verified
    assert roles_of(user) == {"reader"}


def test_newcomer_without_password_has_an_account_without_one(caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    user, _ = events.accept_as_newcomer(
        offer.invitation, first_name="Sylvie", last_name="Bernard", password=""
    )
    assert not user.has_usable_password()


def test_a_newcomer_whose_account_was_just_opened_is_asked_to_log_in(caf):
    offer = f.MembershipOfferFactory(organisation=caf)
    f.UserFactory(email=offer.invitation.email)
    with pytest.raises(Refused, match="connectez-vous pour accepter"):
        events.accept_as_newcomer(
            offer.invitation, first_name="Sylvie", last_name="Bernard", password=""
        )
    offer.invitation.refresh_from_db()
    assert offer.invitation.is_open


def test_refused_newcomer_leaves_no_account(caf):
    offer = f.MembershipOfferFactory(organisation=caf, invitation__revoked=True)
    with pytest.raises(Refused):
        events.accept_as_newcomer(
            offer.invitation, first_name="Sylvie", last_name="Bernard", password=""
        )
    assert not User.objects.exists()
