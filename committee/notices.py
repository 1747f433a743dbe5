"""Telling people, once each, what there is to tell."""

import datetime
import logging
from collections import defaultdict
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import MailRhythm, User
from committee.due import conventions_with_news
from committee.mail import send_letter
from committee.models import News, Notice
from committee.models.notices import subject_field
from committee.news import Item, Newsroom
from committee.rhythm import due
from conventions.models import Convention

logger = logging.getLogger(__name__)


def send_due_mail() -> int:
    """Write to everybody who does not know yet, when it is time; returns how many messages.

    May run as often, and as many times at once, as one likes: each thing is told once.
    """
    now = timezone.now()
    return sum(tell(convention, now) for convention in conventions_with_news(now))


def tell(convention: Convention, now: datetime.datetime) -> int:
    """Write to the people of one convention; a message that fails lets the others go."""
    newsroom = Newsroom(convention, now)
    found = newsroom.items()
    known = _known(found)
    sent = 0
    for user, items in found.items():
        if all((user.pk, *item.key) in known for item in items):
            continue
        try:
            sent += _tell(user, items, newsroom)
        except Exception:
            logger.exception("A message to user %s about %s failed", user.pk, convention.slug)
    return sent


@transaction.atomic
def _tell(user: User, items: list[Item], newsroom: Newsroom) -> bool:
    """Queue one message and note what it tells: both, or neither."""
    # Another clock that writes to the same person waits here, and then knows.
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    known = _known({user: items})
    new = [item for item in items if (user.pk, *item.key) not in known]
    own = [item for item in new if item.is_own]
    told = due(user, [item for item in new if not item.is_own], newsroom.now)
    if not user.is_active or not (own or told):
        return False
    Notice.objects.bulk_create(item.notice(user, newsroom.now) for item in [*own, *told])
    if told:
        recalled = to_recall(user, items, told, newsroom)
        send_letter(user, newsroom, told, recalled)
    return bool(told)


def to_recall(user: User, items: list[Item], told: list[Item], newsroom: Newsroom) -> list[Item]:
    """What is told again, for the message to be whole: what still waits, in the Monday one; the
    points of a dossier that has just been sent."""
    standing = [item for item in items if item.stays and item.point and item not in told]
    if user.mail_rhythm == MailRhythm.WEEKLY and not all(item.is_urgent for item in told):
        return standing
    sent = [item.about for item in told if item.kind == News.DOSSIER]
    held = set().union(*(newsroom.dossiers[dossier] for dossier in sent))
    return [item for item in standing if item.point.version.pk in held]


def _known(found: dict[User, list[Item]]) -> set[tuple]:
    """Which of these things these people know: (person, kind, primary key) triples."""
    about = defaultdict(set)
    for items in found.values():
        for item in items:
            about[subject_field(item.about)].add(item.about.pk)
    asked = [Q(**{f"{field}__in": pks}) for field, pks in about.items()]
    told = Notice.objects.filter(reduce(or_, asked, Q()), user__in=found)
    subject = Coalesce("version", "agreement", "dossier")
    return set(told.values_list("user", "kind", subject))
