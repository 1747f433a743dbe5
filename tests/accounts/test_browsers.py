"""Browsers: a log-in from one that its person has not logged in from before is notified by mail."""

import time

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from ctg_portal import settings as production
from tests import factories as f
from tests.accounts.reading import text_of
from tests.accounts.test_double_verification import recovery_codes
from tests.accounts.test_double_verification import secret as secret  # noqa: PLC0414  (fixture)
from tests.accounts.test_staying import by_code, by_password

SUBJECT = "Connexion au portail CTG depuis un nouveau navigateur"
YEAR = 365 * 24 * 3600


def notified() -> list[str]:
    """Return to whom a log-in was notified, and forget it."""
    addresses = [message.to[0] for message in mail.outbox if message.subject == SUBJECT]
    mail.outbox.clear()
    return addresses


@pytest.fixture
def elsewhere(user):
    """Return a browser in which ``user`` has logged in: not the first time, from now on."""
    browser = Client()
    by_password(browser, user)
    return browser


@pytest.mark.parametrize("log_in", [by_password, by_code])
def test_the_first_log_in_of_an_account_is_not_notified(client, user, log_in):
    log_in(client, user)
    assert notified() == []


@pytest.mark.parametrize("log_in", [by_password, by_code])
def test_a_log_in_from_another_browser_is_notified_once(client, user, elsewhere, log_in):
    log_in(client, user)
    assert notified() == [user.email]
    client.post("/deconnexion/")
    log_in(client, user)
    assert notified() == []


def test_the_message_says_when_and_what_to_do(client, user, elsewhere):
    by_password(client, user)
    message = mail.outbox[-1]
    for text in (message.body, text_of(message.alternatives[0][0])):
        assert "Cela s’est passé le " in text
        assert "Si c’était vous, vous n’avez rien à faire." in text
        assert "/mot-de-passe-oublie/" in text
        assert "prévenez la coordination" in text


def test_a_browser_knows_several_accounts(client, user, elsewhere):
    other = f.UserFactory()
    by_password(Client(), other)
    for person in (user, other, user, other):
        by_password(client, person)
        client.post("/deconnexion/")
    assert notified() == [user.email, other.email]


def test_a_browser_forgets_the_account_used_longest_ago_beyond_five(client, user, elsewhere):
    by_password(client, user)
    for person in [f.UserFactory() for _ in range(4)]:
        client.post("/deconnexion/")
        by_password(client, person)
    size = len(client.cookies["navigateur"].value)
    notified()
    client.post("/deconnexion/")
    by_password(client, user)
    assert notified() == []
    for person in [f.UserFactory() for _ in range(5)]:
        client.post("/deconnexion/")
        by_password(client, person)
    assert len(client.cookies["navigateur"].value) == size
    client.post("/deconnexion/")
    by_password(client, user)
    assert notified() == [user.email]


@pytest.mark.parametrize("forge", ["", "cookie", "of_another"])
def test_a_cookie_that_was_not_set_for_the_account_is_not_believed(client, user, elsewhere, forge):
    by_password(client, f.UserFactory())
    client.post("/deconnexion/")
    mark = elsewhere.cookies["navigateur"].value
    client.cookies["navigateur"] = {
        "": "", "cookie": mark.split(":")[0], "of_another": client.cookies["navigateur"].value
    }[forge]  # fmt: skip
    by_password(client, user)
    assert notified() == [user.email]


def test_a_browser_is_forgotten_after_a_year(client, user, elsewhere, monkeypatch):
    elsewhere.post("/deconnexion/")
    later = time.time() + YEAR + 60
    monkeypatch.setattr(time, "time", lambda: later)
    by_password(elsewhere, user)
    assert notified() == [user.email]


def test_a_wrong_password_is_not_notified_and_lets_no_browser_be_known(client, user, elsewhere):
    client.post("/connexion/", {"login": user.email, "password": "pas-celui-la"})
    assert notified() == []
    assert "navigateur" not in client.cookies


@pytest.mark.django_db(transaction=True)
def test_a_log_in_is_notified_after_the_second_factor(client, user, secret):
    code = recovery_codes(client)[0]
    notified()
    browser = Client()
    by_password(browser, user)
    assert "navigateur" not in browser.cookies
    assert notified() == []
    browser.post("/connexion/verification/", {"code": code})
    assert "navigateur" in browser.cookies
    assert notified() == [user.email]


def test_who_accepts_an_invitation_is_known_in_that_browser(client, db):
    offer = f.MembershipOfferFactory(invitation__token="jeton")
    names = {"first_name": "Ana", "last_name": "Roy"}
    client.post("/invitation/jeton/", names | {"password": f.PASSWORD})
    assert notified() == []
    client.post("/deconnexion/")
    by_password(client, User.objects.get(email=offer.invitation.email))
    assert notified() == []


def test_the_cookie_names_nobody_and_is_for_no_script(client, user):
    by_password(client, user)
    cookie = client.cookies["navigateur"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == YEAR
    assert str(user.pk) not in cookie.value.split(":")[0].split(".")
    assert "@" not in cookie.value


def test_the_cookie_is_for_https_where_the_session_is(client, user, settings):
    settings.SESSION_COOKIE_SECURE = production.SESSION_COOKIE_SECURE
    by_password(client, user)
    assert client.cookies["navigateur"]["secure"]
