"""Readings of notices for pages."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from post_office.models import STATUS, Email

from accounts.models import User
from notifications.letters import kinds, letter_of
from notifications.models import Notice

FEW = 5


def new_since_last_visit(user: User, scope: str) -> list[Notice]:
    """Return a few notices of what others have done in a scope since the previous log-in of
    ``user``, the latest first; an empty list on a first visit, when all is new.

    The letter of a kind decides again what the person may read; a notice whose kind is no longer
    declared has its title and no link.
    """
    if user.previous_login is None:
        return []
    hidden = [name for name, kind in kinds().items() if not kind.is_shown]
    rows = Notice.objects.of(scope).news_for(user, user.previous_login).exclude(kind__in=hidden)
    shown = readable(user, rows[:FEW])
    for notice in shown:
        if letter_of(notice.kind) is None:
            notice.link = ""
    return shown


def readable(user: User, notices: Iterable[Notice]) -> list[Notice]:
    """Return the notices that ``user`` may still be shown, with one query for each letter."""
    notices, scopes = list(notices), defaultdict(set)
    for notice in notices:
        scopes[letter_of(notice.kind)].add(notice.scope)
    allowed = {
        letter: letter.readable(user, keys) if letter else keys for letter, keys in scopes.items()
    }
    return [notice for notice in notices if notice.scope in allowed[letter_of(notice.kind)]]


def undelivered() -> dict[str, datetime.datetime]:
    """Return the addresses to which a message was given up after all its tries, and none has
    arrived since, with the moment. Read from the stored messages: an address is forgotten with
    them."""
    given_up = Email.objects.filter(status=STATUS.failed).order_by("last_updated")
    failures = {
        address.lower(): moment
        for to, moment in given_up.values_list("to", "last_updated")
        for address in to
    }
    arrived = Email.objects.filter(status=STATUS.sent)
    return {
        address: moment
        for address, moment in failures.items()
        if not arrived.filter(to__icontains=address, last_updated__gt=moment).exists()
    }
