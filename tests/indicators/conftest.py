"""The people whom most tests of the evaluation start from."""

from tests.agreements.factories import Committee, committee_of
from tests.factories import MembershipFactory
from tests.stories import told_once


@told_once
def committee(db) -> Committee:
    """A convention whose two parties must agree."""
    return committee_of()


@told_once
def agent(committee):
    """Who enters the figures of the Caf."""
    return MembershipFactory(organisation=committee.caf).user


@told_once
def colleague(committee):
    """Another person of the Caf, who verifies."""
    return MembershipFactory(organisation=committee.caf).user
