"""The people whom most tests of the action plan start from."""

from tests.agreements.factories import Committee, committee_of
from tests.factories import MembershipFactory
from tests.stories import told_once


@told_once
def committee(db) -> Committee:
    """Return a convention whose two parties must agree."""
    return committee_of()


@told_once
def agent(committee):
    """Return somebody who contributes for the Caf, which leads the actions of the factories."""
    return MembershipFactory(organisation=committee.caf).user


@told_once
def reader(committee):
    """Return somebody who only reads."""
    return MembershipFactory(organisation=committee.caf, reader=True).user
