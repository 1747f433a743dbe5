"""Telling people, once each, what there is to tell."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.letters import Letter, kinds, letter_of
from notifications.models import Notice
from notifications.rhythm import QUIET_FOR, due, last_monday

logger = logging.getLogger(__name__)


def send_due_mail() -> int:
    """Write to everybody who does not know yet, when it is time; returns how many messages.

    May run as often, and as many times at once, as one likes: each thing is told once. Where
    nothing is due, it asks one question.
    """
    now = timezone.now()
    sent = 0
    for letter in letters_due(now):
        try:
            sent += tell_scope(letter)
        except Exception:
            logger.exception("Telling what is new in %s failed", letter.scope)
    return sent


def letters_due(now: datetime.datetime) -> list[Letter]:
    """Where somebody is to hear of something. A kind that nobody declares any more is not sent."""
    known = kinds()
    urgent = [name for name, kind in known.items() if not kind.may_wait]
    ripe = Notice.objects.ripe(now).filter(kind__in=known).for_rhythm(last_monday(now), urgent)
    found = {}
    for scope, label, kind in (
        ripe.order_by("scope").values_list("scope", "scope_label", "kind").distinct()
    ):
        found.setdefault((scope, letter_of(kind)), label)
    return [letter(scope, label, now) for (scope, letter), label in found.items()]


def tell_scope(letter: Letter) -> int:
    """Write to the people of one scope; a message that fails lets the others go."""
    if letter.reading is None:
        letter.notices().waiting().delete()
        return 0
    address(letter)
    sent = 0
    ripe = letter.notices().addressed().ripe(letter.now).order_by("user")
    for user_pk in list(ripe.values_list("user", flat=True).distinct()):
        try:
            sent += tell_person(user_pk, letter)
        except Exception:
            logger.exception("A message to user %s about %s failed", user_pk, letter.scope)
    return sent


@transaction.atomic
def address(letter: Letter) -> None:
    """Have rows without a person give way to one for each person whom they concern today."""
    # Another clock that addresses the same rows waits here, and then finds them gone.
    rows = letter.notices().unaddressed().ripe(letter.now).order_by("pk")
    rows = list(rows.select_for_update(of=("self",)))
    if not rows:
        return
    told = [part for news in letter.news_of(rows) for part in news.parts(letter.reading)]
    about = letter.notices().addressed().filter(about__in={news.about for news in told})
    known = set(about.values_list("user", "kind", "about"))
    new = {}
    for news in told:
        if news.is_obsolete(letter.reading):
            continue
        for user_pk, hearing in letter.hearings(news).items():
            key = user_pk, news.kind, news.about
            if key not in known and key not in new:
                new[key] = Notice(
                    user_id=user_pk,
                    kind=news.kind,
                    about=news.about,
                    scope=news.scope.key,
                    scope_label=news.scope.label,
                    title=news.title(hearing)[:300],
                    summary=news.summary(),
                    link=news.link(),
                    since=hearing.since,
                    not_before=hearing.since + QUIET_FOR,
                    told_at=letter.now if hearing.is_own else None,
                    is_own=hearing.is_own,
                )
    Notice.objects.bulk_create(new.values(), ignore_conflicts=True)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def tell_person(user_pk: int, letter: Letter) -> bool:
    """Queue one message and note what it tells: both, or neither."""
    # Another clock that writes to the same person waits here, and then finds nothing to tell.
    waiting = letter.notices().to(user_pk).waiting().order_by("pk")
    waiting = list(waiting.select_for_update(of=("self",), no_key=True))
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    heard = letter.heard(user_pk, waiting) if user else {}
    Notice.objects.filter(pk__in=[row.pk for row in waiting if row not in heard]).delete()
    told = due(user, heard.values(), letter.now) if heard else []
    if not told:
        return False
    staying = [kind.kind for kind in letter.kinds if kind.stays]
    known = letter.heard(user_pk, letter.notices().to(user_pk).told().filter(kind__in=staying))
    letter.send(user, told, letter.recalled(user, told, list(known.values())))
    now_told = [row.pk for row, hearing in heard.items() if hearing in told]
    Notice.objects.filter(pk__in=now_told).update(told_at=letter.now)
    return True
