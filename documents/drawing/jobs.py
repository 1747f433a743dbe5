"""What the clock does for the documents that were asked for."""

from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from documents.drawing.events import KEPT, forget
from documents.drawing.models import Drawing, compositions


def forget_drawings() -> None:
    """Let go those whose days are over."""
    for drawing in Drawing.objects.over(timezone.now() - KEPT):
        forget(drawing)


def oldest_drawing() -> datetime | None:
    """Since when the oldest document waits that is not finished."""
    asked = [
        model.objects.unfinished().aggregate(since=Min("requested_at"))["since"]
        for model in compositions()
    ]
    return min(filter(None, asked), default=None)
