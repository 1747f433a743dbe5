"""Double verification: activated, asked at each log-in, replaced by a recovery code, ended."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail

from tests import factories as f
from tests.accounts.conftest import link_in_mail
from tests.accounts.reading import read, text_of, title
from tests.accounts.test_staying import (
    by_code,
    by_password,
    ends_with_the_browser,
    give_secret_access,
    lasts,
)

# Its messages go out when its transaction commits.
pytestmark = pytest.mark.django_db(transaction=True)

INDEX = "/compte/double-verification/"


@pytest.fixture(autouse=True)
def _tolerance(settings):
    """A test may straddle two half minutes."""
    settings.MFA_TOTP_TOLERANCE = 1


def code_for(secret: str) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))


def prove(client, url, **data):
    """Open ``url``, which asks who one is first."""
    response = client.get(url)
    assert response.url == f"/compte/confirmer-identite/?{urlencode({'next': url})}"
    return client.post(response.url, {"password": f.PASSWORD, **data}, follow=True)


@pytest.fixture
def secret(logged_in) -> str:
    """Double verification is on; the key that the application keeps."""
    page = prove(logged_in, f"{INDEX}activer/")
    secret = page.context["form"].secret
    response = logged_in.post(f"{INDEX}activer/", {"code": code_for(secret)}, follow=True)
    assert "La double vérification est activée." in read(response)
    return secret


def recovery_codes(client) -> list[str]:
    page = client.get("/compte/codes-de-secours/").content.decode()
    return re.findall(r"<li>(\d{8})</li>", page)


def test_activation_shows_an_image_and_the_key(logged_in):
    assert title(logged_in.get(INDEX)) == "La double vérification n’est pas activée"
    read(logged_in.get(INDEX))
    page = prove(logged_in, f"{INDEX}activer/")
    read(page)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "style" not in page.context["totp_svg"]


def test_wrong_code_does_not_activate(logged_in):
    prove(logged_in, f"{INDEX}activer/")
    page = logged_in.post(f"{INDEX}activer/", {"code": "000000"})
    assert "recopiez celui que l’application affiche" in read(page)
    assert not Authenticator.objects.exists()


def test_activation_gives_ten_recovery_codes_and_is_confirmed_by_mail(logged_in, secret):
    assert len(recovery_codes(logged_in)) == 10
    assert mail.outbox[-1].subject == "La double vérification est activée sur le portail CTG"
    assert title(logged_in.get(INDEX)) == "La double vérification protège votre compte"
    assert "10 sur 10" in read(logged_in.get(INDEX))


@pytest.mark.parametrize("way", ["password", "code"])
def test_log_in_asks_for_the_code(logged_in, user, secret, log_in, way):
    logged_in.logout()
    if way == "password":
        page = log_in(user)
    else:
        logged_in.post("/connexion/code/", {"email": user.email})
        sent = re.search(r"[B-Z]{4}-[B-Z]{4}", mail.outbox[-1].body)[0]
        page = logged_in.post("/connexion/code/confirmer/", {"code": sent}, follow=True)
    assert title(page) == "Saisissez le code de votre application"
    read(page)
    assert "_auth_user_id" not in logged_in.session
    refused = logged_in.post("/connexion/verification/", {"code": "000000"})
    assert "Ce code n’est pas bon, ou a déjà servi." in read(refused)
    logged_in.post("/connexion/verification/", {"code": code_for(secret)})
    assert "_auth_user_id" in logged_in.session


@pytest.mark.parametrize("way", ["password", "code"])
@pytest.mark.parametrize("code", ["application", "recovery"])
def test_a_person_stays_as_asked_before_the_code(logged_in, user, secret, way, code):
    """The wish is told with the password or the address, and counts once the code is given."""
    code = code_for(secret) if code == "application" else recovery_codes(logged_in)[0]
    logged_in.logout()
    log_in = by_password if way == "password" else by_code
    log_in(logged_in, user, stay="on")
    assert lasts(logged_in) <= timedelta(hours=12)
    logged_in.post("/connexion/verification/", {"code": code})
    assert "_auth_user_id" in logged_in.session
    assert lasts(logged_in) > timedelta(days=29)
    logged_in.logout()
    log_in(logged_in, user)
    logged_in.post("/connexion/verification/", {"code": recovery_codes_of(user)[-1]})
    assert lasts(logged_in) <= timedelta(hours=12)


def test_a_reader_of_protected_figures_does_not_stay_logged_in_by_a_code(logged_in, user, secret):
    give_secret_access(user)
    logged_in.logout()
    by_password(logged_in, user, stay="on")
    page = logged_in.post("/connexion/verification/", {"code": code_for(secret)}, follow=True)
    assert "que protège le secret statistique" in text_of(page.content.decode())
    assert lasts(logged_in) <= timedelta(hours=12)
    assert ends_with_the_browser(logged_in)


def test_guessing_codes_is_slowed_down(logged_in, user, secret, log_in):
    logged_in.logout()
    log_in(user)
    for _ in range(5):
        logged_in.post("/connexion/verification/", {"code": "000000"})
    page = logged_in.post("/connexion/verification/", {"code": code_for(secret)})
    assert "Trop d’essais. Patientez cinq minutes" in read(page)
    assert "_auth_user_id" not in logged_in.session


def test_recovery_code_serves_once(logged_in, user, secret, log_in):
    code = recovery_codes(logged_in)[0]
    for works in (True, False):
        logged_in.logout()
        log_in(user)
        logged_in.post("/connexion/verification/", {"code": code})
        assert ("_auth_user_id" in logged_in.session) is works


def test_recovery_codes_are_downloaded_under_a_french_name(logged_in, user, secret):
    response = logged_in.get("/compte/codes-de-secours/telecharger/")
    assert response["Content-Disposition"] == 'attachment; filename="codes-de-secours.txt"'
    lines = response.content.decode().split("\n")
    assert user.email in lines[0]
    assert [line for line in lines if line.isdigit()] == recovery_codes(logged_in)


def test_new_recovery_codes_replace_the_old(logged_in, secret):
    before = recovery_codes(logged_in)
    read(logged_in.get("/compte/codes-de-secours/nouveaux/"))
    page = logged_in.post("/compte/codes-de-secours/nouveaux/", follow=True)
    assert title(page) == "Gardez vos codes de secours en lieu sûr"
    read(page)
    assert not set(before) & set(recovery_codes(logged_in))
    assert mail.outbox[-1].subject == "Vos codes de secours du portail CTG ont été remplacés"


def test_the_page_of_recovery_codes_says_that_all_are_used(logged_in, secret):
    codes = Authenticator.objects.get(type="recovery_codes")
    codes.data["used_mask"] = 2**10 - 1
    codes.save()
    assert title(logged_in.get("/compte/codes-de-secours/")) == "Vos codes de secours sont épuisés"
    assert "0 sur 10" in read(logged_in.get(INDEX))


def test_deactivation_removes_all_authenticators_and_is_confirmed_by_mail(
    logged_in, user, secret, log_in
):
    read(logged_in.get(f"{INDEX}desactiver/"))
    page = logged_in.post(f"{INDEX}desactiver/", follow=True)
    assert "La double vérification est désactivée." in read(page)
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "La double vérification est désactivée sur le portail CTG"
    logged_in.logout()
    log_in(user)
    assert "_auth_user_id" in logged_in.session


def test_application_proves_who_one_is(client, user, logged_in, secret, log_in):
    client.logout()
    log_in(user)
    client.post("/connexion/verification/", {"code": recovery_codes_of(user)[0]})
    url = f"/compte/confirmer-identite/code/?next={INDEX}desactiver/"
    page = read(client.get(url))
    assert "Utiliser plutôt votre mot de passe" in page
    assert "Utiliser plutôt un code" in read(client.get("/compte/confirmer-identite/"))
    page = client.post(url, {"code": recovery_codes_of(user)[0]}, follow=True)
    assert title(page) == "Désactivez la double vérification"


def recovery_codes_of(user) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def test_the_address_may_be_changed_under_double_verification(logged_in, user, secret):
    data = {"email": "autre@caf.example", "action_add": ""}
    page = logged_in.post("/compte/adresse/", data, follow=True)
    assert title(page) == "Votre nouvelle adresse attend sa confirmation"
    page = logged_in.post(link_in_mail(), follow=True)
    assert "Votre adresse est maintenant autre@caf.example." in read(page)
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_double_verification_may_be_activated_while_a_new_address_awaits_confirmation(
    confirmed, user
):
    user.emailaddress_set.create(email="autre@caf.example")
    page = confirmed.get(f"{INDEX}activer/")
    assert title(page) == "Activez la double vérification"


def test_key_is_read_in_fours_and_opens_the_application_of_the_same_telephone(confirmed):
    page = confirmed.get(f"{INDEX}activer/").content.decode()
    assert re.search(r'class="secret">\w{4}( \w{4})+<', page)
    assert 'href="otpauth://totp/camille.martin%40caf.example?secret=' in page
    assert "Ouvrir dans l’application" in page
