"""The end of an account: who one was is erased, the row stays, the address is free again."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from post_office import mail as outbox
from post_office.models import Email

from accounts import events
from accounts.jobs import clear_sessions
from accounts.models import Invitation, User
from ctg_portal import settings as configured
from ctg_portal.house import overridden
from ctg_portal.rules import Refusal, Refused
from notifications.models import Notice
from tests import factories as f
from tests.accounts.reading import read, title
from tests.stories import told_once


@told_once
def gone(user):
    events.anonymise(user, by=user)
    user.refresh_from_db()
    return user


def queue(*addresses) -> Email:
    return outbox.send(list(addresses), "portail@caf.example", subject="Bonjour", message="…")


def test_nothing_tells_who_it_was(gone):
    assert gone.email == f"compte-{gone.pk}@supprime.invalid"
    assert gone.first_name == gone.last_name == ""
    assert str(gone) == "Compte supprimé"
    assert gone.anonymised_at
    assert not EmailAddress.objects.exists()


def test_account_no_longer_opens(gone, client, log_in):
    assert not gone.is_active
    assert not gone.has_usable_password()
    log_in(User(email="camille.martin@caf.example"))
    assert "_auth_user_id" not in client.session


def test_rights_of_administration_end(db):
    admin = f.UserFactory(is_staff=True, is_superuser=True)
    events.anonymise(admin, by=None)
    admin.refresh_from_db()
    assert not admin.is_staff
    assert not admin.is_superuser


def test_sessions_end_everywhere_but_those_of_others_stay(user):
    other = f.UserFactory()
    browsers = {person: [Client(), Client()] for person in (user, other)}
    for person, clients in browsers.items():
        for browser in clients:
            browser.force_login(person)
    events.anonymise(user, by=user)
    assert Session.objects.count() == 2
    assert all(browser.get("/compte/").status_code == 302 for browser in browsers[user])
    assert all(browser.get("/compte/").status_code == 200 for browser in browsers[other])


def test_means_of_log_in_are_deleted(user):
    Authenticator.objects.create(user=user, type="totp", data={"secret": "A"})
    events.anonymise(user, by=user)
    assert not Authenticator.objects.exists()


def test_mail_to_each_address_is_deleted_and_to_nobody_else(user):
    user.emailaddress_set.create(email="autre@caf.example")
    queue(user.email)
    queue("Autre@caf.example")
    remaining = [queue("jean-camille.martin@caf.example"), queue("dominique@caf.example")]
    events.anonymise(user, by=user)
    assert list(Email.objects.order_by("pk")) == remaining


def test_anonymising_removes_exact_addresses_from_notices_and_messages_of_others(user):
    other, moment = f.UserFactory(), timezone.now()
    user.emailaddress_set.create(email="autre@caf.example")
    text = (
        "Camille.Martin@caf.example, autre@caf.example. un-autre@caf.example ;"
        " <a href='mailto:camille.martin@caf.example'>camille.martin@caf.example</a>,"
        " camille.martin@caf.example.org"
    )
    left = (
        "Compte supprimé, Compte supprimé. un-autre@caf.example ;"
        " <a href='mailto:Compte supprimé'>Compte supprimé</a>, camille.martin@caf.example.org"
    )
    notice = Notice.objects.create(
        user=other, kind="x", title="Un siège", summary=text, since=moment, not_before=moment
    )
    message = outbox.send([other.email], "portail@caf.example", subject="Un siège", message=text)
    events.anonymise(user, by=user)
    notice.refresh_from_db()
    message.refresh_from_db()
    assert (notice.summary, message.message) == (left, left)


def test_a_last_message_survives_the_purge(logged_in, user, settings):
    settings.EMAIL_BACKEND = configured.EMAIL_BACKEND
    queue(user.email)
    events.anonymise(user, by=user)
    [message] = Email.objects.all()
    assert message.to == ["camille.martin@caf.example"]
    assert message.subject == "Votre compte du portail CTG est supprimé"
    assert "prévenez sans attendre la coordination" in message.message


def test_invitations_lose_the_address_and_close(user):
    f.InvitationFactory(email=user.email)
    other = f.InvitationFactory(token="autre")
    events.anonymise(user, by=user)
    invitation = Invitation.objects.get(email__endswith="supprime.invalid")
    assert not invitation.is_open
    other.refresh_from_db()
    assert other.is_open


def test_an_accepted_invitation_stays_accepted(user):
    invitation = f.InvitationFactory(email=user.email)
    events.use_invitation(invitation, by=user)
    events.anonymise(user, by=user)
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert invitation.revoked_at is None


def test_address_may_be_used_again(gone):
    again = events.open_account(
        email="camille.martin@caf.example", first_name="Camille", last_name="Martin"
    )
    assert again != gone
    assert User.objects.get(email="camille.martin@caf.example") == again


def test_nobody_ends_the_account_of_another(user):
    with pytest.raises(Refused) as refused:
        events.anonymise(user, by=f.UserFactory(is_superuser=True))
    assert "Chacun supprime son propre compte" in refused.value.refusal.reason
    user.refresh_from_db()
    assert user.is_active


def test_ended_account_does_not_end_twice(gone):
    with pytest.raises(Refused):
        events.anonymise(gone, by=None)


@pytest.fixture
def refusing():
    refusals = []
    with overridden(anonymisation_refusals=refusals):
        yield refusals


def test_an_objection_of_another_chapter_is_shown_and_prevents_anonymising(
    confirmed, user, refusing
):
    objection = Refusal("Une convention n’aurait plus de coordination.")
    refusing.append(lambda user: objection)
    page = confirmed.get("/compte/supprimer/")
    assert title(page) == "Votre compte ne peut pas être supprimé pour l’instant"
    assert objection.reason in read(page)
    assert "Ce qui est effacé" not in read(page)
    page = confirmed.post(
        "/compte/supprimer/",
        follow=True,
        headers={"referer": "http://testserver/compte/supprimer/"},
    )
    assert objection.reason in read(page)
    user.refresh_from_db()
    assert user.is_active


def test_the_page_tells_what_is_deleted_and_kept_then_deletes(confirmed, user):
    text = read(confirmed.get("/compte/supprimer/"))
    assert "Ce que vous avez signé ou dit au comité garde votre nom et votre qualité." in text
    response = confirmed.post("/compte/supprimer/", follow=True)
    assert response.redirect_chain == [("/connexion/", 302)]
    assert "Votre compte est supprimé." in read(response)
    user.refresh_from_db()
    assert user.anonymised_at
    assert not Session.objects.exists()


def test_opening_the_page_deletes_nothing(logged_in, user):
    logged_in.get("/compte/supprimer/")
    user.refresh_from_db()
    assert user.is_active


def test_operator_ends_an_account_by_command(user):
    output = StringIO()
    call_command("anonymise", " Camille.Martin@caf.example", stdout=output)
    user.refresh_from_db()
    assert user.anonymised_at
    assert "est supprimé" in output.getvalue()


def test_command_refuses_in_french(gone):
    with pytest.raises(CommandError, match="Aucun compte n’a l’adresse"):
        call_command("anonymise", "x@caf.example")
    with pytest.raises(CommandError, match="Ce compte est déjà supprimé"):
        call_command("anonymise", gone.email)


def test_deletion_lasts_only_if_all_of_it_succeeds(user, monkeypatch):
    def fail(user):
        raise RuntimeError

    monkeypatch.setattr(events, "end_sessions", fail)
    with pytest.raises(RuntimeError):
        events.anonymise(user, by=user)
    user.refresh_from_db()
    assert user.is_active
    assert user.emailaddress_set.exists()


def test_expired_sessions_are_cleared_by_the_clock(user):
    client = Client()
    client.force_login(user)
    Session.objects.update(expire_date=Session.objects.get().expire_date - timedelta(days=1))
    clear_sessions()
    assert not Session.objects.exists()
