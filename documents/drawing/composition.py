"""Composition of a requested document, stage by stage: read, written, drawn, stored."""

import logging

from django.core.files import File

from ctg_portal.hosting.integrity import open_whole
from ctg_portal.hosting.space import NO_ROOM, is_full
from ctg_portal.rules import Damaged, Refused
from documents.drawing.events import LeaseLost, give_up, put_back, renew_lease, store_result, take
from documents.drawing.kinds import Drawn
from documents.drawing.models import Composition, Stage

logger = logging.getLogger(__name__)


def compose(row: Composition) -> bool:
    """Take and compose a document here and now; return False where it was not composed: it is done,
    taken by another, or failed."""
    attempt = take(row)
    return attempt is not None and compose_taken(row, attempt)


def compose_taken(row: Composition, attempt: int) -> bool:
    """Compose a document that was taken (``take``); return whether it was stored.

    An error is logged, and the document is put back to be tried again; where the disk is full, or
    its kind refuses, it is given up with the reason.
    """
    try:
        row.refresh_from_db()
        document = _copied_or_drawn(row, attempt)
        renew_lease(row, attempt, stage=Stage.KEEPING)
        store_result(row, attempt, document.content, document.pages)
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
    """Read the document, and return the file of a ready one of the same content, if it has such a
    ``twin``, else draw it. Renews the lease at each stage; raises LeaseLost, and Refused."""
    kind = row.document
    content, digest = kind.read(row)
    renew_lease(row, attempt, stage=Stage.WRITING, digest=digest)
    if (twin := row.twin(digest)) and (copied := _file_of(twin)):
        return Drawn(copied, twin.pages)
    written = kind.write(content, row)
    renew_lease(row, attempt, stage=Stage.DRAWING)
    return kind.draw(written, content, row)


def _file_of(row: Composition) -> File | None:
    """Open the file of a document; return None if it is missing or was altered."""
    try:
        return open_whole(row, str(row))
    except Damaged:
        return None
