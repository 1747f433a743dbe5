"""Events of a document that the worker composes: requested, taken, stored, given up, cancelled.

Whoever composes has a lease on the document's own row: the number of its attempt. The lease of a
worker that was killed runs out, and the next one takes the document; should the first come back,
nothing that it does counts any more.
"""

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import Error, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from ctg_portal.hosting.integrity import digest_of, fault_of
from ctg_portal.marks.events import changing, event
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move
from documents.drawing.kinds import Asked, AskedKind
from documents.drawing.models import (
    Composition,
    CompositionState,
    CompositionVerb,
    Drawing,
    Stage,
    kept_name,
)
from documents.drawing.rights import may_cancel

# Renewed every few seconds by whoever composes: the longest wait after a worker was killed.
LEASE = timedelta(seconds=45)
ATTEMPTS = 3
# How long a requested document is stored, once it is ready or was given up.
KEPT_FOR = timedelta(days=3)
BUSY = Refusal("Un autre document vient d’être demandé en votre nom : regardez où il en est.")
BEING_KEPT = Refusal("Ce document s’enregistre à l’instant : il ne s’annule plus.")


class LeaseLost(Exception):  # noqa: N818  (reads as what happened)
    """The document was cancelled, or another worker has taken it meanwhile."""


def find_ready(kind: AskedKind, asked: Asked) -> Drawing | None:
    """Return a ready document of this kind, with the content and for the audience of ``asked``,
    whose file is whole; None without one, or where the content is not read."""
    digest = kind.digest(asked)
    ready = Drawing.objects.ready().with_content(kind.name, digest, asked.audience)
    return next((row for row in ready if fault_of(row) is None), None)


def request_drawing(
    kind: AskedKind, scope: str, parameters: dict, asked: Asked, *, by: AbstractUser
) -> tuple[Drawing, bool]:
    """Request a document; return it, ready or queued, and whether it is the one that was asked for:
    while another one of the same person is being composed, that one is returned.

    ``asked``: the answer of ``kind.ask``, which has checked the right. Raises Refused.
    """
    if same := find_ready(kind, asked):
        return same, True
    unfinished = Drawing.objects.filter(requested_by=by).unfinished()
    for _ in range(2):
        if first := unfinished.first():
            return first, unfinished.asked(kind.name, scope, parameters).exists()
        drawing = Drawing(
            kind=kind.name, scope=scope, parameters=parameters, audience=asked.audience,
            title=asked.title[:300], name=asked.name, origin=asked.origin,
            digest=kind.digest(asked), requested_by=by, requested_by_name=str(by),
        )  # fmt: skip
        try:
            with changing():
                move(drawing, CompositionVerb.REQUESTED, by=by)
        except IntegrityError:
            # Another was requested at the same moment: the next turn of the loop finds it.
            continue
        return drawing, True
    raise Refused(BUSY)


@event()
def take(row: Composition) -> int | None:
    """Take a document that is queued, or whose lease is over, to compose it; return the number of
    the attempt, or None if there is nothing to take. After ATTEMPTS it is given up instead."""
    now = timezone.now()
    locked = _lock(_same(row).available(now), is_waited_for=False)
    if locked is None:
        return None
    if locked.attempts >= ATTEMPTS:
        _give_up(locked)
        return None
    move(
        locked, CompositionVerb.TAKEN, by=None, stage=Stage.READING, attempts=locked.attempts + 1,
        lease_until=now + LEASE,
    )  # fmt: skip
    return locked.attempts


def renew_lease(row: Composition, attempt: int, **fields) -> None:
    """Renew the lease of an attempt, and write ``fields`` of the row, such as its stage. Raises
    LeaseLost."""
    if not _leased(row, attempt).update(lease_until=timezone.now() + LEASE, **fields):
        raise LeaseLost


