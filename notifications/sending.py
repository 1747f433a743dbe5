"""Sending: due notices are addressed to persons, and each is sent once, by mail."""

import datetime
import logging
from collections import defaultdict

from django.utils import timezone

from accounts.models import User
from ctg_portal.marks.events import event
from notifications.letters import Letter, LetterPart, kinds, letter_of
from notifications.models import Notice
from notifications.news import Notification
from notifications.rhythm import QUIET_FOR, due_now, last_monday

logger = logging.getLogger(__name__)

NO_TIME = datetime.timedelta(0)


def send_due_mail() -> int:
    """Send the messages that are due; return how many.

    May run at any time, also several times at once: each notice is sent once. Where nothing is due,
    it makes one query.
    """
    sent, joint = 0, defaultdict(list)
    for letter in letters_due(timezone.now()):
        try:
            if not address_if_readable(letter):
                continue
        except Exception:
            logger.exception("Addressing what is new in %s failed", letter.scope)
            continue
        if letter.is_joint:
            joint[type(letter)].append(letter)
        else:
            sent += write([letter])
    return sent + sum(write(letters) for letters in joint.values())


def letters_due(now: datetime.datetime) -> list[Letter]:
    """Return a letter for each scope that has due notices. Kinds that are no longer declared are
    not sent."""
    declared = kinds()
    urgent = [name for name, kind in declared.items() if not kind.may_wait]
    due = Notice.objects.due(now).filter(kind__in=declared).for_rhythm(last_monday(now), urgent)
    labels: dict[tuple[str, type[Letter]], str] = {}
    for scope, label, kind in (
        due.order_by("scope").values_list("scope", "scope_label", "kind").distinct()
    ):
        if letter := letter_of(kind):
            labels.setdefault((scope, letter), label)
    return [letter(scope, label, now) for (scope, letter), label in labels.items()]


def address_if_readable(letter: Letter) -> bool:
    """Address what is due in a scope to persons, and return True; where the scope no longer exists,
    delete all that waits in it, and return False."""
    if letter.reading is None:
        letter.notices().waiting().delete()
        return False
    address(letter)
    return True


def write(letters: list[Letter]) -> int:
    """Write to the people of one scope, or of several scopes of a joint letter; return how many
    messages were queued. A message that fails is logged, and does not keep back the others."""
    sent, people = 0, defaultdict(list)
    for letter in letters:
        due = letter.notices().addressed().due(letter.now).order_by("user")
        for user_pk in due.values_list("user", flat=True).distinct():
            people[user_pk].append(letter)
    for user_pk, theirs in people.items():
        try:
            sent += write_to_person(user_pk, with_waiting(user_pk, theirs))
        except Exception:
            scopes = ", ".join(letter.scope for letter in theirs)
            logger.exception("A message to user %s about %s failed", user_pk, scopes)
    return sent


def with_waiting(user_pk: int, letters: list[Letter]) -> list[Letter]:
    """Return ``letters`` and, where the letter is joint, those of the other scopes in which the
    person has waiting notices, by scope: one message has them all. Scopes that are gone are left
    out."""
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
    """Replace the due notices without a person by one for each person whom they concern now and who
    has none of the same news; obsolete ones are deleted. One's own doing is marked as known."""
    # Another clock that addresses the same rows waits here, and then no longer reads them.
    rows = letter.notices().unaddressed().due(letter.now).order_by("pk")
    rows = list(rows.select_for_update(of=("self",)))
    if not rows:
        return
    pieces = [part for news in letter.news_of(rows) for part in news.parts(letter.reading)]
    addressed = letter.notices().addressed().filter(about__in={news.about for news in pieces})
    known = set(addressed.values_list("user", "kind", "about"))
    new = {}
    for news in pieces:
        if news.is_obsolete(letter.reading):
            continue
        for user_pk, notification in letter.notifications(news).items():
            key = user_pk, news.kind, news.about
            if key not in known and key not in new:
                new[key] = Notice(
                    user_id=user_pk,
                    kind=news.kind,
                    about=news.about,
                    scope=news.scope.key,
                    scope_label=news.scope.label,
                    title=news.title(notification)[:300],
                    summary=news.summary(notification),
                    link=news.link(),
                    since=notification.since,
                    not_before=notification.not_before
                    or notification.since + (QUIET_FOR if news.is_gathered else NO_TIME),
                    told_at=letter.now if notification.is_own else None,
                    is_own=notification.is_own,
                    reason=letter.reason(user_pk)[:300],
                )
    Notice.objects.bulk_create(new.values(), ignore_conflicts=True)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).delete()


@event()
def write_to_person(user_pk: int, letters: list[Letter]) -> bool:
    """Queue one message to a person and mark its notices as sent, both or neither; return whether
    there was one. Waiting notices that no longer concern the person are deleted."""
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    waiting = {letter: take_waiting(user_pk, letter, is_gone=user is None) for letter in letters}
    new = [notification for rows in waiting.values() for notification in rows.values()]
    if user is None or not new:
        return False
    due = due_now(user, new, letters[0].now)
    if not due:
        return False
    parts, sent = [], []
    for letter, rows in waiting.items():
        if own := [notification for notification in rows.values() if notification in due]:
            reasons = [row.reason for row, notification in rows.items() if notification in own]
            parts.append(LetterPart(letter, own, recalled(user, letter, own), reasons))
            sent += [row.pk for row, notification in rows.items() if notification in own]
    parts[0].letter.send(user, parts)
    Notice.objects.filter(pk__in=sent).update(told_at=letters[0].now)
    return True


def take_waiting(user_pk: int, letter: Letter, *, is_gone: bool) -> dict[Notice, Notification]:
    """Lock the waiting notices of a person in one scope; return those that still concern them, each
    with its notification, and delete the others: all of them where the person is gone."""
    # Another clock that writes to the same person waits here, and then no longer reads them.
    waiting = letter.notices().to(user_pk).waiting().order_by("pk")
    waiting = list(waiting.select_for_update(of=("self",), no_key=True))
    current = {} if is_gone else letter.current_notifications(user_pk, waiting)
    Notice.objects.filter(pk__in=[row.pk for row in waiting if row not in current]).delete()
    return current


def recalled(user: User, letter: Letter, new: list[Notification]) -> list[Notification]:
    """Return the news that a message of ``new`` ones repeats, as the letter decides."""
    staying = [kind.kind for kind in letter.kinds if kind.stays]
    known = letter.notices().to(user.pk).known().filter(kind__in=staying)
    return letter.recalled(user, new, list(letter.current_notifications(user.pk, known).values()))
