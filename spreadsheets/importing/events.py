"""A file is brought, its questions are answered, it is kept, undone or abandoned.

What is kept of it goes through the events of the room that takes it, line by line, in one
transaction: the same rows and logs as if it had been typed.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ctg_portal.marks.events import changing, event
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import plural
from ctg_portal.transitions import move
from documents.drawing.events import delete_with_file
from documents.drawing.models import CompositionVerb
from documents.uploads import clean_name
from spreadsheets.importing.adapter import adapter_of
from spreadsheets.importing.preview import Line, Preview
from spreadsheets.importing.reading import keys_shown, preview_of, remember, remember_columns
from spreadsheets.importing.rights import may_abandon, may_apply, may_undo
from spreadsheets.models import MARKED, Application, FileReading, Import, ImportVerb, KeptLine
from spreadsheets.reading.open import is_large

MOVED_ON = Refusal(
    "Ce qui est enregistré a changé depuis cet aperçu : relisez-le, puis enregistrez de nouveau."
)
DIGEST = re.compile("[0-9a-f]{64}")
# Each is kept on the disk for seven days.
MOST_UNDECIDED = 20
TOO_MANY = Refusal(
    f"{MOST_UNDECIDED} de vos fichiers attendent d’être enregistrés ou abandonnés : décidez de "
    "l’un d’eux, puis déposez celui-ci."
)
NOTHING_TO_KEEP = Refusal("Ce fichier ne change rien : il n’y a rien à enregistrer.")
# Of one person, in bytes: the disk is everybody's.
MOST_KEPT = 200 * 1024**2
TOO_MUCH = Refusal(
    "Les fichiers que vous avez déposés ces sept derniers jours pèsent trop lourd ensemble : "
    "abandonnez ceux qui ne servent plus, ou attendez que les plus anciens soient effacés."
)
AT_ONCE = 500
# Of how many lines that cannot be put back a sentence says why.
MOST_TOLD = 3
IS_BEING_KEPT = Refusal("Cet import est déjà en cours d’enregistrement.")
ANOTHER_IS_BEING_KEPT = Refusal(
    "Un autre de vos fichiers est en cours d’enregistrement : attendez qu’il le soit."
)


@event()
def bring(adapter: str, scope: str, upload: UploadedFile, *, by: User | None) -> Import:
    """Take a file in, for its preview; ``by`` None: the system, from its command line. Raises
    Refused where ``by`` brings none there, or has left too many undecided."""
    room = adapter_of(adapter)
    enforce(room.refusal(scope, by))
    upload.seek(0)
    content = upload.read()
    if by is not None:
        own = Import.objects.brought_by(by)
        enforce(TOO_MANY if own.undecided().count() >= MOST_UNDECIDED else None)
        enforce(TOO_MUCH if own.weight + len(content) > MOST_KEPT else None)
    row = Import(
        adapter=adapter,
        scope=scope,
        name=clean_name(upload.name or "tableau"),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_large=by is not None and is_large(content, room.cells_at_once(scope)),
        brought_by=by,
        brought_by_name=str(by or ""),
    )
    row.file.save(row.name, ContentFile(content), save=False)
    move(row, ImportVerb.RECEIVED, by=by)
    _have_read(row, by)
    return row


@event()
def answer(row: Import, answers: dict[str, str], *, by: User) -> Import:
    """Note what was answered in the preview, for this file and the next of that office."""
    row = _free(row)
    enforce(may_apply(by, row))
    row.answers = row.answers | answers
    row.save(update_fields=["answers"])
    remember(row.adapter, adapter_of(row.adapter).office(row.scope, by), answers)
    _have_read(row, by)
    return row


@event()
def say_columns(
    row: Import, columns: dict[str, Any], *, to_remember: dict[str, Any], by: User
) -> Import:
    """Note what the columns of a file contain, and of those ``to_remember``, for the next of its
    office."""
    row = _free(row)
    enforce(may_apply(by, row))
    row.columns = columns
    row.save(update_fields=["columns"])
    remember_columns(row.adapter, adapter_of(row.adapter).office(row.scope, by), to_remember)
    _have_read(row, by)
    return row


@event()
def read_again(row: Import, *, by: User) -> None:
    """Ask for a large file to be read once more: what is there has changed, or it could not be."""
    row = _free(row)
    enforce(may_apply(by, row))
    _have_read(row, by)


def _have_read(row: Import, by: User | None) -> None:
    """Ask the worker for the preview of a large file, unless it is about to read it."""
    if not row.is_large:
        return
    waiting = FileReading.objects.for_import(row).unfinished()
    if waiting.queued().exists():
        return
    for reading in waiting:  # of what was answered before
        move(reading, CompositionVerb.CANCELLED, by=by, stage="", lease_until=None,
             finished_at=timezone.now())  # fmt: skip
    reading = FileReading(import_row=row, requested_by=by, requested_by_name=str(by or ""))
    move(reading, CompositionVerb.REQUESTED, by=by)


@event()
def ask_to_apply(row: Import, *, digest: str, is_partial: bool, by: User) -> Application:
    """Ask for an import to be kept as its preview of this ``digest`` showed it; ``is_partial``:
    what is valid of it, while the rest is refused."""
    row = _free(row)
    enforce(may_apply(by, row))
    others = Application.objects.requested_by(by).unfinished()
    enforce(ANOTHER_IS_BEING_KEPT if others.exists() else None)
    application = Application(
        import_row=row,
        preview=digest if DIGEST.fullmatch(digest) else "",  # of no preview: it is refused as such
        is_partial=is_partial,
        requested_by=by,
        requested_by_name=str(by),
    )
    move(application, CompositionVerb.REQUESTED, by=by)
    return application


def checked(application: Application) -> Preview:
    """Return the preview that is to be kept; raises Refused when it is not the one that was shown,
    or may not be kept."""
    row, by = application.import_row, application.requested_by
    preview = preview_of(row, by)
    enforce(preview.refusal)
    if preview.digest != application.preview:
        raise Refused(MOVED_ON)
    enforce(why_not_kept(preview, is_partial=application.is_partial))
    return preview


def why_not_kept(preview: Preview, *, is_partial: bool) -> Refusal | None:
    """Return why a preview cannot be kept: something is refused and all was wanted, or it is
    nothing."""
    if preview.refusal:
        return preview.refusal
    if not is_partial and not preview.is_whole:
        words = plural(max(preview.refused, 1), "ligne est à corriger,lignes sont à corriger")
        return Refusal(f"{words} : rien n’est enregistré tant qu’il en reste.")
    return None if preview.to_keep else NOTHING_TO_KEEP


def apply_lines(
    row: Import,
    lines: list[Line],
    *,
    by: User | None,
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Keep these lines, all or none; ``report`` is called with how many are kept. Raises Refused,
    of the line that somebody has written meanwhile or may no longer be written."""
    keep = adapter_of(row.adapter).keeper(row.scope, lines, by=by)
    again = row.kept_lines.in_bulk(field_name="pk") if row.is_applied else {}
    already = {line.key: line for line in again.values() if line.undone_at is None}
    rows: list[KeptLine] = []
    for line in lines:
        report(len(rows))
        undoing = keep(line)
        if line.key in already:  # kept once, put right since: it is undone to what was there first
            already[line.key].writing = undoing.writing
            already[line.key].save(update_fields=["writing"])
            continue
        rows.append(
            KeptLine(
                import_row=row,
                key=line.key,
                label=line.label[:300],
                place=line.place[:100],
                before=undoing.before,
                writing=undoing.writing,
            )
        )
    KeptLine.objects.bulk_create(rows, batch_size=AT_ONCE)


