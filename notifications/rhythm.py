"""Rhythm of messages: soon, with the news of a few minutes in one message; or on Mondays."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import MailRhythm, User
from notifications.news import Notification

# Twelve proposals made one after the other are one message.
QUIET_FOR = datetime.timedelta(minutes=5)
AT_MOST = datetime.timedelta(minutes=20)
MONDAY_MORNING = datetime.time(7)


def due_now(user: User, new: Iterable[Notification], now: datetime.datetime) -> list[Notification]:
    """Return which of the news that ``user`` does not know yet are to be sent now.

    With messages at once: all, when they are gathered. With weekly ones: all, where one that may
    wait was there on the last Monday morning; else those that cannot wait, when they are gathered.
    """
    new = list(new)
    if user.mail_rhythm == MailRhythm.AT_ONCE:
        return new if is_gathered(new, now) else []
    calm = [item for item in new if item.news.may_wait]
    if any(item.since <= last_monday(now) for item in calm):
        return new
    urgent = [item for item in new if not item.news.may_wait]
    return urgent if is_gathered(urgent, now) else []


def is_gathered(items: list[Notification], now: datetime.datetime) -> bool:
    """Return whether a message of ``items`` may leave: none was added for a while, the first has
    waited long enough, or one of them does not wait for others."""
    if not items:
        return False
    if any(not item.news.is_gathered for item in items):
        return True
    moments = [item.since for item in items]
    return max(moments) <= now - QUIET_FOR or min(moments) <= now - AT_MOST


def last_monday(now: datetime.datetime) -> datetime.datetime:
    """Return the last Monday at seven, today's from seven on: news of before then are sent now,
    late rather than never."""
    local = timezone.localtime(now)
    is_too_early = local.weekday() == 0 and local.time() < MONDAY_MORNING
    days = 7 if is_too_early else local.weekday()
    monday = local.date() - datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(monday, MONDAY_MORNING))
