"""What the tests of mail share: a clock that stands still, and what has been received."""

import datetime
import re
from contextlib import contextmanager
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.core import mail
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from committee.links.reading import opened
from committee.links.tokens import read
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
    """It is ``moment``: for the code, the database's defaults, and the day of today."""
    with patch.object(timezone, "now", lambda: moment):
        yield


def after(moment=NOON, **delay) -> datetime.datetime:
    return moment + datetime.timedelta(**delay)


def told(moment: datetime.datetime, address: str | None = None) -> list:
    """Run the command at ``moment``; the messages that it sent (to ``address``).

    A message that cannot be written fails here. No event has forgotten to tell anybody: when all
    that stands is looked at again, whatever the events have written, nobody is left to be told.
    """
    before = len(mail.outbox)
    with at(moment), patch.object(sending.logger, "exception", _raise):
        sent = sending.send_due_mail()
        assert sent == len(mail.outbox) - before
        look_again()
    new = mail.outbox[before:]
    return [message for message in new if address is None or message.to == [address]]


def look_again():
    """What stands, read afresh, is known to everybody whom it concerns, or waits for its moment.

    What waited for a Monday and is settled meanwhile, nobody is to hear of: it may be forgotten.
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


def spoken(text: str) -> str:
    """With plain spaces, on one line, as one reads it aloud."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def html_of(message) -> str:
    return message.alternatives[0].content


def links_in(message) -> list[str]:
    return re.findall(r"https?://[^\s<\"]+", message.body)


def page_behind(link: str) -> str:
    """The page of the portal that a personal link shows, and leads to once one is logged in."""
    found = read(link.removeprefix("https://ctg.example/lien/").strip("/"))
    with at(found.issued):
        return f"https://ctg.example{opened(found, RequestFactory().get('/')).target}"
