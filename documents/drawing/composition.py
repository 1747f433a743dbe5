"""Composing what was asked for: read, written, drawn, kept, telling how far it is."""

import logging

from django.core.files import File

from ctg_portal.rules import Refused
from ctg_portal.space import NO_ROOM, is_full
from documents.drawing.events import LeaseLost, give_up, hold, keep, put_back, take
from documents.drawing.kinds import Drawn
from documents.drawing.models import Composition, Stage

logger = logging.getLogger(__name__)


def compose(row: Composition) -> bool:
    """Compose a document here and now, unless it is another's, or done; False when this attempt
    made nothing."""
    attempt = take(row)
    return attempt is not None and compose_taken(row, attempt)


def compose_taken(row: Composition, attempt: int) -> bool:
    """The same, of one that was taken. A mistake is logged, and the document is put back to be
    tried again; without room for it, it is given up, and says so."""
    try:
        row.refresh_from_db()
        document = _copied_or_drawn(row, attempt)
        hold(row, attempt, stage=Stage.KEEPING)
        keep(row, attempt, document.content, document.pages)
    except LeaseLost:
        return False
    except Refused as refused:
        give_up(row, attempt, refused.refusal.reason)
        return False
    except Exception as error:
        logger.exception("%s %s could not be composed", type(row).__name__, row.pk)
        if is_full(error):
            give_up(row, attempt, NO_ROOM)
        else:
            put_back(row, attempt)
        return False
    return True


def _copied_or_drawn(row: Composition, attempt: int) -> Drawn:
    kind = row.document
    content, digest = kind.read(row)
    hold(row, attempt, stage=Stage.WRITING, digest=digest)
    if (twin := row.twin(digest)) and (copied := _file_of(twin)):
        return Drawn(copied, twin.pages)
    written = kind.write(content, row)
    hold(row, attempt, stage=Stage.DRAWING)
    return kind.draw(written, content, row)


def _file_of(row: Composition) -> File | None:
    """Its file, open; None if it is gone from its folder."""
    try:
        return row.file.storage.open(row.file.name)
    except FileNotFoundError:
        return None