@event()
def apply(
    row: Import,
    preview: Preview,
    *,
    by: User | None,
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Keep what a preview shows that was found to be the one to keep (``checked``)."""
    row = _locked(row)
    enforce(may_apply(by, row))
    apply_lines(row, preview.to_keep, by=by, report=report)
    mistakes = _mistakes_of(row, preview, by)
    counts = preview.counts
    if row.is_applied:
        counts |= {name: counts[name] + row.counts.get(name, 0) for name in ("new", "changed")}
    move(row, ImportVerb.APPLIED, by=by, applied_at=timezone.now(), counts=counts,
         mistakes=mistakes)  # fmt: skip


def _mistakes_of(row: Import, preview: Preview, by: User | None) -> list[list[str]]:
    """Return what was refused, each with its row, then the rows alone of what the account tells
    besides: who may read one of them no more reads no account. A row that was not theirs to read is
    none of these, for the file had them know nothing of it."""
    shown = keys_shown(row, preview, by) if by else set()
    refused = [
        [mistake.place, mistake.text, mistake.about, mistake.key if mistake.key in shown else ""]
        for mistake in preview.mistakes
    ]
    known = {line.key for line in preview.to_keep} | {key for *_, key in refused}
    return refused + [["", "", "", key] for key in sorted(shown - known)]


@event()
def undo(row: Import, *, by: User | None) -> tuple[int, list[str]]:
    """Put back what an import has changed, its last line first; how many lines, and those that
    stay, each with why. Raises Refused, where none is put back with why as well."""
    row = _free(row)
    enforce(may_undo(by, row))
    lines, left, back = list(row.kept_lines.filter(undone_at__isnull=True).reverse()), [], []
    put_back = adapter_of(row.adapter).undoer(row.scope, [line.key for line in lines], by=by)
    for line in lines:
        try:
            with changing():
                put_back(line.key, line.before, line.writing)
        except Refused as refused:
            left.insert(0, f"{line.label} : {refused.refusal.reason}")
        else:
            line.undone_at = timezone.now()
            back.append(line)
    if not back and left:
        raise Refused(_none_put_back(left))
    KeptLine.objects.bulk_update(back, ["undone_at"])
    move(row, ImportVerb.UNDONE, by=by, reason="\n".join(left))
    return len(back), left


def _none_put_back(left: list[str]) -> Refusal:
    """« Rien n’est annulé. Mairie de Thuré : cette ligne a été corrigée depuis l’import. »"""
    sentence = " ".join(["Rien n’est annulé.", *left[:MOST_TOLD]])
    if (others := len(left) - MOST_TOLD) > 0:
        sentence += f" {plural(others, 'autre ligne reste aussi,autres lignes restent aussi')}."
    return Refusal(sentence)


@event()
def abandon(row: Import, *, by: User) -> None:
    """Let a file go that was not kept. Raises Refused."""
    row = _free(row)
    enforce(may_abandon(by, row))
    move(row, ImportVerb.ABANDONED, by=by)
    forget_file(row)


def forget_file(row: Import) -> None:
    """Delete the file itself, and its copies; that it was brought stays."""
    for copy in [*row.readings.all(), *row.drawings(MARKED)]:
        delete_with_file(copy)
    file, row.file = row.file, ""
    row.save(update_fields=["file"])
    if file:
        name, storage = file.name, file.storage
        transaction.on_commit(lambda: storage.delete(name))


def _free(row: Import) -> Import:
    """Lock an import for a page, which does not wait until the worker has kept what may be long,
    and is told what another page has asked for while it waited."""
    being_kept = Application.objects.for_import(row).unfinished()
    enforce(IS_BEING_KEPT if being_kept.exists() else None)
    row = _locked(row)
    enforce(IS_BEING_KEPT if being_kept.exists() else None)
    return row


def _locked(row: Import) -> Import:
    return Import.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
