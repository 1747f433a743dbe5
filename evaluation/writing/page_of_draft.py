"""The page on which somebody typed a draft: a page that is open elsewhere does not overwrite it.

Each page of a text has a name of its own, which contains when it was drawn. A draft stores the name
of the last page on which it was typed.
"""

import re
import secrets
from datetime import UTC, datetime

from django.utils import timezone

from evaluation.texts.models import OwnDraft

NAME = re.compile(r"(?P<drawn>\d{10}\.\d{6})-[\w-]{11}", re.ASCII)


def new_page() -> str:
    return f"{timezone.now().timestamp():.6f}-{secrets.token_urlsafe(8)}"


def parse_page(sent: str) -> str:
    """Return the name of a page as its form sends it; empty for any other text."""
    return sent if NAME.fullmatch(sent) else ""


def is_unseen(draft: OwnDraft | None, page: str) -> bool:
    """Return whether a draft was stored from another named page since ``page`` was drawn."""
    if draft is None or not (page and draft.page):
        return False
    drawn = datetime.fromtimestamp(float(NAME.fullmatch(page)["drawn"]), tz=UTC)
    return draft.page != page and draft.saved_at > drawn
