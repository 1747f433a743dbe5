"""Responses of the address of a document, for the views of all rooms."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from documents.downloads import serve_file
from documents.drawing.events import find_ready, request_drawing
from documents.drawing.kinds import AskedKind, kind_of
from documents.drawing.models import Drawing


def hand_out(
    request: HttpRequest, kind_name: str, scope: object, parameters: dict[str, Any]
) -> HttpResponse:
    """Answer a request for a document of this kind.

    POST requests it, and redirects to its file if that is ready, else to the page of its progress.
    GET returns the file, or a page that offers to have it composed; it requests nothing.
    Raises Http404 where the document does not exist for the user, Refused where it is not drawn.
    """
    kind, scope = kind_of(kind_name), str(scope)
    asked = kind.ask(scope, parameters, request.user)
    if asked is None:
        raise Http404
    if request.method != "POST":
        if ready := find_ready(kind, asked):
            return serve_drawing(ready)
        context = {"asked": asked, "address": request.get_full_path()}
        return render(request, "documents/drawing/offer.html", context)
    drawing, is_same = request_drawing(kind, scope, parameters, asked, by=request.user)
    if not is_same:
        messages.warning(
            request,
            "Un autre document est déjà en préparation pour vous : attendez-le ou annulez-le, "
            f"puis demandez de nouveau « {asked.title} ».",
        )
    return redirect(drawing.file_url if drawing.is_ready else drawing)


def submitted_query(request: HttpRequest) -> QueryDict:
    """Return the query of the address, in which the fields of the form that was sent to it replace
    those of the same name."""
    query = request.GET.copy()
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken":
            query.setlist(name, values)
    return query


def serve_drawing(drawing: Drawing) -> HttpResponse:
    """Return the file of a document as an attachment. Raises Damaged when it is missing or was
    altered."""
    kind: AskedKind = drawing.document
    return serve_file(drawing, drawing.name, kind.content_type(drawing.parameters))
