"""Helpers of the tests of mail: a fixed clock, and the messages that were sent."""

import datetime
import re
from contextlib import contextmanager
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.core import mail
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from committee.links.reading import open_link
from committee.links.tokens import parse_token
from committee.mail.notices import TurnsChanged
from conventions.models import Convention
from notifications import sending
from notifications.models import Notice
from notifications.news import notify

# A Wednesday.
NOON = datetime.datetime(2024, 4, 10, 12, tzinfo=ZoneInfo("Europe/Paris"))
TERM = {"signed_on": datetime.date(2020, 1, 1), "end": datetime.date(2027, 12, 31)}


@contextmanager
def at(moment: datetime.datetime):
    """Set the time to ``moment``: for the code, the database's defaults, and today."""
    with patch.object(timezone, "now", lambda: moment):
        yield


def after(moment=NOON, **delay) -> datetime.datetime:
    return moment + datetime.timedelta(**delay)


def mail_sent_at(moment: datetime.datetime, address: str | None = None) -> list:
    """Run the command at ``moment`` and return the messages that it sent (to ``address``).

    A message that cannot be written fails the test. So does an event that has notified nobody: when
    everything is notified again, nobody new is found.
    """
    before = len(mail.outbox)
    with at(moment), patch.object(sending.logger, "exception", _raise):
        sent = sending.send_due_mail()
        assert sent == len(mail.outbox) - before
        check_nobody_is_left()
    new = mail.outbox[before:]
    return [message for message in new if address is None or message.to == [address]]


def check_nobody_is_left():
    """Check that whatever stands is known to everybody whom it concerns, or waits for its moment.

    News that waited for a Monday and is settled meanwhile reaches nobody: it may be forgotten.
    """
    known = set(Notice.objects.addressed().values_list("user", "kind", "about"))
    with transaction.atomic():
        notify(*map(TurnsChanged, Convention.objects.all()))
        assert sending.send_due_mail() == 0
        again = set(Notice.objects.addressed().values_list("user", "kind", "about"))
        assert again <= known
        transaction.set_rollback(True)


def _raise(*args):
    raise  # noqa: PLE0704  (what is being handled)


def recipients(messages) -> set[str]:
    return {address for message in messages for address in message.to}


def subjects(messages) -> list[str]:
    return [message.subject for message in messages]


def on_one_line(text: str) -> str:
    """Return the text on one line, with plain spaces."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def html_of(message) -> str:
    return message.alternatives[0].content


def points_in(message) -> list[str]:
    """Return the titles of the points that a message lists."""
    lines = re.findall(r"^\d+\. (.*)$", message.body, re.MULTILINE)
    return [line.split(" – ")[0] for line in lines]


def links_in(message) -> list[str]:
    return re.findall(r"https?://[^\s<\"]+", message.body)


def page_behind(link: str) -> str:
    """Return the page of the portal that a personal link shows, and leads to once logged in."""
    parsed = parse_token(link.removeprefix("https://ctg.example/lien/").strip("/"))
    with at(parsed.issued):
        return f"https://ctg.example{open_link(parsed, RequestFactory().get('/')).target}"
