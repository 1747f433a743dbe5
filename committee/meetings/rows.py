"""Rows of a meeting, locked for the event that changes them."""

from committee.meetings.models import AgendaItem, Meeting
from ctg_portal.rules import Refusal, Refused

GONE = Refusal("Ce point n’est plus à l’ordre du jour.")


def lock_meeting(meeting: Meeting) -> Meeting:
    """Return the meeting as it is now, locked, with its convention and body."""
    rows = Meeting.objects.select_related("convention", "body")
    return rows.select_for_update(of=("self",)).get(pk=meeting.pk)


def lock_item(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    """Return an item of a meeting that the caller has locked. Raises Refused when it is gone."""
    row = meeting.items.filter(pk=item.pk).first()
    if row is None:
        raise Refused(GONE)
    row.meeting = meeting
    return row
