"""What is written to who is convened: ten lines with the agenda, and the date for their calendar.

An event puts a letter on the attendee's row (``Attendee.letter``); the worker sends it and takes it
from there, the clock what a killed worker has left. A dead mail server is the outbox's to survive.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from committee.meetings.calendar import draw_calendar
from committee.meetings.minutes.documents import draw_approved_minutes
from committee.meetings.minutes.models import minutes_of
from committee.meetings.models import Attendee, Letter, Meeting
from committee.meetings.reading import PlannedItem, planned_items
from committee.meetings.tokens import address_of
from committee.meetings.words import describe_when, format_hour
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.typography import polish
from documents.uploads import clean_name

MOST_LINES = 8
AT_ONCE = 50
SUBJECTS = {
    Letter.CONVENED: "{title} : venez-vous ?",
    Letter.MOVED: "{title} : la réunion a changé de jour, d’heure ou de lieu",
    Letter.UPDATED: "{title} : l’ordre du jour a changé",
    Letter.REMINDED: "{title} : dites si vous venez",
    Letter.CANCELLED: "{title} : la réunion est annulée",
    Letter.MINUTES: "{title} : le compte rendu est approuvé",
}


@dataclass(frozen=True)
class Announced:
    """A meeting as letters describe it, read once for all who are written to."""

    meeting: Meeting
    planned: list[PlannedItem]
    calendar: bytes
    minutes: bytes | None = None  # as PDF, where they are approved

    @property
    def title(self) -> str:
        """The body with day and hour: « Comité de pilotage le 14 mars 2024 à 14 h »."""
        meeting = self.meeting
        hour = format_hour(meeting.begins_at)
        return f"{meeting.body.name} le {long_date(meeting.day)} à {hour}"

    @property
    def shown(self) -> list[PlannedItem]:
        return self.planned[:MOST_LINES]

    @property
    def left(self) -> int:
        return len(self.planned) - len(self.shown)

    @property
    def reason(self) -> str:
        """The reason why the meeting was cancelled; empty where it was not."""
        last = self.meeting.transitions.filter(verb="cancelled").order_by("-pk").first()
        return last.reason if last else ""


def post_letters() -> None:
    """Let the worker send what is to be sent, once the transaction is committed."""
    transaction.on_commit(send_letters.enqueue)


@task()
def send_letters() -> None:
    """Send the letters that wait, some at a time, each once whoever else sends them too."""
    while _send_some():
        pass


def send_waiting_letters() -> None:
    """Send what a worker has left behind."""
    send_letters.call()


def _send_some() -> int:
    """Send up to ``AT_ONCE`` letters in a transaction; return how many."""
    with transaction.atomic():
        waiting = Attendee.objects.to_write_to().order_by("meeting_id", "pk")
        locked = waiting.select_for_update(of=("self",), skip_locked=True).select_related("user")
        rows = list(locked[:AT_ONCE])
        keys = {row.meeting_id for row in rows}
        meetings = Meeting.objects.filter(pk__in=keys).select_related("convention", "body")
        sent = {row.meeting_id for row in rows if row.letter == Letter.MINUTES}
        announced = {
            meeting.pk: Announced(
                meeting, planned_items(meeting), draw_calendar(meeting),
                _minutes(meeting) if meeting.pk in sent else None,
            )
            for meeting in meetings
            if meeting.day
        }  # fmt: skip
        for row in rows:
            if row.address and row.meeting_id in announced:
                row.meeting = announced[row.meeting_id].meeting
                _send(row, announced[row.meeting_id])
        Attendee.objects.filter(pk__in=[row.pk for row in rows]).update(letter=Letter.NONE)
    return len(rows)


def _send(attendee: Attendee, announced: Announced) -> None:
    """Send one letter with the date for a calendar, or with the minutes as PDF."""
    letter = Letter(attendee.letter)
    subject = polish(SUBJECTS[letter].format(title=announced.title))
    context = {
        "announced": announced,
        "meeting": announced.meeting,
        "convention": announced.meeting.convention,
        "when": describe_when(announced.meeting),
        "letter": letter.value,
        "attendee": attendee,
        "url": address_of(attendee),
        "minutes_url": _minutes_url(attendee) if letter == Letter.MINUTES else "",
        "subject": subject,
        "site_url": settings.SITE_URL,
    }
    message = EmailMultiAlternatives(
        " ".join(subject.split())[:200],
        render_to_string("committee/meetings/mail/letter.txt", context),
        to=[attendee.address],
    )
    html = render_to_string("committee/meetings/mail/letter.html", context)
    message.attach_alternative(html, "text/html")
    if letter == Letter.MINUTES:
        name = clean_name(f"compte-rendu-{announced.meeting.day}.pdf")
        message.attach(name, announced.minutes, "application/pdf")
    else:
        method = "CANCEL" if announced.meeting.is_cancelled else "PUBLISH"
        message.attach(
            "reunion.ics", announced.calendar, f'text/calendar; method={method}; charset="utf-8"'
        )
    message.send()


def _minutes_url(attendee: Attendee) -> str:
    """Return the address of the minutes for who has an account; empty for others."""
    if attendee.user_id is None:
        return ""
    args = [attendee.meeting.convention.slug, attendee.meeting.pk]
    return settings.SITE_URL + reverse("committee:minutes", args=args)


def _minutes(meeting: Meeting) -> bytes:
    return draw_approved_minutes(minutes_of(meeting))
