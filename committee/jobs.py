"""What the clock does for the committee."""

from django.utils import timezone

from committee.models import Notice
from committee.notices import send_due_mail


def tell_people() -> None:
    """Write to everybody whom something awaits, or concerns."""
    send_due_mail()


def forget_old_notices() -> None:
    """Forget who was told of what is long over."""
    Notice.objects.forgettable(timezone.now()).delete()
