"""What is written of accesses: who, what, from which network; never an address or a secret."""

import logging

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.test import Client

from accounts import log
from ctg_portal.hosting.logs import without_secrets
from tests import factories as f
from tests.accounts.conftest import code_in_mail, link_in_mail
from tests.accounts.test_double_verification import INDEX, code_for, prove, recovery_codes

HERE = {"REMOTE_ADDR": "203.0.113.77"}
NETWORK = "203.0.113.0/24"


@pytest.fixture
def client():
    return Client(**HERE)


@pytest.fixture
def lines(caplog):
    """``lines()`` returns what was written since the last call; each line has the network, and
    nothing that opens an account."""
    caplog.set_level(logging.INFO, "portal.accounts")

    def read() -> list[str]:
        written = [record for record in caplog.records if record.name == "portal.accounts"]
        caplog.clear()
        for record in written:
            text = record.getMessage()
            assert f"from={NETWORK}" in text
            assert "@" not in text
            assert f.PASSWORD not in text
            assert without_secrets(text) == text
        return [f"{r.event} {r.user or '-'} {r.detail}".strip() for r in written]

    return read


def test_a_log_in_is_written_with_its_ways(client, user, log_in, lines):
    log_in(user)
    assert lines() == [f"login {user.pk} password"]


def test_a_log_in_by_code_and_a_wrong_code_are_written(client, user, lines):
    client.post("/connexion/code/", {"email": user.email})
    client.post("/connexion/code/confirmer/", {"code": "BBBB-BBBB"})
    client.post("/connexion/code/confirmer/", {"code": code_in_mail()})
    assert lines() == [
        f"code_asked {user.pk}", f"code_failed {user.pk}", f"login {user.pk} code"
    ]  # fmt: skip


def test_a_failure_is_written_with_the_account_but_not_an_unknown_address(user, lines):
    for email in (user.email, "inconnu@caf.example"):
        client = Client(**HERE)
        client.post("/connexion/", {"login": email, "password": "pas-celui-la"})
        client.post("/connexion/code/", {"email": email})
        client.post("/mot-de-passe-oublie/", {"email": email})
    expected = ["login_failed", "code_asked", "reset_asked"]
    assert lines() == [f"{event} {who}" for who in (user.pk, "-") for event in expected]


def test_limits_are_written(client, user, lines):
    for _ in range(6):
        client.post("/connexion/", {"login": user.email, "password": "au-hasard"})
    for n in range(12):
        client.post("/connexion/", {"login": f"x{n}@caf.example", "password": "au-hasard"})
    for _ in range(20):
        client.post("/connexion/", {"login": "", "password": ""})
    written = lines()
    assert "limited - too_many_login_attempts" in written
    assert written[-1] == "limited - too_many_requests"


def test_a_reset_is_written(client, user, lines):
    client.post("/mot-de-passe-oublie/", {"email": user.email})
    page = client.get(link_in_mail(), follow=True)
    lines()
    new = {"password1": "tournesol cargo plume", "password2": "tournesol cargo plume"}
    client.post(page.request["PATH_INFO"], new)
    assert lines() == [f"password_reset {user.pk}", f"login {user.pk} password_reset"]


def test_a_change_of_address_is_written(client, user, log_in, lines):
    log_in(user)
    client.post("/compte/confirmer-identite/", {"password": f.PASSWORD})
    lines()
    client.post("/compte/adresse/", {"email": "neuve@caf.example", "action_add": ""})
    client.post(link_in_mail())
    assert lines() == [f"address_asked {user.pk}", f"address_changed {user.pk}"]


@pytest.mark.django_db(transaction=True)
def test_the_second_factor_is_written_as_it_is_set_failed_replaced_and_removed(
    client, user, log_in, lines
):
    log_in(user)
    secret = prove(client, f"{INDEX}activer/").context["form"].secret
    lines()
    client.post(f"{INDEX}activer/", {"code": code_for(secret)})
    assert lines()[0] == f"second_factor_set {user.pk} totp"
    [code, *_] = recovery_codes(client)
    client.post("/deconnexion/")
    log_in(user)
    client.post("/connexion/verification/", {"code": "000000"})
    client.post("/connexion/verification/", {"code": code})
    assert lines() == [
        f"second_factor_failed {user.pk} totp",
        f"second_factor_used {user.pk} recovery_codes",
        f"login {user.pk} password+mfa",
    ]
    prove(client, f"{INDEX}desactiver/")
    lines()
    client.post(f"{INDEX}desactiver/")
    assert not Authenticator.objects.exists()
    assert lines() == [f"second_factor_removed {user.pk} {kind}"
                       for kind in ("totp", "recovery_codes")]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::9", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", "-"),
    ],
)
def test_an_address_is_shortened_to_its_network(address, network):
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = address
    assert log.network_of(request) == network


def test_behind_a_proxy_the_network_is_that_of_the_client(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.9"}
    assert log.network_of(request) == "198.51.100.0/24"
