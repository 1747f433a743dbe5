"""The people and the collection of office files."""

from tests.agreements.factories import Committee, committee_of
from tests.factories import MembershipFactory
from tests.indicators.values.files.office import Office, office_of
from tests.stories import told_once


@told_once
def committee(db) -> Committee:
    return committee_of()


@told_once
def agent(committee):
    """Return who enters the figures of the Caf."""
    return MembershipFactory(organisation=committee.caf).user


@told_once
def office(committee, agent) -> Office:
    return office_of(committee)
