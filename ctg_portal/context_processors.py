"""Variables of every template."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

WARNING_TIME = timedelta(hours=2)


def portal(request):
    """Return ``operator``, and ``session_ends_at`` if the session ends within two hours."""
    ends_at = getattr(getattr(request, "session", None), "ends_at", None)
    is_soon = ends_at is not None and ends_at - timezone.now() < WARNING_TIME
    return {"operator": settings.OPERATOR, "session_ends_at": ends_at if is_soon else None}
