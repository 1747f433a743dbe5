"""Invitations: a link valid once, until a date, for one address."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import events, rights
from accounts.jobs import forget_unanswered_invitations
from accounts.models import Invitation
from ctg_portal.rules import Refused
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

STATES = ["open", "expired", "revoked", "accepted"]


def expire(invitation):
    """Let the date of ``invitation`` be past."""
    long_ago = timezone.now() - timedelta(days=20)
    Invitation.objects.filter(pk=invitation.pk).update(
        created_at=long_ago, expires_at=long_ago + timedelta(days=14)
    )
    invitation.refresh_from_db()


def invitation_that_is(state) -> Invitation:
    invitation = f.InvitationFactory(email="camille@caf.example", revoked=state == "revoked")
    if state == "expired":
        expire(invitation)
    if state == "accepted":
        events.use_invitation(invitation, by=f.UserFactory(email="camille@caf.example"))
        invitation.refresh_from_db()
    return invitation


@pytest.mark.parametrize("state", STATES)
def test_the_properties_and_querysets_of_invitations_agree(state):
    invitation = invitation_that_is(state)
    assert invitation.is_open is (state == "open")
    assert Invitation.objects.open().contains(invitation) is invitation.is_open
    assert Invitation.objects.pending().contains(invitation) is (state in {"open", "expired"})
    assert invitation.has_expired is (state == "expired")


def test_new_invitation_is_valid_for_fourteen_days_and_knows_who_invites():
    coordinator = f.UserFactory()
    invitation, token = events.create_invitation(email="Camille@CAF.example", by=coordinator)
    assert invitation.email == "camille@caf.example"
    assert invitation.invited_by == coordinator
    lifetime = invitation.expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < lifetime <= timedelta(days=14)
    assert Invitation.objects.for_token(token).get() == invitation


def test_only_the_digest_of_the_token_is_kept():
    invitation, token = events.create_invitation(email="camille@caf.example", by=None)
    assert len(token) >= 32
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert row["token_digest"] == sha256(token.encode()).hexdigest()
    assert token not in [str(value) for value in row.values()]
    assert not Invitation.objects.for_token(row["token_digest"]).exists()


def test_renewal_gives_a_new_link_and_kills_the_old():
    invitation, first = events.create_invitation(email="camille@caf.example", by=None)
    expire(invitation)
    second = events.renew_invitation(invitation, by=None)
    invitation.refresh_from_db()
    assert invitation.is_open
    assert not Invitation.objects.for_token(first).exists()
    assert Invitation.objects.for_token(second).exists()


def test_invitation_is_used_once():
    invitation = invitation_that_is("open")
    camille = f.UserFactory(email="camille@caf.example")
    used = events.use_invitation(invitation, by=camille)
    assert used.accepted_by == camille
    with pytest.raises(Refused) as refused:
        events.use_invitation(invitation, by=camille)
    assert refused.value.refusal.reason == "Cette invitation a déjà été acceptée."


@pytest.mark.parametrize(
    ("state", "reason"),
    [("expired", "expiré"), ("revoked", "déjà été annulée"), ("accepted", "déjà été acceptée")],
)
def test_closed_invitation_opens_nothing(state, reason):
    invitation = invitation_that_is(state)
    camille = invitation.accepted_by or f.UserFactory(email="camille@caf.example")
    with pytest.raises(Refused) as refused:
        events.use_invitation(invitation, by=camille)
    assert reason in refused.value.refusal.reason


def test_invitation_is_for_its_addressee_alone():
    other = f.UserFactory(email="dominique@caf.example")
    invitation = invitation_that_is("open")
    with pytest.raises(Refused) as refused:
        events.use_invitation(invitation, by=other)
    assert "camille@caf.example" in refused.value.refusal.reason
    invitation.refresh_from_db()
    assert invitation.is_open


@pytest.mark.parametrize("event", [events.renew_invitation, events.revoke_invitation])
@pytest.mark.parametrize("state", ["revoked", "accepted"])
def test_settled_invitation_does_not_change(event, state):
    invitation = invitation_that_is(state)
    before = Invitation.objects.filter(pk=invitation.pk).values().get()
    with pytest.raises(Refused):
        event(invitation, by=None)
    assert Invitation.objects.filter(pk=invitation.pk).values().get() == before


def test_revoked_invitation_is_closed():
    invitation = invitation_that_is("open")
    events.revoke_invitation(invitation, by=None)
    invitation.refresh_from_db()
    assert not invitation.is_open
    assert rights.may_change_invitation(None, invitation).reason


def test_a_stale_copy_does_not_hide_what_happened_since():
    """The event reads the row again under its lock."""
    stale = invitation_that_is("open")
    events.revoke_invitation(Invitation.objects.get(pk=stale.pk), by=None)
    with pytest.raises(Refused):
        events.use_invitation(stale, by=f.UserFactory(email="camille@caf.example"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda i: {"expires_at": i.created_at}, "Une invitation expire après sa création."),
        (
            lambda i: {
                "accepted_at": timezone.now(),
                "accepted_by": f.UserFactory(),
                "revoked_at": timezone.now(),
            },
            "Une invitation acceptée ne peut pas être annulée.",
        ),
        (lambda i: {"accepted_at": timezone.now()}, "Une invitation acceptée l’est par quelqu’un."),
        (
            lambda i: {"accepted_by": f.UserFactory()},
            "Une invitation acceptée l’est par quelqu’un.",
        ),
    ],
)
def test_database_refuses_impossible_invitations(change, message):
    invitation = f.InvitationFactory()
    fields = change(invitation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**fields)
    for name, value in fields.items():
        setattr(invitation, name, value)
    with pytest.raises(ValidationError) as refused:
        invitation.validate_constraints()
    assert refused.value.messages == [message]


def test_an_unanswered_invitation_is_deleted_a_month_after_its_link_expires(db, settings):
    invitation = f.InvitationFactory(token="a")
    accepted = f.InvitationFactory(token="b", email="camille@caf.example")
    events.use_invitation(accepted, by=f.UserFactory(email="camille@caf.example"))
    old, revoked = f.InvitationFactory(token="c"), f.InvitationFactory(token="d", revoked=True)
    offer = f.MembershipOfferFactory(invitation=old)
    past = timezone.now() - settings.INVITATION_KEPT - timedelta(days=1)
    rows = Invitation.objects.exclude(pk=invitation.pk)
    rows.update(created_at=past - timedelta(days=14), expires_at=past)
    forget_unanswered_invitations()
    assert set(Invitation.objects.all()) == {invitation, accepted}
    assert not type(offer).objects.filter(pk=offer.pk).exists()
    assert revoked.pk not in Invitation.objects.values_list("pk", flat=True)
