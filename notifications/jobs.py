"""Jobs of the clock for notices, and what becomes of them when an account is erased."""

from collections import defaultdict

from django.utils import timezone

from accounts.models import User
from ctg_portal.people.personal import forget_in_texts
from notifications.letters import kinds
from notifications.models import Notice


def forget_old_notices() -> None:
    """Delete the notices of long ago, but for those whose subject is still open (``settled``):
    without them its message would be sent again."""
    keys = defaultdict(set)
    for kind, about in Notice.objects.expired(timezone.now()).values_list("kind", "about"):
        keys[kind].add(about)
    known = kinds()
    for kind, abouts in keys.items():
        settled = known[kind].settled(abouts) if kind in known else abouts
        Notice.objects.expired(timezone.now()).filter(kind=kind, about__in=settled).delete()


def forget_notices_of(user: User) -> None:
    """Delete the notices to an account that is erased, and its name and address in those to
    others."""
    Notice.objects.to(user).delete()
    forget_in_texts(Notice.objects.all(), ["title", "summary"], user)
