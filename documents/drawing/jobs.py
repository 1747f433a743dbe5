"""What the clock does for the documents that were asked for."""

from django.utils import timezone

from documents.drawing.events import KEPT, forget
from documents.drawing.models import Drawing


def forget_drawings() -> None:
    """Let go those whose days are over."""
    for drawing in Drawing.objects.over(timezone.now() - KEPT):
        forget(drawing)
