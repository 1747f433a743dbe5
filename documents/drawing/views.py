"""Views of a requested document: its progress, its file, its cancelling."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from documents.drawing.events import cancel
from documents.drawing.handing_out import serve_drawing
from documents.drawing.models import Drawing
from documents.drawing.page import DrawingPage
from documents.drawing.rights import NOT_READY, is_for


def _drawing(request, pk) -> Drawing:
    drawing = get_object_or_404(Drawing.objects, pk=pk)
    if not is_for(request.user, drawing):
        raise Http404
    return drawing


@require_safe
def drawing(request, pk):
    """Show the progress of a document, and once it is ready the link to its file."""
    page = DrawingPage(_drawing(request, pk), request.user)
    return render(request, "documents/drawing/drawing.html", {"page": page})


@require_safe
def drawing_file(request, pk):
    asked = _drawing(request, pk)
    if not asked.is_ready:
        messages.error(request, NOT_READY.reason)
        return redirect(asked)
    return serve_drawing(asked)


@require_POST
def cancel_drawing(request, pk):
    asked = _drawing(request, pk)
    cancel(asked, by=request.user)
    messages.success(request, f"« {asked.title} » ne sera pas composé.")
    return redirect(asked.origin or "conventions:home")
