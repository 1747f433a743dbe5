"""« Confirmez que c’est bien vous » : asked again of an old session, whatever the account has."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import User
from tests import factories as f
from tests.accounts.conftest import code_in_mail
from tests.accounts.reading import read, title

ASK = "/compte/confirmer-identite/"
NEW = "camille.martin@agglo.example"
CHANGE = {"email": NEW, "action_add": ""}
PASSWORD = {"password1": "quatre mots sans rapport", "password2": "quatre mots sans rapport"}
SENSITIVE = [
    ("/compte/adresse/", CHANGE),
    ("/compte/mot-de-passe/choisir/", PASSWORD),
    ("/compte/supprimer/", {}),
    ("/compte/double-verification/activer/", {"code": "000000"}),
]


@pytest.fixture
def by_code(client, db):
    """A browser left open by somebody who has neither password nor application."""
    client.force_login(f.UserFactory(email="camille.martin@caf.example", password=None))
    return client


def ask_code(client, url) -> str:
    client.post(url, {"send": ""})
    return code_in_mail()


@pytest.mark.parametrize(("url", "data"), SENSITIVE)
def test_old_session_of_an_account_without_password_is_asked(by_code, url, data):
    assert by_code.post(url, data).url.startswith(f"{ASK}?next=")
    user = User.objects.get()
    assert user.is_active
    assert not user.has_usable_password()
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert mail.outbox == []


@pytest.mark.parametrize("url", [url for url, _ in SENSITIVE if "choisir" not in url])
def test_old_session_of_an_account_with_a_password_is_asked(client, user, url):
    client.force_login(user)
    assert client.post(url, CHANGE).url.startswith(f"{ASK}?next=")


def test_changing_a_password_asks_for_the_present_one(client, user):
    client.force_login(user)
    page = client.post("/compte/mot-de-passe/", {"oldpassword": "non", **PASSWORD})
    assert "Ce n’est pas votre mot de passe actuel." in read(page)


def test_code_by_mail_confirms_and_what_was_sent_is_not_lost(by_code):
    url = by_code.post("/compte/adresse/", CHANGE).url
    assert title(by_code.get(url)) == "Confirmez que c’est bien vous"
    assert "Recevoir un code par courriel" in read(by_code.get(url))
    assert mail.outbox == []
    code = ask_code(by_code, url)
    assert mail.outbox[-1].to == ["camille.martin@caf.example"]
    assert "Recevoir un nouveau code" in read(by_code.get(url))
    page = by_code.post(url, {"code": code}, follow=True)
    assert title(page) == "Votre nouvelle adresse attend sa confirmation"
    assert EmailAddress.objects.filter(email=NEW).exists()


def test_two_clicks_mail_one_code(by_code):
    for _ in "ab":
        by_code.post("/compte/confirmer-identite/", {"send": ""})
    first, second = (message.body for message in mail.outbox)
    assert first == second


def test_password_does_not_wait_in_the_session(by_code):
    url = by_code.post("/compte/mot-de-passe/choisir/", PASSWORD).url
    assert PASSWORD["password1"] not in str(dict(by_code.session))
    page = by_code.post(url, {"code": ask_code(by_code, url)}, follow=True)
    assert title(page) == "Choisissez un mot de passe"


def test_deletion_is_done_once_confirmed(by_code):
    url = by_code.post("/compte/supprimer/").url
    page = by_code.post(url, {"code": ask_code(by_code, url)}, follow=True)
    assert "Votre compte est supprimé." in read(page)
    assert User.objects.get().anonymised_at


def test_confirming_without_a_page_in_mind_leads_to_the_account(by_code):
    assert by_code.post(ASK, {"code": ask_code(by_code, ASK)}).url == "/compte/"


def test_confirmation_lasts_five_minutes(by_code, monkeypatch):
    by_code.post(ASK, {"code": ask_code(by_code, ASK)})
    assert by_code.get("/compte/mot-de-passe/choisir/").status_code == 200
    later = time.time() + 301
    monkeypatch.setattr("accounts.identity.time.time", lambda: later)
    assert by_code.get("/compte/mot-de-passe/choisir/").status_code == 302


def test_log_in_by_code_counts_as_proof(client, db):
    user = f.UserFactory(password=None)
    client.post("/connexion/code/", {"email": user.email})
    client.post("/connexion/code/confirmer/", {"code": code_in_mail()})
    assert client.get("/compte/mot-de-passe/choisir/").status_code == 200


def test_wrong_code_is_refused_and_three_end_it(by_code):
    code = ask_code(by_code, ASK)
    for _ in range(2):
        page = by_code.post(ASK, {"code": "BBBB-BBBB"})
        assert "Ce n’est pas le bon code" in read(page)
        assert "<title>Erreur" in page.content.decode()
    page = by_code.post(ASK, {"code": "BBBB-BBBB"}, follow=True)
    assert "Ce code n’est plus valable" in read(page)
    page = by_code.post(ASK, {"code": code}, follow=True)
    assert "Ce code n’est plus valable" in read(page)


def test_code_ends_after_the_fifteen_minutes_that_its_mail_tells(by_code, monkeypatch):
    code = ask_code(by_code, ASK)
    assert "valable 15 minutes" in mail.outbox[-1].body
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr("accounts.identity.time.time", lambda: later)
    assert "Ce code n’est plus valable" in read(by_code.post(ASK, {"code": code}, follow=True))


def test_code_of_one_session_is_worth_nothing_in_another(by_code, client):
    code = ask_code(by_code, ASK)
    user = User.objects.get()
    client.logout()
    client.force_login(user)
    assert "Ce code n’est plus valable" in read(client.post(ASK, {"code": code}, follow=True))


def test_asking_or_guessing_without_end_is_slowed_down(by_code):
    for _ in range(3):
        by_code.post(ASK, {"send": ""})
    read(by_code.post(ASK, {"send": ""}), status=429)
    for _ in range(10):
        by_code.post(ASK, {"code": "BBBB-BBBB"})
    read(by_code.post(ASK, {"code": "BBBB-BBBB"}), status=429)
