"""What keeps a document has its row for as long as that takes; nobody waits for it meanwhile."""

from datetime import timedelta

import pytest

from ctg_portal.rules import Refused
from documents.drawing import events
from documents.drawing.events import (
    cancel,
    renew_lease,
    renew_lease_unless_locked,
    request_drawing,
    store_result,
    take,
)
from documents.drawing.models import Stage
from tests.at_once import ON_POSTGRESQL, at_once
from tests.factories import UserFactory

pytestmark = ON_POSTGRESQL


@pytest.fixture
def reader(transactional_db):
    return UserFactory()


@pytest.fixture
def drawing(leaflet, reader):
    asked = leaflet.ask("7", {"n": 1}, reader)
    return request_drawing(leaflet, "7", {"n": 1}, asked, by=reader)[0]


def while_kept(drawing, act):
    """What becomes of an act at the moment at which its document is being kept."""
    attempt = take(drawing)
    renew_lease(drawing, attempt, stage=Stage.KEEPING)
    document, outcome = at_once(
        lambda: store_result(drawing, attempt, b"whole", 1), lambda: act(attempt)
    )
    assert document.is_ready
    return outcome


def test_renewing_a_lease_does_not_wait_for_a_document_being_stored(drawing):
    """A killed worker would otherwise stop the next one."""
    assert while_kept(drawing, lambda attempt: renew_lease_unless_locked(drawing, attempt)) is None


def test_a_worker_does_not_take_a_document_being_stored(drawing, monkeypatch):
    # Its lease is over: it is not held for longer while it is kept.
    monkeypatch.setattr(events, "LEASE", timedelta(seconds=-1))
    assert while_kept(drawing, lambda attempt: take(drawing)) is None


def test_cancelling_a_document_being_stored_is_refused_with_its_reason(drawing, reader):
    outcome = while_kept(drawing, lambda attempt: cancel(drawing, by=reader))
    assert isinstance(outcome, Refused)
    assert "s’enregistre" in outcome.refusal.reason
