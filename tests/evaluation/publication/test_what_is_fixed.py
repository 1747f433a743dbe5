"""What a published evaluation tells as agreed to is not taken back any more; all else is: whether
the convention is open to everybody or compared with others, and what is discussed again."""

import datetime

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply, retract
from agreements.models import Answer
from ctg_portal.rules import Refused
from evaluation.models import PublicPage
from evaluation.opening.events import propose_opening
from indicators.comparison.events import propose_comparison
from indicators.models import Comparison
from tests.agreements.factories import agreed_since
from tests.evaluation.publication.scene import YEAR, published, written_year

pytestmark = pytest.mark.django_db
DAY = datetime.date(YEAR, 3, 1)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_party_closes_what_is_open_once_a_year_is_published():
    committee = written_year()
    version = propose_opening(committee.convention, is_open=True, by=committee.coordinator)
    committee.agree(version)
    agreed_since(version, DAY)
    published(committee)
    retract(version, reason="Refermons.", by=committee.caf_member)
    assert not PublicPage.objects.get().is_open_to_all


def test_a_party_leaves_the_comparison_once_a_year_is_published():
    committee = written_year()
    version = propose_comparison(committee.convention, is_compared=True, by=committee.coordinator)
    committee.agree(version)
    agreed_since(version, DAY)
    published(committee)
    retract(version, reason="Nous partons.", by=committee.caf_member)
    assert not Comparison.objects.get().takes_part


@pytest.fixture(name="scene")
def reopened():
    """An objective of 2023; in 2024 the agglomération takes its agreement back, then 2023 is
    published, which tells it as it stood."""
    committee = written_year()
    version = committee.in_force_since(DAY)
    answers.retract(version, reason="Trop cher.", by=committee.epci_member)
    published(committee)
    version.refresh_from_db()
    assert version.is_proposed
    return committee, version


def test_an_answer_to_an_evaluation_is_undone_within_thirty_minutes(scene):
    committee, version = scene
    entry = answers.answer(
        Reply(version, Answer.CHANGE_REQUESTED, last_rank=2, reason="Moins cher"),
        by=committee.epci_member,
    )
    answers.undo([entry], by=committee.epci_member)


def test_an_agreement_by_mistake_is_undone_within_thirty_minutes(scene):
    committee, version = scene
    entry = answers.answer(Reply(version, last_rank=2), by=committee.epci_member)
    answers.undo([entry], by=committee.epci_member)
    version.refresh_from_db()
    assert version.is_proposed


def test_another_party_takes_its_agreement_back_within_thirty_minutes(scene):
    committee, version = scene
    answers.retract(version, reason="Nous aussi.", by=committee.caf_member)


def test_an_agreement_that_a_published_year_shows_is_not_taken_back_once_in_force_again():
    """The version was replaced when the year was published, and is in force again."""
    committee = written_year()
    first = committee.in_force_since(DAY)
    second = committee.edited(first, title="Ouvrir trois espaces")
    committee.agree(second)
    published(committee)
    answers.retract(second, reason="Trop.", by=committee.epci_member)
    first.refresh_from_db()
    assert first.is_in_force
    with pytest.raises(Refused, match="publiée"):
        answers.retract(first, reason="Et celui-ci.", by=committee.epci_member)
