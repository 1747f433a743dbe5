"""What the parties agree to about a passage changes no published evaluation."""

import pytest

from evaluation.publication.events import changed_since
from evaluation.verdicts.events import appreciate
from evaluation.year.for_reader import published_texts
from evaluation.year.reading import read_year
from tests.committee.reclassifications.scene import reclassified
from tests.evaluation.publication.scene import YEAR, written_year
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee(db):
    committee = written_year()
    by = committee.coordinator
    appreciate(committee.orientation, YEAR, "reached", "", revision=0, by=by)
    return committee


def test_a_published_evaluation_stays_as_it_was(committee, published_edition):
    def verdicts() -> dict[str, str]:
        texts = published_texts(committee.convention, YEAR)
        reading = read_year(committee.convention, committee.campaign, texts)
        return {one.title: one.verdict for one in reading.objectives}

    before = verdicts()
    assert before[committee.orientation.title]
    reclassified(committee, committee.orientation)
    assert verdicts() == before
    assert changed_since(published_edition) is None


def test_an_evaluation_that_the_parties_are_asked_about_stays_as_it_was(
    committee, proposed_edition
):
    reclassified(committee, committee.orientation)
    proposed_edition.refresh_from_db()
    assert proposed_edition.is_proposed
    assert changed_since(proposed_edition) is None
