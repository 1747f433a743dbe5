"""Two people at the same moment: both decide, one convenes while the other cancels."""

from committee.meetings import events
from committee.meetings.decisions.events import decide
from committee.models import Decision, Meeting
from ctg_portal.rules import Refused
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.committee.meetings.scene import prepared

pytestmark = ON_POSTGRESQL


def test_two_decisions_written_at_once_have_two_numbers():
    committee = committee_of()
    meeting = prepared(committee, -1)
    outcomes = at_once(
        lambda: decide(meeting, text="A", by=committee.coordinator),
        lambda: decide(meeting, text="B", by=committee.coordinator),
    )
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert sorted(Decision.objects.values_list("number", flat=True)) == [1, 2]


def test_a_meeting_that_is_being_cancelled_is_not_convened():
    committee = committee_of()
    meeting = prepared(committee)
    outcomes = at_once(
        lambda: events.cancel_meeting(meeting, reason="Grève.", by=committee.coordinator),
        lambda: events.convene(meeting, by=committee.coordinator),
    )
    assert isinstance(outcomes[1], Refused)
    assert Meeting.objects.get().is_cancelled
