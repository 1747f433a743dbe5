"""From which page somebody's draft was kept: one that is open elsewhere does not write over it.

Each page of a text has a name of its own, which says when it was drawn. The last that kept a draft
is remembered for some weeks; a draft of which nothing is remembered is as good as seen.
"""

import secrets
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from evaluation.models import OwnDraft

REMEMBERED = timedelta(days=60)


def new_page() -> str:
    """The name of a page that is being drawn."""
    return f"{timezone.now().timestamp():.6f}-{secrets.token_urlsafe(8)}"


def remember(draft: OwnDraft, page: str) -> None:
    """The draft was just kept from this page."""
    cache.set(_place(draft), page, timeout=REMEMBERED.total_seconds())


def is_unseen(draft: OwnDraft | None, page: str) -> bool:
    """Whether a draft was kept from another page since this one was drawn."""
    drawn = _drawn(page)
    if draft is None or drawn is None or draft.saved_at <= drawn:
        return False
    return cache.get(_place(draft), page) != page


def _drawn(page: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(page.partition("-")[0]), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _place(draft: OwnDraft) -> str:
    return f"draft:{draft.pk}"
