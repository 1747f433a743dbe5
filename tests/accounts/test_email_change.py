"""The address changes when the new one is confirmed, by who is really there."""

from allauth.account.models import EmailAddress
from django.core import mail

from tests import factories as f
from tests.accounts.conftest import link_in_mail
from tests.accounts.reading import read, title

NEW = "camille.martin@agglo.example"


def ask_change(client, email=NEW):
    """Ask for ``email``, after proving who one is."""
    response = client.post("/compte/adresse/", {"email": email, "action_add": ""})
    assert response.url == "/compte/confirmer-identite/?next=%2Fcompte%2Fadresse%2F"
    read(client.get(response.url))
    return client.post(response.url, {"password": f.PASSWORD}, follow=True)


def test_the_link_leads_to_the_portal_whatever_the_request_named(logged_in, settings):
    settings.SITE_URL = "https://ctg.example"
    logged_in.defaults["HTTP_HOST"] = "testserver:6666"
    ask_change(logged_in)
    assert "https://ctg.example/compte/adresse/confirmer/" in mail.outbox[-1].body
    assert "testserver" not in mail.outbox[-1].body


def test_change_takes_effect_when_the_new_address_is_confirmed(logged_in, user):
    assert title(logged_in.get("/compte/adresse/")) == "Changez votre adresse électronique"
    page = ask_change(logged_in)
    assert title(page) == "Votre nouvelle adresse attend sa confirmation"
    read(page)
    user.refresh_from_db()
    assert user.email == "camille.martin@caf.example"
    assert mail.outbox[-1].to == [NEW]

    link = link_in_mail()
    read(logged_in.get(link))
    assert f"Votre adresse est maintenant {NEW}." in read(logged_in.post(link, follow=True))
    user.refresh_from_db()
    assert user.email == NEW
    assert [(a.email, a.verified) for a in EmailAddress.objects.all()] == [(NEW, True)]
    assert mail.outbox[-1].to == ["camille.martin@caf.example"]
    assert NEW in mail.outbox[-1].body
    assert "prévenez sans attendre la coordination" in mail.outbox[-1].body


def test_opening_the_link_changes_nothing(logged_in, user):
    ask_change(logged_in)
    logged_in.get(link_in_mail())
    user.refresh_from_db()
    assert user.email != NEW


def test_wrong_password_does_not_prove_who_one_is(logged_in, user):
    response = logged_in.post("/compte/adresse/", {"email": NEW, "action_add": ""})
    page = logged_in.post(response.url, {"password": "pas-celui-la"})
    assert "Ce n’est pas le bon mot de passe." in read(page)
    assert not EmailAddress.objects.filter(email=NEW).exists()


def test_change_can_be_given_up(logged_in, user):
    ask_change(logged_in)
    data = {"email": NEW, "action_remove": ""}
    page = logged_in.post("/compte/adresse/", data, follow=True)
    assert "Vous gardez votre adresse actuelle." in read(page)
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert mail.outbox[-1].to == [user.email]


def test_confirmation_can_be_sent_again_but_not_at_once(logged_in, user):
    ask_change(logged_in)
    logged_in.post("/compte/adresse/", {"email": NEW, "action_send": ""})
    assert len(mail.outbox) == 1


def test_ones_own_address_is_refused(confirmed, user):
    page = ask_change_refused(confirmed, user.email)
    assert "Cette adresse est déjà celle de votre compte." in read(page)


def ask_change_refused(client, email):
    return client.post("/compte/adresse/", {"email": email, "action_add": ""})


def test_a_malformed_address_is_refused(confirmed):
    page = ask_change_refused(confirmed, "camille")
    assert "Saisissez une adresse" in read(page)


def test_address_of_another_account_is_not_disclosed_and_cannot_be_taken(logged_in, user):
    other = f.UserFactory()
    ask_change(logged_in, other.email)
    link = link_in_mail()
    assert title(logged_in.get(link)) == "Cette adresse est celle d’un autre compte"
    page = logged_in.post(link, follow=True)
    assert "elle est celle d’un autre compte" in read(page)
    user.refresh_from_db()
    assert user.email == "camille.martin@caf.example"


def test_used_or_invented_link_says_so(logged_in):
    page = logged_in.get("/compte/adresse/confirmer/inconnue/")
    assert title(page) == "Ce lien ne fonctionne plus"
    read(page)
