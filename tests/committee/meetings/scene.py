"""Meetings of a committee of the tests."""

import datetime

from django.utils import timezone

from committee.meetings import agenda, bodies, events
from committee.models import Attendee, Meeting
from tests.agreements.factories import Committee


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def prepared(committee: Committee, days: int | None = 30, *, kind="steering", **others) -> Meeting:
    """A meeting in so many days (None: without a day), with one item."""
    fields = {
        "day": in_days(days) if days is not None else None,
        "begins_at": datetime.time(14),
        "ends_at": datetime.time(16),
        "place": "Hôtel d’agglomération",
    } | others
    body = bodies.body_of(committee.convention, kind)
    meeting = events.prepare_meeting(committee.convention, body, **fields, by=committee.coordinator)
    item(committee, meeting, "Ouverture")
    return meeting


def item(committee: Committee, meeting: Meeting, title: str, **others):
    fields = {"kind": "information", "minutes": 15} | others
    return agenda.add_item(meeting, title=title, **fields, by=committee.coordinator)


def convened(committee: Committee, days: int = 30, **others) -> Meeting:
    meeting = prepared(committee, days, **others)
    return events.convene(meeting, by=committee.coordinator)


def row_of(meeting: Meeting, person) -> Attendee:
    """The row of an account, or of a name."""
    by = {"name": person} if isinstance(person, str) else {"user": person}
    return meeting.attendees.get(**by)


def moved_to(meeting: Meeting, days: int) -> Meeting:
    """The same meeting, as if it were in so many days."""
    Meeting.objects.filter(pk=meeting.pk).update(day=in_days(days))
    meeting.refresh_from_db()
    return meeting


def session_about(committee, versions):
    """A meeting of today with two items, the second about some points; all members are present."""
    meeting = prepared(committee)
    item(committee, meeting, "Les lieux", kind="decision", versions=versions)
    meeting = moved_to(events.convene(meeting, by=committee.coordinator), 0)
    meeting.attendees.filter(commits=True).update(is_present=True)
    return meeting
