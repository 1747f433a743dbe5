"""Two people at the same moment: both decide, one convenes while the other cancels, both write in a
session, two members confirm one list, a text is amended while it is agreed to."""

from agreements.answers.events import Received
from agreements.answers.lights import point_of
from agreements.models import Agreement, Confirmation
from committee.meetings import events
from committee.meetings.decisions.events import decide
from committee.meetings.session.events import confirm_for, record_voices, write_item
from committee.models import Decision, Meeting
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.committee.meetings.scene import item, moved_to, prepared, row_of

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


def in_session():
    """A committee with a point on the agenda of today, all members present."""
    committee = committee_of()
    SeatFactory(organisation=committee.caf)
    version = committee.proposed("Ouvrir le lieu")
    meeting = prepared(committee)
    item(committee, meeting, "Les lieux", kind="decision", versions=[version])
    meeting = moved_to(events.convene(meeting, by=committee.coordinator), 0)
    meeting.attendees.filter(commits=True).update(is_present=True)
    return committee, meeting, version


def test_of_two_people_who_write_on_an_item_at_once_the_second_is_shown_both():
    committee, meeting, _version = in_session()
    row = meeting.items.last()

    def write(text):
        return lambda: write_item(
            meeting, row, notes=text, wording="", by=committee.coordinator, revision=row.revision
        )

    outcomes = at_once(write("A"), write("B"))
    [refused] = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert isinstance(refused.refusal, Rewritten)
    row.refresh_from_db()
    assert row.notes in ("A", "B")


def test_two_members_who_confirm_a_list_at_once_confirm_it_once():
    committee, meeting, version = in_session()
    speaker = row_of(meeting, committee.caf_member)
    recorded = record_voices(meeting, speaker, [Received(version)], by=committee.coordinator)
    entries = list(recorded.entries)
    users = [row.user for row in meeting.attendees.filter(organisation=committee.caf)]
    outcomes = at_once(
        *(lambda user=user: confirm_for(meeting, committee.caf, entries, by=user) for user in users)
    )
    assert len(users) == 2
    assert [isinstance(outcome, Refused) for outcome in outcomes].count(True) == 1
    assert Confirmation.objects.count() == 1


def test_a_text_amended_while_it_is_agreed_to_is_not_the_one_that_counts():
    committee, meeting, version = in_session()
    speaker = row_of(meeting, committee.caf_member)
    at_once(
        lambda: record_voices(meeting, speaker, [Received(version)], by=committee.coordinator),
        lambda: committee.edited(version, title="Ouvrir le lieu, autrement"),
    )
    latest = meeting.items.last().versions.get()
    assert latest.number == 2
    assert point_of(latest).recorded == {}
    assert Agreement.objects.filter(version=latest).count() == 0
