"""How the committee has worked in a year, as its evaluation says."""

import datetime

import pytest
from django.utils import timezone

from committee.meetings import bodies, events
from committee.meetings.decisions.events import decide, report
from committee.meetings.governance import read_governance
from committee.models import DecisionTransition, Meeting
from tests.agreements.factories import committee_of
from tests.committee.meetings.scene import prepared, row_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

FIRST, LAST = datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)


@told_once
def committee():
    return committee_of()


def held_meeting(committee, day: datetime.date, *present, kind="steering") -> Meeting:
    meeting = prepared(committee, -1, kind=kind)
    events.hold(meeting, by=committee.coordinator)
    keys = [row_of(meeting, person).pk for person in present]
    events.tick_present(meeting, shown=[], present=keys, by=committee.coordinator)
    Meeting.objects.filter(pk=meeting.pk).update(day=day)
    meeting.refresh_from_db()
    return meeting


def test_a_year_without_a_meeting_has_none(committee):
    held_meeting(committee, datetime.date(2024, 1, 1))
    assert read_governance(committee.convention, FIRST, LAST) is None


def test_seats_meetings_and_presence_are_counted_by_party(committee):
    held_meeting(committee, datetime.date(2023, 3, 1), committee.caf_member)
    held_meeting(committee, datetime.date(2023, 9, 1), committee.caf_member, committee.epci_member)
    governance = read_governance(committee.convention, FIRST, timezone.localdate())
    assert governance.sentence == "Deux réunions tenues."
    assert [(row.name, row.attendance) for row in governance.seats] == [
        (committee.caf.name, "2 sur 2"), (committee.epci.name, "1 sur 2"),
    ]  # fmt: skip
    assert governance.seats[0].seats.replace("\u00a0", " ") == "1 membre"
    assert [row.present for row in governance.meetings] == ["1", "2"]
    assert (
        governance.meetings[0].title.replace("\u00a0", " ") == "Comité de pilotage du 1er mars 2023"
    )


def test_a_technical_committee_counts_for_no_presence(committee):
    bodies.body_of(committee.convention, "technical")
    held_meeting(committee, datetime.date(2023, 3, 1), kind="technical")
    governance = read_governance(committee.convention, FIRST, timezone.localdate())
    assert {row.attendance for row in governance.seats} == {""}


def test_decisions_have_the_state_of_the_last_day(committee):
    meeting = held_meeting(committee, datetime.date(2023, 3, 1))
    by = {"by": committee.coordinator}
    early = decide(meeting, text="Ouvrir", owner=committee.caf, **by)
    late = decide(meeting, text="Fermer", follows=True, **by)
    for decision in (early, late):
        report(decision, text="Fait.", is_done=True, **by)
    moments = {"entrusted": (2023, 3, 1), "done": (2023, 6, 1)}
    for verb, day in moments.items():
        moment = datetime.datetime(*day, tzinfo=datetime.UTC)
        DecisionTransition.objects.filter(decision=early, verb=verb).update(created_at=moment)
    governance = read_governance(committee.convention, FIRST, LAST)
    assert [(row.title, row.state) for row in governance.decisions] == [
        ("Décision 2023-01", "faite"), ("Décision 2023-02", "à suivre"),
    ]  # fmt: skip
    assert governance.sentence == "Une réunion tenue, deux décisions prises, dont une faite."
