"""What a page shows of news."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from post_office.models import STATUS, Email

from accounts.models import User
from notifications.letters import kinds, letter_of
from notifications.models import Notice

FEW = 5


def new_since_last_visit(user: User, scope: str) -> list[Notice]:
    """What others have done in a scope since ``user`` logged in the time before, the latest first.

    Nothing on a first visit: all is new. The room that tells a kind says again who may read it; of
    a kind that nobody tells any more, its title stays, and no link.
    """
    if user.previous_login is None:
        return []
    hidden = [name for name, kind in kinds().items() if not kind.is_shown]
    rows = Notice.objects.of(scope).news_to(user, user.previous_login).exclude(kind__in=hidden)
    shown = readable(user, rows[:FEW])
    for notice in shown:
        if letter_of(notice.kind) is None:
            notice.link = ""
    return shown


def readable(user: User, notices: Iterable[Notice]) -> list[Notice]:
    """Those that may still be shown to ``user``: one question for each letter."""
    notices, scopes = list(notices), defaultdict(set)
    for notice in notices:
        scopes[letter_of(notice.kind)].add(notice.scope)
    allowed = {
        letter: letter.readable(user, found) if letter else found
        for letter, found in scopes.items()
    }
    return [notice for notice in notices if notice.scope in allowed[letter_of(notice.kind)]]


def undelivered() -> dict[str, datetime.datetime]:
    """The addresses to which the last message was given up after all its tries, and when: refused
    by the other side, or never taken. As long as messages are kept."""
    given_up = Email.objects.filter(status=STATUS.failed).order_by("last_updated")
    found = {
        address.lower(): moment
        for to, moment in given_up.values_list("to", "last_updated")
        for address in to
    }
    arrived = Email.objects.filter(status=STATUS.sent)
    return {
        address: moment
        for address, moment in found.items()
        if not arrived.filter(to__icontains=address, last_updated__gt=moment).exists()
    }
