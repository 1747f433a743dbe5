"""« Rester connecté »: for thirty days, but not for who reads protected figures."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import staying
from conventions.models import Organisation
from indicators.collection.events import close_campaign
from tests import factories as f
from tests.accounts.conftest import code_in_mail
from tests.accounts.reading import read, text_of
from tests.agreements.factories import committee_of
from tests.indicators.factories import campaign_of, indicator_in_force


def by_password(client, user, **wish):
    sent = {"login": user.email, "password": f.PASSWORD} | wish
    return client.post("/connexion/", sent, follow=True)


def by_code(client, user, **wish):
    client.post("/connexion/code/", {"email": user.email} | wish)
    return client.post("/connexion/code/confirmer/", {"code": code_in_mail()}, follow=True)


def lasts(client) -> timedelta:
    """How long the session of this browser lives on."""
    key = client.cookies["sessionid"].value
    return Session.objects.get(session_key=key).expire_date - timezone.now()


def ends_with_the_browser(client) -> bool:
    return client.cookies["sessionid"]["max-age"] == ""


def give_secret_access(user):
    return f.MembershipFactory(user=user, organisation__masking_threshold=5)


@pytest.mark.parametrize("log_in", [by_password, by_code])
def test_a_person_who_asks_to_stay_stays_for_thirty_days(client, user, log_in):
    log_in(client, user, stay="on")
    assert timedelta(days=29) < lasts(client) <= timedelta(days=30)
    assert not ends_with_the_browser(client)


@pytest.mark.parametrize("log_in", [by_password, by_code])
def test_a_person_who_does_not_ask_to_stay_leaves_with_the_browser(client, user, log_in):
    log_in(client, user)
    assert lasts(client) <= timedelta(hours=12)
    assert ends_with_the_browser(client)


@pytest.mark.parametrize("log_in", [by_password, by_code])
def test_a_reader_of_protected_figures_does_not_stay_logged_in_and_reads_why(client, user, log_in):
    give_secret_access(user)
    page = log_in(client, user, stay="on").content.decode()
    assert "que protège le secret statistique" in text_of(page)
    assert lasts(client) <= timedelta(hours=12)


@pytest.mark.django_db
def test_who_reads_figures_protected_in_a_closed_year_may_not_stay(client):
    """The rule that the provider has since does not matter."""
    committee = committee_of()
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=5)
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    close_campaign(campaign, by=committee.coordinator)
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=None)
    user = f.MembershipFactory(organisation=committee.caf).user
    page = by_password(client, user, stay="on").content.decode()
    assert "que protège le secret statistique" in text_of(page)
    assert lasts(client) <= timedelta(hours=12)


def test_the_answer_that_logs_in_a_reader_of_protected_figures_is_short(client, user):
    """Whoever closes the browser there would keep what it has set."""
    give_secret_access(user)
    client.post("/connexion/", {"login": user.email, "password": f.PASSWORD, "stay": "on"})
    assert lasts(client) <= timedelta(hours=12)
    assert ends_with_the_browser(client)


def test_who_enters_figures_that_are_not_protected_stays(client, user):
    f.MembershipFactory(user=user)
    by_password(client, user, stay="on")
    assert lasts(client) > timedelta(days=29)


@pytest.mark.parametrize("hours", [1, 13])
def test_a_long_session_ends_with_an_access_to_protected_figures(client, user, hours):
    by_password(client, user, stay="on")
    session = client.session
    session[staying.SINCE] = time.time() - hours * 3600
    session.save()
    give_secret_access(user)
    response = client.get("/compte/", follow=True)
    assert "que protège le secret statistique" in read(response)
    assert ("_auth_user_id" in client.session) is (hours < 12)
    if hours < 12:
        assert lasts(client) <= timedelta(hours=12)


def test_a_change_of_password_ends_long_sessions_everywhere(client, user):
    elsewhere = Client()
    by_password(elsewhere, user, stay="on")
    by_password(client, user, stay="on")
    another = "quatre mots sans rapport"
    sent = {"oldpassword": f.PASSWORD, "password1": another, "password2": another}
    assert client.post("/compte/mot-de-passe/", sent).status_code == 302
    assert elsewhere.get("/compte/").status_code == 302
    assert client.get("/compte/").status_code == 200
    assert lasts(client) <= timedelta(hours=12)
