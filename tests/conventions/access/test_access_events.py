"""Somebody is invited to a convention, by mail."""

import pytest
from django.core import mail
from django.db import transaction
from post_office.models import Email

from accounts.models import Invitation
from conventions.access import events
from conventions.models import MembershipOffer
from ctg_portal import settings as configured
from ctg_portal.rules import Refused
from tests import factories as f
from tests.conventions.conftest import path_in_mail
from tests.reading import on_one_line

INVITERS = "La coordination et les référents des accès de la Caf de la Vienne invitent"


def test_invitation_offers_an_access_and_is_mailed(coordinator, caf):
    invitation, token = events.invite(
        email="Agent@CAF.example", organisation=caf, roles=["contributor"], by=coordinator.user
    )
    offer = MembershipOffer.objects.get()
    assert (offer.invitation, offer.organisation, offer.role) == (invitation, caf, "contributor")
    assert invitation.email == "agent@caf.example"
    assert invitation.invited_by == coordinator.user
    (message,) = mail.outbox
    assert message.to == ["agent@caf.example"]
    assert message.subject == "Invitation\u00a0: Convention territoriale globale – Vallée"
    assert path_in_mail(message) == f"/invitation/{token}/"


def test_mail_says_who_invites_to_what_in_text_and_html(coordinator, caf):
    events.invite(
        email="a@caf.example",
        organisation=caf,
        roles=["contributor", "reader"],
        by=coordinator.user,
    )
    (message,) = mail.outbox
    (html,) = [
        on_one_line(part.content) for part in message.alternatives if part.mimetype == "text/html"
    ]
    for version in (message.body, html):
        assert "Claire Morin vous invite à rejoindre" in version
        assert "«\xa0Vallée\xa0»" in version
        assert "contribution, au titre de\xa0: Caf de la Vienne" in version
        assert "lecture, au titre de\xa0: Caf de la Vienne" in version
        assert "Le portail CTG réunit ce que les partenaires d’un territoire" in version
        assert "valable une seule fois" in version
        assert f"https://ctg.example{path_in_mail(message)}" in version
    assert "<" not in message.body
    assert f'href="https://ctg.example{path_in_mail(message)}"' in html


def test_mail_escapes_names_in_html_and_leaves_them_in_text(coordinator, caf):
    caf.name = "Caf d’Oc & <Loire>"
    events.invite(email="a@caf.example", organisation=caf, roles=["reader"], by=coordinator.user)
    (message,) = mail.outbox
    assert "Caf d’Oc & <Loire>" in message.body
    assert "Caf d’Oc &amp; &lt;Loire&gt;" in on_one_line(message.alternatives[0].content)


def test_mail_sets_names_with_typographic_apostrophes(coordinator, caf, convention):
    caf.name = "Caf de l'Indre"
    convention.territory = "Pays d'Oc"
    caf.convention = convention
    events.invite(email="a@caf.example", organisation=caf, roles=["reader"], by=coordinator.user)
    (message,) = mail.outbox
    for version in (message.body, on_one_line(message.alternatives[0].content)):
        assert "Caf de l’Indre" in version
        assert "«\xa0Pays d’Oc\xa0»" in version
    assert "Pays d’Oc" in message.subject


def test_invitation_of_the_system_names_nobody(caf):
    events.invite(email="a@caf.example", organisation=caf, roles=["coordinator"], by=None)
    assert "Vous recevez une invitation à rejoindre" in mail.outbox[0].body
    assert "Vous recevez une invitation à rejoindre" in on_one_line(
        mail.outbox[0].alternatives[0].content
    )


def test_access_that_is_already_held_is_refused(coordinator, agent, caf):
    with pytest.raises(Refused) as refused:
        events.invite(
            email=agent.user.email.upper(),
            organisation=caf,
            roles=["contributor"],
            by=coordinator.user,
        )
    assert refused.value.refusal.reason == (
        f"{agent.user.email.upper()} a déjà cet accès pour Caf."
    )
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_only_what_is_not_held_yet_is_offered(coordinator, agent, caf):
    events.invite(
        email=agent.user.email,
        organisation=caf,
        roles=["contributor", "reader"],
        by=coordinator.user,
    )
    assert [offer.role for offer in MembershipOffer.objects.all()] == ["reader"]
    assert "lecture" in mail.outbox[0].body
    assert "contribution" not in mail.outbox[0].body


def test_access_held_elsewhere_or_ended_is_offered_again(coordinator, agent, caf):
    former = f.MembershipFactory(organisation=caf, ended=True).user
    for email in (f.MembershipFactory(user__email="x@msa.example").user.email, former.email):
        events.invite(email=email, organisation=caf, roles=["contributor"], by=coordinator.user)
    assert MembershipOffer.objects.count() == 2


def test_role_asked_twice_is_offered_once(coordinator, caf):
    roles = ["reader", "reader"]
    events.invite(email="a@caf.example", organisation=caf, roles=roles, by=coordinator.user)
    assert MembershipOffer.objects.count() == 1


def test_only_the_coordinator_and_its_referents_invite(agent, caf, stranger, convention):
    elsewhere = f.referent_of(f.OrganisationFactory(convention=convention))
    for user in (agent.user, stranger, elsewhere):
        with pytest.raises(Refused, match=INVITERS):
            events.invite(email="a@caf.example", organisation=caf, roles=["reader"], by=user)
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_a_referent_invites_for_their_organisation(caf):
    events.invite(email="a@caf.example", organisation=caf, roles=["reader"], by=f.referent_of(caf))
    assert [message.to for message in mail.outbox] == [["a@caf.example"]]


def test_invitation_that_is_rolled_back_queues_no_mail(coordinator, caf, settings):
    settings.EMAIL_BACKEND = configured.EMAIL_BACKEND

    def event_that_fails():
        with transaction.atomic():
            events.invite(email="a@caf.example", organisation=caf, roles=["reader"], by=None)
            assert Email.objects.count() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        event_that_fails()
    assert not Email.objects.exists()
    assert not Invitation.objects.exists()
    assert mail.outbox == []
