"""Fixtures and helpers of the tests of accounts."""

import re

import pytest
from django.core import mail
from django_tasks.backends.immediate import ImmediateBackend
from post_office import connections

from ctg_portal import settings as configured
from tests import factories as f
from tests.stories import told_once

MEMORY = "django.core.mail.backends.locmem.EmailBackend"


def use_transport(settings, backend):
    """Set the backend through which the outbox delivers."""
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": backend}}
    connections.connections.close()


@pytest.fixture
def outbox(settings, monkeypatch, tmp_path):
    """Set the portal's own backend, which the test runner replaced, with a lock of its own."""
    settings.EMAIL_BACKEND = configured.EMAIL_BACKEND
    use_transport(settings, MEMORY)
    deliver = "post_office.mail.send_queued_mail_until_done.__defaults__"
    monkeypatch.setattr(deliver, (str(tmp_path / "lock"), 1, None))


@pytest.fixture
def no_worker(monkeypatch):
    """Let no worker run the queued tasks."""
    monkeypatch.setattr(ImmediateBackend, "enqueue", lambda *args, **kwargs: None)


@told_once
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
    """Return a client in which ``user`` is logged in."""
    log_in(user)
    return client


@pytest.fixture
def confirmed(logged_in):
    """Return a client in which ``user`` is logged in and has just reauthenticated."""
    logged_in.post("/compte/confirmer-identite/", {"password": f.PASSWORD})
    return logged_in


def code_in_mail() -> str:
    """Return the log-in code of the last message."""
    return re.search(r"^[B-Z]{4}-[B-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def link_in_mail() -> str:
    """Return the path of the first link of the last message."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