@event()
def renew_lease_unless_locked(row: Composition, attempt: int) -> None:
    """Renew the lease of an attempt, from a thread beside the composition. While the row is locked,
    because the result is being stored, it is not waited for. Raises LeaseLost."""
    if _lock(_leased(row, attempt), is_waited_for=False):
        renew_lease(row, attempt)
    elif not _leased(row, attempt).exists():
        raise LeaseLost


def store_result(
    row: Composition, attempt: int, content: bytes | File, pages: int | None
) -> Composition:
    """Store the finished document, with what follows from it (``DocumentKind.on_stored``). An open
    file is read once more, and closed.

    Raises LeaseLost if another has taken the document by now, Refused where its kind does; nothing
    is stored then.
    """
    storage, name = row.file.storage, kept_name(row, row.file_name)
    file = content if isinstance(content, File) else ContentFile(content)
    try:
        with file:
            storage.save(name, file)
            size, digest = file.size, digest_of(file)
        with changing():
            current = _lock(_leased(row, attempt))
            if current is None:
                raise LeaseLost
            move(
                current, CompositionVerb.KEPT, by=None, stage="", file=name, sha256=digest,
                size=size, pages=pages, finished_at=timezone.now(), lease_until=None,
            )  # fmt: skip
            current.document.on_stored(current)
    except BaseException:
        if not _may_refer_to(row, name):
            storage.delete(name)  # nor half of it, on a full disk
        raise
    return current


def _may_refer_to(row: Composition, name: str) -> bool:
    """Return whether the row may refer to this file all the same: its transaction may have been
    committed just when the connection was lost. If that cannot be asked, the file is left to the
    sweep."""
    try:
        return _same(row).filter(file=name).exists()
    except Error:
        return True


@event()
def put_back(row: Composition, attempt: int) -> None:
    """Queue a document again after an error, or give it up after the last attempt. Does nothing
    where the attempt has lost its lease."""
    current = _lock(_leased(row, attempt))
    if current is None:
        return
    if attempt >= ATTEMPTS:
        _give_up(current)
    else:
        move(current, CompositionVerb.PUT_BACK, by=None, stage="", lease_until=None)


@event()
def give_up(row: Composition, attempt: int, reason: str) -> None:
    """Give up a document that cannot be composed, for a French ``reason``. Does nothing where the
    attempt has lost its lease."""
    if current := _lock(_leased(row, attempt)):
        _give_up(current, reason)


@event()
def cancel(row: Composition, *, by: AbstractUser) -> None:
    """Cancel a document that is not ready; whoever composes it stops. Does nothing where the row is
    gone. Raises Refused."""
    current = _same(row).first()
    if current is None:
        return
    enforce(may_cancel(by, current))
    # Storing the result may take long: a page does not wait for it.
    locked = _lock(_same(row), is_waited_for=current.stage != Stage.KEEPING)
    enforce(may_cancel(by, locked) if locked else BEING_KEPT)
    move(
        locked, CompositionVerb.CANCELLED, by=by, stage="", lease_until=None,
        finished_at=timezone.now(),
    )  # fmt: skip


@event()
def delete_with_file(drawing: Composition) -> None:
    """Delete a document, and its file once the transaction is committed."""
    file = drawing.file
    drawing.delete()
    if file:
        transaction.on_commit(lambda: file.storage.delete(file.name))


def _same(row: Composition):
    return type(row).objects.filter(pk=row.pk)


def _leased(row: Composition, attempt: int):
    return _same(row).filter(state=CompositionState.COMPOSING, attempts=attempt)


def _lock(rows: QuerySet, *, is_waited_for: bool = True) -> Composition | None:
    """Lock and return the only row of a queryset; None if it is empty by now, or, where the row is
    not waited for, while somebody else has it locked."""
    skips = not is_waited_for
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=skips).first()


def _give_up(row: Composition, reason: str = "") -> None:
    """Move a locked document to failed, for a French ``reason`` if one is known."""
    move(
        row, CompositionVerb.GIVEN_UP, by=None, reason=reason, stage="", lease_until=None,
        finished_at=timezone.now(),
    )  # fmt: skip
