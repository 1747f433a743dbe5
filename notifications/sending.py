"""Telling people, once each, what there is to tell."""

import datetime
import logging
from collections import defaultdict

from django.utils import timezone

from accounts.models import User
from ctg_portal.marks.events import event
from notifications.letters import Letter, Told, kinds, letter_of
from notifications.models import Notice
from notifications.news import Hearing
from notifications.rhythm import QUIET_FOR, due, last_monday

logger = logging.getLogger(__name__)

NO_TIME = datetime.timedelta(0)


def send_due_mail() -> int:
    """Write to everybody who does not know yet, when it is time; returns how many messages.

    May run as often, and as many times at once, as one likes: each thing is told once. Where
    nothing is due, it asks one question.
    """
    sent, joint = 0, defaultdict(list)
    for letter in letters_due(timezone.now()):
        try:
            if not is_addressed(letter):
                continue
        except Exception:
            logger.exception("Telling what is new in %s failed", letter.scope)
            continue
        if letter.is_joint:
            joint[type(letter)].append(letter)
        else:
            sent += write([letter])
    return sent + sum(write(letters) for letters in joint.values())


def letters_due(now: datetime.datetime) -> list[Letter]:
    """Where somebody is to hear of something. A kind that nobody declares any more is not sent."""
    known = kinds()
    urgent = [name for name, kind in known.items() if not kind.may_wait]
    ripe = Notice.objects.ripe(now).filter(kind__in=known).for_rhythm(last_monday(now), urgent)
    labels: dict[tuple[str, type[Letter]], str] = {}
    for scope, label, kind in (
        ripe.order_by("scope").values_list("scope", "scope_label", "kind").distinct()
    ):
        if letter := letter_of(kind):
            labels.setdefault((scope, letter), label)
    return [letter(scope, label, now) for (scope, letter), label in labels.items()]


def is_addressed(letter: Letter) -> bool:
    """Have what is due in a scope find its people; whether there is anything left to tell."""
    if letter.reading is None:
        letter.notices().waiting().delete()
        return False
    address(letter)
    return True


def write(letters: list[Letter]) -> int:
    """Write to the people of one scope, or of several that are told together; a message that
    fails lets the others go."""
    sent, people = 0, defaultdict(list)
    for letter in letters:
        ripe = letter.notices().addressed().ripe(letter.now).order_by("user")
        for user_pk in ripe.values_list("user", flat=True).distinct():
            people[user_pk].append(letter)
    for user_pk, theirs in people.items():
        try:
            sent += tell_person(user_pk, with_waiting(user_pk, theirs))
        except Exception:
            scopes = ", ".join(letter.scope for letter in theirs)
            logger.exception("A message to user %s about %s failed", user_pk, scopes)
    return sent


def with_waiting(user_pk: int, letters: list[Letter]) -> list[Letter]:
    """With what the person is about to hear of elsewhere, where one message tells all of it."""
    first = letters[0]
    if not first.is_joint:
        return letters
    known = {letter.scope: letter for letter in letters}
    waiting = Notice.objects.to(user_pk).waiting().filter(kind__in=first.names())
    for scope, label in waiting.values_list("scope", "scope_label").distinct():
        if scope not in known:
            known[scope] = type(first)(scope, label, first.now)
    # In one order for all, so that two clocks do not wait for each other.
    return [known[scope] for scope in sorted(known) if known[scope].reading is not None]


@event()
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
                    summary=news.summary(hearing),
                    link=news.link(),
                    since=hearing.since,
                    not_before=hearing.not_before
                    or hearing.since + (QUIET_FOR if news.is_gathered else NO_TIME),
                    told_at=letter.now if hearing.is_own else None,
                    is_own=hearing.is_own,
                    reason=letter.reason(user_pk)[:300],
                )
    Notice.objects.bulk_create(new.values(), ignore_conflicts=True)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).delete()


@event()
def tell_person(user_pk: int, letters: list[Letter]) -> bool:
    """Queue one message and note what it tells: both, or neither."""
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    heard = {letter: hear(user_pk, letter, is_gone=user is None) for letter in letters}
    new = [hearing for known in heard.values() for hearing in known.values()]
    if user is None or not new:
        return False
    told = due(user, new, letters[0].now)
    if not told:
        return False
    parts, now_told = [], []
    for letter, known in heard.items():
        if its := [hearing for hearing in known.values() if hearing in told]:
            reasons = [row.reason for row, hearing in known.items() if hearing in its]
            parts.append(Told(letter, its, recalled(user, letter, its), reasons))
            now_told += [row.pk for row, hearing in known.items() if hearing in its]
    parts[0].letter.send(user, parts)
    Notice.objects.filter(pk__in=now_told).update(told_at=letters[0].now)
    return True


def hear(user_pk: int, letter: Letter, *, is_gone: bool) -> dict[Notice, Hearing]:
    """What a person is to hear of one scope; what does not concern them any more goes unsent."""
    # Another clock that writes to the same person waits here, and then finds nothing to tell.
    waiting = letter.notices().to(user_pk).waiting().order_by("pk")
    waiting = list(waiting.select_for_update(of=("self",), no_key=True))
    heard = {} if is_gone else letter.heard(user_pk, waiting)
    Notice.objects.filter(pk__in=[row.pk for row in waiting if row not in heard]).delete()
    return heard


def recalled(user: User, letter: Letter, told: list[Hearing]) -> list[Hearing]:
    staying = [kind.kind for kind in letter.kinds if kind.stays]
    known = letter.notices().to(user.pk).told().filter(kind__in=staying)
    return letter.recalled(user, told, list(letter.heard(user.pk, known).values()))
