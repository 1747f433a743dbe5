"""What a page shows of news."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from post_office.models import STATUS, Email

from ctg_portal.jobs import MAIL_KEPT_DAYS
from notifications.letters import kinds, letter_of
from notifications.models import Notice

FEW = 5


def new_since_last_visit(user, scope: str) -> list[Notice]:
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


def readable(user, notices: Iterable[Notice]) -> list[Notice]:
    """Those that may still be shown to ``user``: one question for each letter."""
    notices, scopes = list(notices), defaultdict(set)
    for notice in notices:
        scopes[letter_of(notice.kind)].add(notice.scope)
    allowed = {
        letter: letter.readable(user, found) if letter else found
        for letter, found in scopes.items()
    }
    return [notice for notice in notices if notice.scope in allowed[letter_of(notice.kind)]]


def have_left(*, to: str, since: str, until) -> Q:
    """Whether what was written to the address at the path ``to`` of a row, from the moment
    ``since`` of it on, had all left by ``until``, and was something: by what the outbox keeps. What
    was refused or waits has told nobody; nor has what is missing there, for it may never leave.
    Once messages of then are forgotten, the notices alone say it (``jobs.put_off_untold``)."""
    written = Email.objects.filter(
        to__iexact=OuterRef(to), created__gte=OuterRef(since), created__lte=until
    )
    left = Q(status=STATUS.sent, last_updated__lte=until)
    forgotten = timezone.now() - datetime.timedelta(days=MAIL_KEPT_DAYS - 1)
    return Q(**{f"{since}__lt": forgotten}) | Q(
        Exists(written.filter(left)), ~Exists(written.exclude(left))
    )


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
