"""An access ends: one leaves, the coordinator ends it, an account is erased; who is told."""

import pytest
from django.core import mail

from accounts.events import anonymise
from accounts.models import Invitation
from conventions.access import events
from conventions.models import Membership
from ctg_portal.house import overridden
from ctg_portal.rules import Refused
from tests import factories as f
from tests.conventions.conftest import roles_of
from tests.reading import on_one_line

KEEP_ONE = "Une convention garde au moins une personne à la coordination"


def is_active(membership) -> bool:
    return Membership.objects.active().filter(pk=membership.pk).exists()


def test_access_ends_at_once(agent, coordinator):
    events.end_membership(agent, by=coordinator.user)
    assert not is_active(agent)
    assert roles_of(agent.user) == set()
    assert agent.history.latest().ended_at is not None


def test_access_ends_once(agent, coordinator):
    stale = Membership.objects.get(pk=agent.pk)
    events.end_membership(agent, by=agent.user)
    ended_at = Membership.objects.get(pk=agent.pk).ended_at
    with pytest.raises(Refused, match="Cet accès est déjà terminé"):
        events.end_membership(stale, by=agent.user)
    assert Membership.objects.get(pk=agent.pk).ended_at == ended_at


def test_two_coordinators_do_not_both_leave(coordinator, convention):
    second = f.MembershipFactory(convention=convention, coordinator=True)
    events.end_membership(coordinator, by=coordinator.user)
    with pytest.raises(Refused, match=KEEP_ONE):
        events.end_membership(second, by=second.user)
    assert is_active(second)


# Who is told ---------------------------------------------------------------------------------


def test_the_mail_to_whoever_loses_an_access_names_who_ended_it(agent, coordinator):
    agent.organisation.name = "Caf de l'Indre"
    agent.organisation.save()
    events.end_membership(Membership.objects.get(pk=agent.pk), by=coordinator.user)
    (message,) = mail.outbox
    assert message.to == ["agent@caf.example"]
    assert message.subject == "Accès terminé\u00a0: Convention territoriale globale – Vallée"
    for version in (message.body, on_one_line(message.alternatives[0].content)):
        assert "Votre accès «\xa0contribution\xa0» à la convention «\xa0Vallée\xa0»" in version
        assert "au titre de\xa0: Caf de l’Indre, est terminé" in version
        assert "Claire Morin (coordination) y a mis fin" in version
        assert "coordination@vallee.example" in version


def test_end_by_the_system_names_nobody(agent):
    events.end_membership(agent, by=None)
    (message,) = mail.outbox
    for version in (message.body, on_one_line(message.alternatives[0].content)):
        assert "adressez-vous à la coordination de la convention" in version


def test_somebody_who_leaves_gets_no_mail(agent):
    events.end_membership(agent, by=agent.user)
    assert mail.outbox == []


def test_the_official_address_is_mailed_each_end(agent, coordinator, caf):
    caf.email = "accueil@caf.example"
    caf.save()
    reader = f.MembershipFactory(organisation=caf, reader=True)
    events.end_membership(Membership.objects.get(pk=agent.pk), by=agent.user)
    events.end_membership(Membership.objects.get(pk=reader.pk), by=coordinator.user)
    messages = [sent for sent in mail.outbox if sent.to == ["accueil@caf.example"]]
    assert [sent.subject.replace("\u00a0", " ") for sent in messages] == [
        "Nadia Lefèvre : accès « contribution » pour la Caf de la Vienne, terminé",
        f"{reader.user} : accès « lecture » pour la Caf de la Vienne, terminé",
    ]
    by = [sent.body.partition("Par ")[2].partition(".")[0] for sent in messages]
    assert by == ["la personne elle-même", "Claire Morin, coordination"]


# An account is erased -------------------------------------------------------------------------


def test_erased_account_loses_its_accesses(agent, coordinator):
    reader = f.MembershipFactory(user=agent.user, reader=True)
    other, _ = events.invite(
        email="b@caf.example", organisation=agent.organisation, roles=["reader"], by=None
    )
    mail.outbox.clear()
    anonymise(agent.user, by=agent.user)
    assert not is_active(agent)
    assert not is_active(reader)
    assert is_active(coordinator)
    assert list(Invitation.objects.pending()) == [other]
    assert [m.subject for m in mail.outbox if "Accès" in m.subject] == []


def test_account_that_may_not_leave_its_convention_stays_whole(coordinator, agent):
    """The objection is asked before the lock; the end of the access asks again."""
    reader = f.MembershipFactory(user=coordinator.user, reader=True)
    with overridden(anonymisation_refusals=[]), pytest.raises(Refused, match=KEEP_ONE):
        anonymise(coordinator.user, by=coordinator.user)
    coordinator.user.refresh_from_db()
    assert coordinator.user.is_active
    assert is_active(coordinator)
    assert is_active(reader)
