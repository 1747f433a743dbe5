"""Fixtures of the tests of conventions: one convention, who coordinates it, a contributor."""

import re

import pytest

from tests import factories as f
from tests.stories import told_once


@told_once
def convention(db):
    return f.ConventionFactory(slug="vallee", territory="Vallée")


@told_once
def coordinator(convention):
    """Return the access of the convention's only coordinator, Claire Morin."""
    return f.MembershipFactory(
        organisation=f.OrganisationFactory(convention=convention, kind="epci"),
        coordinator=True,
        user__first_name="Claire",
        user__last_name="Morin",
        user__email="coordination@vallee.example",
    )


@told_once
def caf(convention):
    return f.OrganisationFactory(convention=convention, acronym="Caf", name="Caf de la Vienne")


@told_once
def agent(caf, coordinator):
    """Return the access of a contributor of the Caf, Nadia Lefèvre, beside the coordinator's."""
    return f.MembershipFactory(
        organisation=caf,
        user__first_name="Nadia",
        user__last_name="Lefèvre",
        user__email="agent@caf.example",
    )


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator.user)
    return client


@pytest.fixture
def as_agent(client, agent):
    client.force_login(agent.user)
    return client


@told_once
def stranger(db):
    """Return the coordinator of another convention."""
    return f.MembershipFactory(coordinator=True).user


def roles_of(user) -> set[str]:
    """Return the roles that ``user`` has today, in any convention."""
    return set(user.memberships.active().values_list("role", flat=True))


def path_in_mail(message) -> str:
    """Return the path of the invitation in ``message``."""
    return re.search(r"https://ctg\.example(/invitation/\S+)", message.body)[1]
