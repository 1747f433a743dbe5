"""What the tests of mail share: a clock that stands still, and what has been received."""

import datetime
import re
from contextlib import contextmanager
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.core import mail
from django.utils import timezone

from committee import notices
from conventions.models import Convention

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

    A message that cannot be written fails here. No convention is overlooked by the question that
    the clock asks the database: asked one by one, none has anything to tell any more.
    """
    before = len(mail.outbox)
    with at(moment), patch.object(notices.logger, "exception", _raise):
        sent = notices.send_due_mail()
        assert sent == len(mail.outbox) - before
        assert [notices.tell(convention, moment) for convention in Convention.objects.all()] == [
            0
        ] * Convention.objects.count()
    new = mail.outbox[before:]
    return [message for message in new if address is None or message.to == [address]]


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
