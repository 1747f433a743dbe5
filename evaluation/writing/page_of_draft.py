"""On which page somebody typed a draft: one that is open elsewhere does not write over it.

Each page of a text has a name of its own, which says when it was drawn; a draft keeps that of the
last on which it was typed.
"""

import re
import secrets
from datetime import UTC, datetime

from django.utils import timezone

from evaluation.models import OwnDraft

NAME = re.compile(r"(?P<drawn>\d{10}\.\d{6})-[\w-]{11}", re.ASCII)


def new_page() -> str:
    """The name of a page that is being drawn."""
    return f"{timezone.now().timestamp():.6f}-{secrets.token_urlsafe(8)}"


def page_named(sent: str) -> str:
    """The name of a page, as its form sends it; empty for what is none."""
    return sent if NAME.fullmatch(sent) else ""


def is_unseen(draft: OwnDraft | None, page: str) -> bool:
    """Whether a draft was typed on another page since this one was drawn."""
    if draft is None or not (page and draft.page):
        return False
    drawn = datetime.fromtimestamp(float(NAME.fullmatch(page)["drawn"]), tz=UTC)
    return draft.page != page and draft.saved_at > drawn
