"""Jobs of the clock for requested documents."""

from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from documents.drawing.events import KEPT_FOR, delete_with_file
from documents.drawing.models import Drawing, compositions


def delete_old_drawings() -> None:
    """Delete the requested documents that were finished more than KEPT_FOR ago."""
    for drawing in Drawing.objects.finished_before(timezone.now() - KEPT_FOR):
        delete_with_file(drawing)


def oldest_waiting_since() -> datetime | None:
    """Return when the oldest unfinished document was requested; None without one."""
    moments = [
        model.objects.unfinished().aggregate(since=Min("requested_at"))["since"]
        for model in compositions()
    ]
    return min(filter(None, moments), default=None)
