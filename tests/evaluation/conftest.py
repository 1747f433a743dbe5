"""The people whom most tests of the evaluation start from."""

import pytest

from tests.committee.factories import Committee, committee_of
from tests.factories import MembershipFactory


@pytest.fixture
def committee(db) -> Committee:
    """A convention whose two parties must agree."""
    return committee_of()


@pytest.fixture
def agent(committee):
    """Who enters the figures of the Caf."""
    return MembershipFactory(organisation=committee.caf).user


@pytest.fixture
def colleague(committee):
    """Another person of the Caf, who verifies."""
    return MembershipFactory(organisation=committee.caf).user
