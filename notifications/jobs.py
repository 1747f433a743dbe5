"""What the clock does about news, and what goes with an account."""

import datetime
from collections import defaultdict

from django.db.models import F, Q
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.models import User
from ctg_portal.personal import forget_in_texts
from notifications.letters import kinds
from notifications.models import Notice

# After how long a message that has not left is one that told nobody in time, and how long the
# clock may take to write to all.
LATE = datetime.timedelta(days=2)
ROUND = datetime.timedelta(hours=1)


def forget_old_notices() -> None:
    """Forget who was told of what is long over.

    What is under discussion stays known however old: without it the message would leave again.
    """
    keys = defaultdict(set)
    for kind, about in Notice.objects.old(timezone.now()).values_list("kind", "about"):
        keys[kind].add(about)
    known = kinds()
    for kind, abouts in keys.items():
        settled = known[kind].settled(abouts) if kind in known else abouts
        Notice.objects.old(timezone.now()).filter(kind=kind, about__in=settled).delete()


def put_off_untold() -> None:
    """What a message told that left long after it was written was told then; what one told that has
    not left, or was refused, is told no earlier than now. The outbox forgets what became of it."""
    now = timezone.now()
    in_time = Q(status=STATUS.sent, last_updated__lt=F("created") + LATE)
    for message in Email.objects.filter(created__lt=now - LATE).exclude(in_time):
        told = Notice.objects.filter(
            user__email__in=message.to, is_own=False,
            told_at__range=(message.created - ROUND, message.created),
        )  # fmt: skip
        told.update(told_at=message.last_updated if message.status == STATUS.sent else now)


def forget_notices_of(user: User) -> None:
    """An account is erased: what it was told goes with it, its name and address from what others
    were."""
    Notice.objects.to(user).delete()
    forget_in_texts(Notice.objects.all(), ["title", "summary"], user)
