"""Two workers, two requests at the same moment: one report, composed once."""

import pytest

from documents.drawing.events import take
from evaluation.models import Report
from evaluation.report.events import request_report
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL


@pytest.fixture
def committee(transactional_db):
    return committee_of()


def ask(committee):
    return request_report(committee.convention, 2023, digest="1" * 64, by=committee.coordinator)


def test_two_requests_make_one_report(committee):
    first, second = at_once(lambda: ask(committee), lambda: ask(committee))
    assert first == second
    assert Report.objects.count() == 1


def test_a_report_is_taken_by_one_of_two_workers(committee):
    report = ask(committee)
    taken = at_once(lambda: take(report), lambda: take(report))
    assert sorted(taken, key=str) == [1, None]
    report.refresh_from_db()
    assert report.attempts == 1
