"""A newcomer who may open conventions, and forms filled from their pages."""

from typing import Any

import pytest
from lxml import html

from conventions.models import Project
from tests import factories as f

LUMBRES = "246201016"
PLAN = """\
1. Accès aux droits
\tInclusion numérique
\t\tOuvrir deux points d’accueil numérique
\t\tFormer les secrétaires de mairie
2. Services aux familles
\tPetite enfance
\t\tCréer trente places d’accueil
"""


@pytest.fixture
def newcomer(db):
    return f.UserFactory(
        email="claire@lumbres.example", first_name="Claire", last_name="Morin",
        opens_conventions=True,
    )  # fmt: skip


@pytest.fixture
def as_newcomer(client, newcomer):
    client.force_login(newcomer)
    return client


@pytest.fixture
def project(newcomer):
    return Project.objects.create(owner=newcomer, updated_by=newcomer)


def fields_of(client, address: str) -> dict[str, Any]:
    """Return what the last form of a page would send, as it is filled."""
    page = html.fromstring(client.get(address).text)
    form = [form for form in page.forms if "csrfmiddlewaretoken" in form.fields][-1]
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values[name] = [*values[name], value] if name in values else [value]
    return values


def send(client, address: str, **changes):
    """Fill the form of a page otherwise and send it."""
    return client.post(address, fields_of(client, address) | changes)
