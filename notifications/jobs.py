"""What the clock does about news, and what goes with an account."""

from collections import defaultdict

from django.utils import timezone

from accounts.models import User
from ctg_portal.personal import forget_in_texts
from notifications.letters import kinds
from notifications.models import Notice


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


def forget_notices_of(user: User) -> None:
    """An account is erased: what it was told goes with it, its name and address from what others
    were."""
    Notice.objects.to(user).delete()
    forget_in_texts(Notice.objects.all(), ["title", "summary"], user)
