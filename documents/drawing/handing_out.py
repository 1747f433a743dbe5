"""What the address of a document answers, for the views of all rooms."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from documents.downloads import serve_file
from documents.drawing.events import found, request_drawing
from documents.drawing.kinds import AskedKind, kind_of
from documents.drawing.models import Drawing


def hand_out(request: HttpRequest, kind_name: str, scope, parameters: dict) -> HttpResponse:
    """POST asks for the document, and leads to its file if it is there, else to where it tells how
    far it is. GET gives the file, or offers to have it prepared: it asks for nothing.

    Raises Http404 where the document does not exist for who asks, Refused where it is not drawn.
    """
    kind, scope = kind_of(kind_name), str(scope)
    asked = kind.ask(scope, parameters, request.user)
    if asked is None:
        raise Http404
    if request.method != "POST":
        drawing = found(kind, asked)
        return serve_drawing(drawing) if drawing else _offer(request, asked)
    drawing, is_same = request_drawing(kind, scope, parameters, asked, by=request.user)
    if not is_same:
        messages.warning(
            request,
            "Un autre document est déjà en préparation pour vous : attendez-le ou annulez-le, "
            f"puis demandez de nouveau « {asked.title} ».",
        )
    return redirect(drawing.file_url if drawing.is_ready else drawing)


def asked_in(request: HttpRequest) -> QueryDict:
    """What an address asks for, and the form that was sent to it beside."""
    asked = request.GET.copy()
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken":
            asked.setlist(name, values)
    return asked


def serve_drawing(drawing: Drawing) -> HttpResponse:
    """Its file, to be saved under its name; Http404 when it is gone from its folder."""
    kind: AskedKind = drawing.document
    return serve_file(drawing.file, drawing.name, kind.content_type(drawing.parameters))


def _offer(request: HttpRequest, asked) -> HttpResponse:
    context = {"asked": asked, "address": request.get_full_path()}
    return render(request, "documents/drawing/offer.html", context)
