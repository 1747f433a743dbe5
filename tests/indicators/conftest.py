"""Create the people from whom most tests of the indicators start."""

from tests.agreements.factories import Committee, committee_of
from tests.factories import MembershipFactory
from tests.stories import told_once


@told_once
def committee(db) -> Committee:
    """Create a convention whose two parties must agree."""
    return committee_of()


@told_once
def agent(committee):
    """Return who enters the figures of the Caf."""
    return MembershipFactory(organisation=committee.caf).user


@told_once
def colleague(committee):
    """Return another person of the Caf, who verifies."""
    return MembershipFactory(organisation=committee.caf).user
