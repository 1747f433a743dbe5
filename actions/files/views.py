"""One action sheet, or the plan as the address asks for it, as a file to be saved."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.files.export import EXTENSIONS, export_plan, plan_name
from actions.files.pdf import may_draw, sheet_pdf
from actions.files.reading import read_sheets
from actions.files.word import sheet_docx
from actions.ways.list import Plan, readable_actions
from conventions.pages import visible_convention
from documents.downloads import attachment
from documents.tables import FORMATS
from documents.uploads import clean_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEETS = {"pdf": (sheet_pdf, "application/pdf"), "docx": (sheet_docx, DOCX)}


@require_safe
def sheet_file(request, slug, pk, extension):
    """A sheet, for who may read it."""
    convention = visible_convention(request, slug)
    if extension not in SHEETS:
        raise Http404
    action = get_object_or_404(readable_actions(convention, request.user), pk=pk)
    today = timezone.localdate()
    [sheet] = read_sheets(convention, [action], today)
    write, content_type = SHEETS[extension]
    name = clean_name(f"fiche-{sheet.number}-{slug}.{extension}")
    return attachment(write(sheet, convention, today), name, content_type)


@require_safe
def plan_file(request, slug, extension):
    """What the plan's page shows for the same address; that page again where no file holds it.

    ``choix``: sheets were to be ticked, on the page that this address of the list shows.
    """
    convention = visible_convention(request, slug)
    if extension not in EXTENSIONS:
        raise Http404
    page = reverse("actions:plan", args=[slug])
    if "choix" in request.GET and not request.GET.getlist("fiche"):
        messages.error(request, "Cochez au moins une fiche.")
        return redirect(f"{page}?{QueryDict(request.GET['choix']).urlencode()}")
    today = timezone.localdate()
    plan = Plan(convention, request.user, request.GET, today)
    refusal = may_draw(len(plan.shown)) if extension == "pdf" else None
    if refusal:
        messages.error(request, refusal.reason)
    if refusal or plan.filter.asked is None:
        return redirect(f"{page}?{plan.filter.query}")
    known = len(plan.everything) if plan.is_searched else None
    content = export_plan(convention, plan.shown, today, extension, known=known)
    name = clean_name(plan_name(convention, extension))
    return attachment(content, name, FORMATS[extension][1])
