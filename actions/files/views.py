"""Hand out one action sheet, or the plan as the address asks for it, as a file."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from actions.files.documents import PlanDocument, SheetDocument
from actions.files.export import EXTENSIONS, plan_name, plan_table
from actions.files.reading import read_sheets
from actions.files.word import sheet_docx
from actions.plan.reading import readable_actions
from actions.ways.list import Plan
from conventions.access.pages import visible_convention
from ctg_portal.rules import Refused
from documents.downloads import attachment
from documents.drawing.handing_out import hand_out, submitted_query
from documents.tables import FORMATS
from documents.uploads import clean_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A spreadsheet keeps a processor busy for a quarter of a second for each hundred sheets.
AT_ONCE = 300


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_file(request, slug, pk, extension):
    """Hand out a sheet to who may read it: a PDF through the worker, a Word document at once. 404
    for other extensions."""
    convention = visible_convention(request, slug)
    if extension == "pdf":
        return hand_out(request, SheetDocument.name, convention.pk, {"extension": "pdf", "pk": pk})
    if extension != "docx":
        raise Http404
    action = get_object_or_404(readable_actions(convention, request.user), pk=pk)
    today = timezone.localdate()
    [sheet] = read_sheets(convention, [action], today)
    name = clean_name(f"fiche-{sheet.number}-{slug}.docx")
    return attachment(sheet_docx(sheet, convention, today), name, DOCX)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_file(request, slug, extension):
    """Hand out what the plan's page shows for the same query: a spreadsheet of few actions at once,
    other files through the worker.

    Redirects to the page, with a message, where the query makes no sense, no sheet was ticked
    (``choix``: the query of the list on which they were to be) or a PDF would have too many.
    """
    convention = visible_convention(request, slug)
    if extension not in EXTENSIONS:
        raise Http404
    page, asked = reverse("actions:plan", args=[slug]), submitted_query(request)
    if "choix" in asked and not asked.getlist("fiche"):
        messages.error(request, "Cochez au moins une fiche.")
        return redirect(f"{page}?{QueryDict(asked['choix']).urlencode()}")
    today = timezone.localdate()
    plan = Plan(convention, request.user, asked, today)
    if plan.filter.asked is None:
        return redirect(f"{page}?{plan.filter.query}")
    if extension != "pdf" and len(plan.shown) <= AT_ONCE:
        content = plan_table(convention, tuple(a.pk for a in plan.shown), today, extension)
        name = clean_name(plan_name(convention, extension))
        return attachment(content, name, FORMATS[extension][1])
    parameters = {"extension": extension, "query": asked.urlencode()}
    try:
        return hand_out(request, PlanDocument.name, convention.pk, parameters)
    except Refused as refused:
        messages.error(request, refused.refusal.reason)
        return redirect(f"{page}?{plan.filter.query}")
