"""The edition of a year, as far on its way as its name says, that many tests begin from."""

import pytest

from evaluation.publication import events
from tests.evaluation.publication.scene import keep_drawn, now, proposed
from tests.stories import told_once


@told_once
def proposed_edition(committee):
    return proposed(committee)


@told_once
def agreed_edition(committee, proposed_edition):
    committee.agree(proposed_edition.version)
    return now(proposed_edition)


@pytest.fixture
def published_edition(committee, agreed_edition):
    """With its file, in the folder of the test."""
    keep_drawn(events.request_publication(agreed_edition, by=committee.coordinator))
    return now(agreed_edition)
