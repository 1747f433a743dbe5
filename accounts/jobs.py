"""Jobs of the clock for accounts."""

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Invitation


def clear_sessions() -> None:
    """Delete the sessions that have ended."""
    call_command("clearsessions")


def forget_unanswered_invitations() -> None:
    """Delete invitations that nobody accepted, some weeks after their link expired: the address is
    stored for nothing else."""
    long_ago = timezone.now() - settings.INVITATION_KEPT
    Invitation.objects.filter(accepted_at__isnull=True, expires_at__lt=long_ago).delete()
