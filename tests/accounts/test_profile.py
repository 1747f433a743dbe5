"""One's own page: the name, and the ways to the rest."""

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
    assert text.count("Ce champ est obligatoire.") == 2
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
    assert client.post("/compte/supprimer/").url == "/connexion/?next=/compte/supprimer/"
