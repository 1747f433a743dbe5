"""One's own page: the name, and the ways to the rest."""

import re

import pytest
from django.core.exceptions import ValidationError

from accounts.events import open_account
from accounts.forms import AccountOpeningForm
from tests import factories as f
from tests.accounts.reading import read

NAMED = {"first_name": "Dominique", "last_name": "Aubry", "mail_rhythm": "at_once"}


def test_page_leads_to_everything(logged_in, user):
    text = read(logged_in.get("/compte/"))
    assert user.email in text
    for link in (
        "Changer d’adresse",
        "Changer de mot de passe",
        "Activer la double vérification",
        "Supprimer mon compte",
    ):
        assert link in text


def test_page_leads_back_to_the_conventions(logged_in):
    page = logged_in.get("/compte/").content.decode()
    assert '<a href="/conventions/">Revenir à mes conventions</a>' in page


def test_an_unconfirmed_new_address_is_shown_on_the_profile(logged_in, user):
    assert "en attente de confirmation" not in read(logged_in.get("/compte/"))
    user.emailaddress_set.create(email="autre@caf.example")
    assert "autre@caf.example, en attente de confirmation" in read(logged_in.get("/compte/"))


@pytest.mark.parametrize("char", "\u202a\u202e\u2066\u2069\u200b\u200d\ufeff\u00ad\u0007\u3164")
@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_invisible_character_in_a_name_is_refused(logged_in, user, char, field):
    data = {"first_name": "Dominique", "last_name": "Aubry", field: f"Do{char}mi"}
    page = logged_in.post("/compte/", data).content.decode()
    assert "Ce nom contient un caractère invisible" in page
    with pytest.raises(ValidationError, match="caractère invisible"):
        open_account(**data, email="autre@caf.example")
    assert not AccountOpeningForm(data, email="autre@caf.example").is_valid()
    user.refresh_from_db()
    assert user.full_name == "Camille Martin"


@pytest.mark.parametrize("name", ["Zoë", "O’Brien", "Anne-Lise", "d'Aubry", "Łukasz", "محمد"])
def test_name_of_any_language_is_accepted(logged_in, user, name):
    logged_in.post("/compte/", NAMED | {"first_name": name, "last_name": "Le Goff"})
    user.refresh_from_db()
    assert user.full_name == f"{name} Le Goff"


def test_name_without_end_is_refused_in_french(logged_in, db):
    data = {"first_name": "A" * 151, "last_name": "Aubry"}
    assert "au plus 150 caractères" in read(logged_in.post("/compte/", data))
    with pytest.raises(ValidationError, match="au plus 150 caractères"):
        open_account(**data, email="autre@caf.example")


def test_page_tells_an_account_by_code_apart(client, db):
    client.force_login(f.UserFactory(password=None))
    assert "Aucun : vous vous connectez par code." in read(client.get("/compte/"))


def test_page_tells_that_double_verification_is_on(logged_in, user):
    user.authenticator_set.create(type="totp", data={"secret": "A"})
    assert "Gérer la double vérification" in read(logged_in.get("/compte/"))


def test_name_is_changed(logged_in, user):
    page = logged_in.post("/compte/", NAMED, follow=True)
    assert "Votre nom et vos choix sont enregistrés." in read(page)
    user.refresh_from_db()
    assert user.full_name == "Dominique Aubry"


def test_empty_name_is_refused_and_does_not_rename_the_page(logged_in, user):
    page = logged_in.post("/compte/", NAMED | {"first_name": "", "last_name": ""})
    text = read(page)
    assert text.count("Ce champ est obligatoire.") == 4  # above the form, and beside each field
    assert "<title>Erreur\u00a0: Votre compte" in page.content.decode()
    assert "Camille Martin" in text
    user.refresh_from_db()
    assert user.full_name == "Camille Martin"


def test_address_cannot_be_changed_through_the_name_form(logged_in, user):
    data = NAMED | {"email": "autre@caf.example", "is_staff": "on"}
    assert logged_in.post("/compte/", data).status_code == 302
    user.refresh_from_db()
    assert user.email == "camille.martin@caf.example"
    assert not user.is_staff


def test_messages_come_at_once_until_one_chooses(logged_in, user):
    assert user.mail_rhythm == "at_once"
    page = logged_in.get("/compte/").content.decode()
    assert "Messages sur ce qui m’attend" in page
    for value, checked in (("at_once", True), ("weekly", False)):
        (radio,) = re.findall(rf'<input[^>]*value="{value}"[^>]*>', page)
        assert 'type="radio"' in radio
        assert ("checked" in radio) == checked
    assert "une fois par semaine, le lundi" in read(logged_in.get("/compte/"))


def test_rhythm_of_the_messages_is_chosen(logged_in, user):
    logged_in.post("/compte/", NAMED | {"mail_rhythm": "weekly"})
    user.refresh_from_db()
    assert user.mail_rhythm == "weekly"


@pytest.mark.parametrize("rhythm", ["", "hourly"])
def test_rhythm_that_is_not_offered_is_refused(logged_in, user, rhythm):
    assert logged_in.post("/compte/", NAMED | {"mail_rhythm": rhythm}).status_code == 200
    user.refresh_from_db()
    assert user.mail_rhythm == "at_once"
    assert user.full_name == "Camille Martin"


def test_opening_an_account_asks_for_no_rhythm():
    assert "mail_rhythm" not in AccountOpeningForm(email="autre@caf.example").fields


def test_pages_of_the_account_ask_to_log_in(client, db):
    assert client.get("/compte/").url == "/connexion/?next=/compte/"
    assert client.post("/compte/supprimer/").url.startswith("/connexion/?next=/")
