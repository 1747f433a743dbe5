"""A meeting as a calendar reads it (.ics): its hour, place and agenda, updated and cancelled.

It asks for no answer: a calendar would send it to the portal's address, which nobody reads.
"""

import datetime
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from committee.meetings.models import Meeting
from committee.meetings.reading import planned_items
from ctg_portal.text.typography import CONTROLS

SPACES = re.compile(r"\s+")


def draw_calendar(meeting: Meeting) -> bytes:
    """Return the .ics of a meeting with a day: that of a cancelled meeting takes it out again."""
    calendar = Calendar()
    calendar.add("prodid", "-//Portail CTG//Réunions//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.is_cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"reunion-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", meeting.moment(meeting.begins_at).astimezone(datetime.UTC))
    event.add("dtend", meeting.moment(meeting.ends_at).astimezone(datetime.UTC))
    event.add("summary", _line(f"{meeting.body.name} – CTG {meeting.convention.territory}"))
    if meeting.place or meeting.link:
        event.add("location", _line(meeting.place or meeting.link))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    page = reverse("committee:meeting", args=[meeting.convention.slug, meeting.pk])
    event.add("url", settings.SITE_URL + page)
    agenda = [f"{row.begins:%H:%M} {_line(row.item.title)}" for row in planned_items(meeting)]
    link = [_line(meeting.link)] if meeting.link else []
    event.add("description", "\n".join([*agenda, *link]))
    calendar.add_component(event)
    return calendar.to_ical()


def _line(text: str) -> str:
    """Return a text as one line, without control characters."""
    return SPACES.sub(" ", CONTROLS.sub(" ", text)).strip()
