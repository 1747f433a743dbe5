"""Passwords: the rules, the forgotten one, the changed one, the first one."""

import re

import pytest
from django.conf import settings as configured
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.forms import CHOICE_HELP
from accounts.models import User
from tests import factories as f
from tests.accounts.conftest import code_in_mail, link_in_mail
from tests.accounts.reading import english_in, read, title

NEW = "quatre mots sans rapport"


def refusals(password, user=None) -> str:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    return " ".join(refused.value.messages)


CAMILLE = User(email="cmartin@caf.example", first_name="Camille", last_name="Martin")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("court-11car", "12 caractères"),
        ("motdepasse", "courant"),
        ("Motdepasse2026!", "un mot courant suivi de chiffres"),
        ("Convention2026!!", "un mot courant suivi de chiffres"),
        ("Bienvenue-2026", "un mot courant suivi de chiffres"),
        ("password123456", "courant"),
        ("948271635027", "entièrement numérique"),
        ("abababababab", "répète trop les mêmes caractères"),
        ("AaBbCcAaBbCc", "répète trop les mêmes caractères"),
        ("Martin/Camille/2026", "ressemble trop à votre nom"),
        ("cmartin-de-la-caf", "ressemble trop à votre nom ou à votre adresse"),
        ("C.Martin 86 86 86", "ressemble trop à votre nom ou à votre adresse"),
    ],
)
def test_a_password_is_refused_in_french(password, reason):
    message = refusals(password, CAMILLE)
    assert reason in message
    assert english_in(message) == []


@pytest.mark.parametrize(
    "password",
    ["Châteauvelours1", "camille et les autres", "martin le pêcheur", "quatre mots sans rapport",
     "Être là-bas à l’été"],
)  # fmt: skip
def test_a_sentence_is_accepted_as_a_password(password):
    assert validate_password(password, CAMILLE) is None


@pytest.mark.parametrize("name", ["Sylvie Bernard", "Antoine Girard", "Élodie Le Goff"])
@pytest.mark.parametrize("separator", [".", " ", "-", ""])
def test_ones_own_name_is_no_password(name, separator):
    first, last = name.split(" ", 1)
    user = User(email="coordination@caf.example", first_name=first, last_name=last)
    for password in (f"{first}{separator}{last}", f"{last}{separator}{first}86"):
        assert "ressemble trop à votre nom" in refusals(password.lower() + "/2026", user)


def test_short_address_does_not_refuse_every_sentence():
    validate_password(NEW, User(email="ra@caf.example", first_name="Ann", last_name=""))


def test_help_tells_the_length_that_is_asked():
    length = configured.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"]
    assert CHOICE_HELP.startswith(f"{length} caractères")


def ask_link(client, user) -> str:
    client.post("/mot-de-passe-oublie/", {"email": user.email})
    return link_in_mail()


def choose(client, url, first=NEW, second=NEW):
    return client.post(url, {"password1": first, "password2": second}, follow=True)


def test_forgotten_password_is_replaced_and_opens_the_portal(client, user):
    read(client.get("/mot-de-passe-oublie/"))
    response = client.post("/mot-de-passe-oublie/", {"email": user.email}, follow=True)
    assert title(response) == "Regardez vos courriels"
    read(response)
    page = client.get(link_in_mail(), follow=True)
    assert page.redirect_chain[-1][0].endswith("-set-password/")
    read(page)
    choose(client, page.redirect_chain[-1][0])
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "_auth_user_id" in client.session
    assert mail.outbox[-1].subject == "Votre mot de passe du portail CTG a été remplacé"


def test_the_link_leads_to_the_portal_whatever_the_request_named(client, user, settings):
    """Who asks for somebody else's link does not choose where it leads."""
    settings.SITE_URL = "https://ctg.example"
    client.post("/mot-de-passe-oublie/", {"email": user.email}, headers={"host": "testserver:6666"})
    assert "https://ctg.example/mot-de-passe-oublie/" in mail.outbox[-1].body
    assert "testserver" not in mail.outbox[-1].body


