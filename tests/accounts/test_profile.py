"""One's own page: the name, and the ways to the rest."""

import pytest
from django.core.exceptions import ValidationError

from accounts.events import open_account
from accounts.forms import AccountOpeningForm
from tests import factories as f
from tests.accounts.reading import read


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


def test_new_address_that_waits_is_told(logged_in, user):
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
    logged_in.post("/compte/", {"first_name": name, "last_name": "Le Goff"})
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
    data = {"first_name": "Dominique", "last_name": "Aubry"}
    page = logged_in.post("/compte/", data, follow=True)
    assert "Votre nom est enregistré." in read(page)
    user.refresh_from_db()
    assert user.full_name == "Dominique Aubry"


def test_empty_name_is_refused_and_does_not_rename_the_page(logged_in, user):
    page = logged_in.post("/compte/", {"first_name": "", "last_name": ""})
    text = read(page)
    assert text.count("Ce champ est obligatoire.") == 4  # above the form, and beside each field
    assert "<title>Erreur\u00a0: Votre compte" in page.content.decode()
    assert "Camille Martin" in text
    user.refresh_from_db()
    assert user.full_name == "Camille Martin"


def test_address_cannot_be_changed_through_the_name_form(logged_in, user):
    data = {"first_name": "C", "last_name": "M", "email": "autre@caf.example", "is_staff": "on"}
    logged_in.post("/compte/", data)
    user.refresh_from_db()
    assert user.email == "camille.martin@caf.example"
    assert not user.is_staff


def test_pages_of_the_account_ask_to_log_in(client, db):
    assert client.get("/compte/").url == "/connexion/?next=/compte/"
    assert client.post("/compte/supprimer/").url.startswith("/connexion/?next=/")
