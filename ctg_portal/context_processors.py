"""What every page knows."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

TOLD_BEFORE = timedelta(hours=2)


def portal(request):
    """``operator``: who runs this installation, for the foot and the legal pages.

    ``session_ends_at``: when the session ends, if that is soon.
    """
    ends_at = getattr(getattr(request, "session", None), "ends_at", None)
    is_soon = ends_at is not None and ends_at - timezone.now() < TOLD_BEFORE
    return {"operator": settings.OPERATOR, "session_ends_at": ends_at if is_soon else None}