def test_unknown_address_gets_the_same_page_and_no_mail(client, user):
    known = client.post("/mot-de-passe-oublie/", {"email": user.email}, follow=True)
    unknown = client.post("/mot-de-passe-oublie/", {"email": "x@caf.example"}, follow=True)
    assert read(known) == read(unknown)
    assert [message.to for message in mail.outbox] == [[user.email], []]


def test_link_serves_once(client, user):
    link = ask_link(client, user)
    choose(client, client.get(link).url)
    page = Client().get(link)
    assert title(page) == "Ce lien ne fonctionne plus"
    assert "Recevoir un nouveau lien" in read(page)


def test_link_dies_after_the_three_days_that_its_mail_tells(client, user, settings):
    link = ask_link(client, user)
    assert "trois jours" in mail.outbox[-1].body
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 3600
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert title(client.get(link)) == "Ce lien ne fonctionne plus"


def test_invented_link_is_refused(client, user):
    assert title(client.get("/mot-de-passe-oublie/1-abc-def/")) == "Ce lien ne fonctionne plus"


def test_weak_or_mistyped_password_is_refused_beside_its_field(client, user):
    url = client.get(ask_link(client, user)).url
    page = choose(client, url, "court", "court")
    assert "au minimum 12 caractères" in read(page)
    page = choose(client, url, NEW, NEW + "s")
    assert "deux fois le même mot de passe" in read(page)
    user.refresh_from_db()
    assert user.check_password(f.PASSWORD)


def test_asking_links_without_end_is_slowed_down(client, user):
    for n in range(20):
        client.post("/mot-de-passe-oublie/", {"email": f"x{n}@caf.example"})
    page = client.post("/mot-de-passe-oublie/", {"email": user.email})
    assert "Trop d’essais. Patientez cinq minutes" in read(page)
    assert [user.email] not in [message.to for message in mail.outbox]


def test_password_is_changed_and_other_sessions_end(logged_in, user):
    elsewhere = Client()
    elsewhere.force_login(user)
    read(logged_in.get("/compte/mot-de-passe/"))
    data = {"oldpassword": f.PASSWORD, "password1": NEW, "password2": NEW}
    response = logged_in.post("/compte/mot-de-passe/", data, follow=True)
    assert response.redirect_chain == [("/compte/", 302)]
    assert "Votre mot de passe est changé." in read(response)
    assert elsewhere.get("/compte/").status_code == 302
    assert mail.outbox[-1].subject == "Votre mot de passe du portail CTG a été changé"


def test_wrong_current_password_is_refused(logged_in):
    data = {"oldpassword": "pas-celui-la", "password1": NEW, "password2": NEW}
    page = logged_in.post("/compte/mot-de-passe/", data)
    assert "Ce n’est pas votre mot de passe actuel." in read(page)


def test_account_by_code_may_choose_a_password(client, db):
    user = f.UserFactory(password=None)
    client.force_login(user)
    assert client.get("/compte/mot-de-passe/").url == "/compte/mot-de-passe/choisir/"
    ask = client.get("/compte/mot-de-passe/choisir/").url
    client.post(ask, {"send": ""})
    read(client.post(ask, {"code": code_in_mail()}, follow=True))
    response = choose(client, "/compte/mot-de-passe/choisir/")
    assert "Votre mot de passe est enregistré." in read(response)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert mail.outbox[-1].subject == "Un mot de passe protège votre compte du portail CTG"


def test_notice_of_a_change_tells_when_and_from_where(logged_in):
    data = {"oldpassword": f.PASSWORD, "password1": NEW, "password2": NEW}
    logged_in.post("/compte/mot-de-passe/", data, headers={"user-agent": "Mozilla/5.0 (X11)"})
    body = mail.outbox[-1].body
    assert "depuis l’adresse IP 127.0.0.1." in body
    assert "Mozilla" not in body
    assert re.search(r"le \d{1,2}(er)?\xa0\w+ \d{4} à \d{1,2}\xa0h\xa0\d\d", body)
    assert "https://ctg.example/mot-de-passe-oublie/" in body
