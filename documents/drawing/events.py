"""A document is asked for, composed by one worker at a time, and kept, given up or called off.

Whoever composes holds a lease on the document's own row: the number of its attempt. A worker that
was killed loses it with time, and the next one takes the document up again; should the first come
back, nothing that it does counts any more.
"""

import hashlib
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

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

# Held for longer every few seconds by whoever composes: so long is waited for after a kill.
LEASE = timedelta(seconds=45)
ATTEMPTS = 3
# How long a document that was asked for stays, once it is ready or was given up.
KEPT = timedelta(days=3)
BUSY = Refusal("Un autre document vient d’être demandé en votre nom : regardez où il en est.")
BEING_KEPT = Refusal("Ce document s’enregistre à l’instant : il ne s’annule plus.")


class LeaseLost(Exception):  # noqa: N818  (reads as what happened)
    """The document was called off, or another worker has taken it up meanwhile."""


def found(kind: AskedKind, asked: Asked) -> Drawing | None:
    """The document that already says the same to the same people, and is in its folder."""
    digest = kind.digest(asked)
    ready = Drawing.objects.ready().saying(kind.name, digest, asked.audience)
    return next((one for one in ready if one.file.storage.exists(one.file.name)), None)


def request_drawing(
    kind: AskedKind, scope: str, parameters: dict, asked: Asked, *, by: AbstractUser
) -> tuple[Drawing, bool]:
    """The document, and whether it is the one that was asked for: found again, or new.

    It is another one while one of the same person is being prepared. What may be had was asked of
    the kind (``asked``).
    """
    if same := found(kind, asked):
        return same, True
    unfinished = Drawing.objects.filter(requested_by=by).unfinished()
    for _ in range(2):
        if first := unfinished.first():
            return first, unfinished.asked(kind.name, scope, parameters).exists()
        drawing = Drawing(
            kind=kind.name,
            scope=scope,
            parameters=parameters,
            audience=asked.audience,
            title=asked.title[:300],
            name=asked.name,
            origin=asked.origin,
            digest=kind.digest(asked),
            requested_by=by,
            requested_by_name=str(by),
        )
        try:
            with changing():
                move(drawing, CompositionVerb.REQUESTED, by=by)
        except IntegrityError:
            # Another was asked for at the same moment: the next turn finds it.
            continue
        return drawing, True
    raise Refused(BUSY)


@event()
def take(row: Composition) -> int | None:
    """Take a document to compose it: the number of the attempt, or None if it is another's, or
    done. One that has failed too often is given up."""
    now = timezone.now()
    locked = _locked(_same(row).free(now), is_waited_for=False)
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


def hold(row: Composition, attempt: int, **fields) -> None:
    """Hold the lease for longer, and tell how far the composition is; raises LeaseLost."""
    if not _held(row, attempt).update(lease_until=timezone.now() + LEASE, **fields):
        raise LeaseLost


@event()
def go_on_holding(row: Composition, attempt: int) -> None:
    """The same, beside what is being composed: what keeps the document has its row for as long as
    that takes, and is not waited for."""
    if _locked(_held(row, attempt), is_waited_for=False):
        hold(row, attempt)
    elif not _held(row, attempt).exists():
        raise LeaseLost


def keep(row: Composition, attempt: int, content: bytes | File, pages: int | None) -> Composition:
    """Keep the finished document, with what follows from it (``DocumentKind.kept``); an open file
    is read once more, and closed.

    Raises LeaseLost, keeping nothing, if it is another's by now; Refused where its kind does.
    """
    storage, name = row.file.storage, kept_name(row, row.file_name)
    file = content if isinstance(content, File) else ContentFile(content)
    try:
        with file:
            storage.save(name, file)
            size, digest = file.size, _digest_of(file)
        with changing():
            kept = _locked(_held(row, attempt))
            if kept is None:
                raise LeaseLost
            move(
                kept,
                CompositionVerb.KEPT,
                by=None,
                stage="",
                file=name,
                sha256=digest,
                size=size,
                pages=pages,
                finished_at=timezone.now(),
                lease_until=None,
            )
            kept.document.kept(kept)
    except BaseException:
        if not _may_refer_to(row, name):
            storage.delete(name)  # nor half of it, on a full disk
        raise
    return kept


def _digest_of(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _may_refer_to(row: Composition, name: str) -> bool:
    """Whether the document is kept under this name all the same: its commit was made, and the word
    of it was lost with the connection. Who cannot know leaves the file to the sweep."""
    try:
        return _same(row).filter(file=name).exists()
    except Error:
        return True


@event()
def put_back(row: Composition, attempt: int) -> None:
    """After a mistake: to be tried again, or given up after the last attempt."""
    held = _locked(_held(row, attempt))
    if held is None:
        return
    if attempt >= ATTEMPTS:
        _give_up(held)
    else:
        move(held, CompositionVerb.PUT_BACK, by=None, stage="", lease_until=None)


@event()
def give_up(row: Composition, attempt: int, reason: str) -> None:
    """There is nothing to be composed, however often it is tried: ``reason`` says why."""
    if held := _locked(_held(row, attempt)):
        _give_up(held, reason)


@event()
def cancel(row: Composition, *, by: AbstractUser) -> None:
    """Call off a document that is not ready; whoever composes it stops. Raises Refused."""
    standing = _same(row).first()
    if standing is None:
        return
    enforce(may_cancel(by, standing))
    # What keeps it may take long: a page does not wait for it.
    locked = _locked(_same(row), is_waited_for=standing.stage != Stage.KEEPING)
    enforce(may_cancel(by, locked) if locked else BEING_KEPT)
    move(
        locked, CompositionVerb.CANCELLED, by=by, stage="", lease_until=None,
        finished_at=timezone.now(),
    )  # fmt: skip


@event()
def forget(drawing: Composition) -> None:
    """Let a document go with its file."""
    file = drawing.file
    drawing.delete()
    if file:
        transaction.on_commit(lambda: file.storage.delete(file.name))


def _same(row: Composition):
    return type(row).objects.filter(pk=row.pk)


def _held(row: Composition, attempt: int):
    return _same(row).filter(state=CompositionState.COMPOSING, attempts=attempt)


def _locked(rows, *, is_waited_for: bool = True) -> Composition | None:
    """The one row among these, if it still is one of them once it is locked; not waited for, None
    as well while somebody else has it."""
    skips = not is_waited_for
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=skips).first()


def _give_up(row: Composition, reason: str = "") -> None:
    move(
        row, CompositionVerb.GIVEN_UP, by=None, reason=reason, stage="", lease_until=None,
        finished_at=timezone.now(),
    )  # fmt: skip
