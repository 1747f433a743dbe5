"""A real worker: its database is restarted, it is killed in the middle, it is told to stop.

It runs in a process of its own, on the database of the test.
"""

import signal

import pytest
from django.db import connection
from django.utils import timezone

from documents.drawing.events import cancel, request_drawing
from documents.drawing.models import CompositionState
from evaluation.models import Report
from evaluation.report.events import request_report
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.factories import UserFactory
from tests.indicators.factories import figures, indicator_in_force
from tests.workers import PATIENCE, aside_of, processes, until

pytestmark = ON_POSTGRESQL


@pytest.fixture
def report(transactional_db):
    """One that waits."""
    committee = committee_of()
    figures(committee, indicator_in_force(committee), {2022: 410, 2023: 430})
    return request_report(committee.convention, 2023, digest="1" * 64, by=committee.coordinator)


@pytest.fixture
def start(tmp_path):
    with processes(tmp_path / "log") as start:
        yield start


def is_in(state: str, report: Report) -> bool:
    return Report.objects.filter(pk=report.pk, state=state).exists()


def cut() -> int:
    """Cut the connections of others to this database, as a restart of PostgreSQL does: how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


@pytest.mark.long
def test_a_worker_outlives_its_database_and_its_work_outlives_the_worker(report, start, tmp_path):
    first, aside = start(), aside_of(tmp_path / "log")
    until(lambda: is_in(CompositionState.COMPOSING, report))
    until(cut)
    until(cut)  # the one of the worker, and the one of what draws, in whatever order
    until(lambda: is_in(CompositionState.READY, report) or first.poll() is not None)
    assert first.poll() is None

    again = _asked_again(report)
    until(lambda: is_in(CompositionState.COMPOSING, again))
    first.send_signal(signal.SIGKILL)
    first.wait()

    def taken_up():
        """The lease passes; what drew for the killed worker may hold it for a second more."""
        Report.objects.filter(pk=again.pk).update(lease_until=timezone.now())
        assert start("--batch").wait(PATIENCE) == 0
        return is_in(CompositionState.READY, again)

    until(taken_up)
    assert Report.objects.get(pk=again.pk).size > 1000
    assert not list(aside.iterdir())  # of any of them, nor of what was killed


def test_a_cancelled_document_makes_room_and_a_stopped_worker_requeues_its_work(report, start):
    worker = start()
    until(lambda: is_in(CompositionState.COMPOSING, report))
    cancel(report, by=report.requested_by)
    report = _asked_again(report)
    until(lambda: is_in(CompositionState.COMPOSING, report))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
    assert is_in(CompositionState.QUEUED, report)


def test_two_requests_of_one_person_make_one_document(transactional_db, leaflet):
    user = UserFactory()

    def ask(n):
        asked = leaflet.ask("7", {"n": n}, user)
        return request_drawing(leaflet, "7", {"n": n}, asked, by=user)

    (first, is_same), (second, is_other) = at_once(lambda: ask(1), lambda: ask(2))
    assert first == second
    assert (is_same, is_other) == (True, False)


def _asked_again(report: Report) -> Report:
    return request_report(report.convention, 2023, digest="2" * 64, by=report.requested_by)
