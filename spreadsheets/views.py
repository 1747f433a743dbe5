"""A file that was brought: its two steps, what was kept of it, and undoing that."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import plural
from ctg_portal.text.numbers import key_in
from documents.downloads import attachment, serve_file
from documents.drawing.composition import compose
from documents.drawing.handing_out import hand_out
from documents.turns import one_at_a_time
from spreadsheets.importing import events
from spreadsheets.importing.page import SHOWN, ImportPage
from spreadsheets.importing.steps import (
    COLUMNS,
    ROWS,
    ColumnsStep,
    RowsStep,
    answers_in,
    columns_said,
)
from spreadsheets.importing.undoing import UndoingDocument
from spreadsheets.marking.document import MarkedDocument, marked_copy, marked_name
from spreadsheets.marking.marked import marks_of
from spreadsheets.models import Import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How many lines are kept at once, while the page waits; more are the worker’s. One of a plan asks
# some thirty queries.
AT_ONCE = 30

UNDONE = "Ce qu’il avait ajouté est supprimé, ce qu’il avait changé est rétabli."


def page_of(request, pk) -> ImportPage:
    """Return the page of the import, for who brought it and may still bring one there; 404 for all
    others."""
    row = get_object_or_404(Import.objects.brought_by(request.user), pk=pk)
    try:
        page = ImportPage(row, request.user)
        enforce(page.adapter.access(row.scope, request.user))
    except Refused:
        raise Http404 from None
    return page


@require_safe
@one_at_a_time
def import_page(request, pk):
    """Show what the file would change, or has changed."""
    page = page_of(request, pk)
    context = page.adapter.frame(page.row.scope, request) | {"page": page, "shown": SHOWN}
    if not page.progress:
        page.row.refresh_from_db()  # what the worker ended meanwhile, which nobody would look for
    step = page.step(request.GET.get("etape", ""))
    if step == COLUMNS and page.sheetful:
        step_page = ColumnsStep(page.sheetful, request.GET.get("feuille", ""))
        return render(request, "spreadsheets/columns.html", context | {"step": step_page})
    if step == ROWS and page.sheetful:
        number = key_in(request.GET.get("page", "")) or 1
        rows = RowsStep(page.sheetful, request.GET.get("montrer", ""), number)
        return render(request, "spreadsheets/rows.html", context | {"step": rows})
    return render(request, "spreadsheets/import.html", context)


@require_POST
@one_at_a_time
def say_columns(request, pk):
    """Note what the columns of a sheet contain, and read its lines, or its columns again."""
    page = page_of(request, pk)
    if page.sheetful is None:
        return redirect(page.row)
    is_settled = request.POST.get("faire") == "lignes"
    sheets = columns_said(page.sheetful, request.POST)
    remembers = is_settled and request.POST.get("retenir") == "on"

    def note():
        columns = {"sheets": sheets, "is_settled": is_settled}
        events.say_columns(page.row, columns, to_remember={}, by=request.user)
        again = page_of(request, pk)
        if remembers and not again.progress and again.sheetful:
            events.say_columns(
                again.row, columns, to_remember=again.sheetful.to_remember, by=request.user
            )

    _done(request, page, note)
    sheet = urlencode({"etape": COLUMNS, "feuille": request.POST.get("feuille", "")})
    address = page.row.get_absolute_url()
    return redirect(f"{address}?etape={ROWS}" if is_settled else f"{address}?{sheet}")


@require_POST
@one_at_a_time
def correct(request, pk):
    """Note what was put right in lines, then keep what is ready where that was asked."""
    page = page_of(request, pk)
    if page.sheetful is None:
        return redirect(page.row)
    answers = answers_in(page.sheetful, request.POST)
    is_to_keep = request.POST.get("faire") == "enregistrer"

    def note():
        if request.POST.get("digest", "") != page.preview.digest:
            raise Refused(events.MOVED_ON)
        if answers:
            events.answer(page.row, answers, by=request.user)
        again = page_of(request, pk)
        if is_to_keep and again.is_being_read:
            messages.info(request, "Vos corrections se relisent : enregistrez ensuite.")
        elif is_to_keep:
            _keep(request, again, again.preview.digest, is_partial=True)

    _done(request, page, note)
    address = page.row.get_absolute_url()
    page.row.refresh_from_db()
    if is_to_keep and (page.is_being_kept or not page.row.is_received):
        return redirect(address)
    shown = urlencode({"etape": ROWS, "montrer": request.POST.get("montrer", "")})
    return redirect(f"{address}?{shown}")


def _keep(request, page: ImportPage, digest: str, *, is_partial: bool) -> None:
    """Ask for the preview of this digest to be kept, at once where it is short. Raises Refused."""
    application = events.ask_to_apply(
        page.row, digest=digest, is_partial=is_partial, by=request.user
    )
    if len(page.preview.to_keep) <= AT_ONCE and not page.row.is_large:
        compose(application)
        application.refresh_from_db()
        if application.is_failed:
            messages.error(request, application.transitions.last().reason)


@require_POST
def read_again(request, pk):
    """Ask for a large file to be read once more."""
    page = page_of(request, pk)
    return _done(request, page, lambda: events.read_again(page.row, by=request.user))


@require_POST
@one_at_a_time
def undo(request, pk):
    """Put back what it has changed: at once, or by the worker where it is long."""
    page = page_of(request, pk)
    if page.may_be_undone and page.row.kept_lines.count() > AT_ONCE:
        hand_out(request, UndoingDocument.name, pk, {})
        return redirect(page.row)

    def put_back():
        count, left = events.undo(page.row, by=request.user)
        counted = plural(count, page.words.things)
        messages.success(request, f"L’import est annulé pour {counted}. {UNDONE}")
        for line in left:
            messages.warning(request, f"Non annulée. {line}")

    return _done(request, page, put_back)


@require_POST
def abandon(request, pk):
    """Let the file go."""
    page = page_of(request, pk)
    _done(request, page, lambda: events.abandon(page.row, by=request.user))
    return redirect(page.back)


@require_http_methods(["GET", "HEAD", "POST"])
@one_at_a_time
def marked_file(request, pk):
    """Give the file as a workbook, its mistakes marked in their cells; of a large one by the
    worker."""
    page = page_of(request, pk)
    if not page.row.file:
        raise Http404
    if page.row.is_large:
        return hand_out(request, MarkedDocument.name, pk, {})
    try:
        content = marked_copy(page.row, marks_of(page.preview.mistakes))
    except (Refused, FileNotFoundError):
        raise Http404 from None
    return attachment(content, marked_name(page.row), XLSX)


@require_safe
def account(request, pk):
    """Give the account of what was kept, line by line."""
    page = page_of(request, pk)
    if not page.has_account:
        raise Http404
    return serve_file(page.application, f"{page.row.stem}-compte-rendu.xlsx", XLSX)


def _done(request, page: ImportPage, act):
    """Do it, and come back to the page, which says what was refused."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.refusal.reason)
    return redirect(page.row)
