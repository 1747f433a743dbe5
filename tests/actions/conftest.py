"""The people whom most tests of the action plan start from."""

import pytest

from tests.agreements.factories import Committee, committee_of
from tests.factories import MembershipFactory


@pytest.fixture
def committee(db) -> Committee:
    """A convention whose two parties must agree."""
    return committee_of()


@pytest.fixture
def agent(committee):
    """Who contributes for the Caf, which leads the actions of the factories."""
    return MembershipFactory(organisation=committee.caf).user


@pytest.fixture
def reader(committee):
    """Who only reads."""
    return MembershipFactory(organisation=committee.caf, reader=True).user
