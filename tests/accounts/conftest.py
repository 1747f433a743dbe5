"""What the tests of accounts share."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from tests import factories as f


@pytest.fixture(autouse=True)
def _fresh_counts():
    """Throttling counts in the cache: no test starts with another's attempts."""
    cache.clear()


@pytest.fixture
def user(db):
    return f.UserFactory(email="camille.martin@caf.example", last_name="Martin")


@pytest.fixture
def log_in(client):
    """``log_in(user)`` goes through the log-in page, with the password."""

    def go(user, password=f.PASSWORD):
        credentials = {"login": user.email, "password": password}
        return client.post("/connexion/", credentials, follow=True)

    return go


@pytest.fixture
def logged_in(client, user, log_in):
    """A browser in which ``user`` is logged in."""
    log_in(user)
    return client


@pytest.fixture
def confirmed(logged_in):
    """A browser in which ``user`` is logged in, and has just proved it."""
    logged_in.post("/compte/confirmer-identite/", {"password": f.PASSWORD})
    return logged_in


def code_in_mail() -> str:
    """The log-in code of the last message."""
    return re.search(r"^[B-Z]{4}-[B-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def link_in_mail() -> str:
    """The path of the first link of the last message."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
