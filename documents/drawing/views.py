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


def _drawing(request, pk: int) -> Drawing:
    """Return the requested document with this key; raises Http404 unless it is for the user."""
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
    """Return the file of a document; show the page of its progress while it is not ready."""
    asked = _drawing(request, pk)
    if not asked.is_ready:
        messages.error(request, NOT_READY.reason)
        return redirect(asked)
    return serve_drawing(asked)


@require_POST
def cancel_drawing(request, pk):
    """Cancel a document, and go back to the page on which it was requested."""
    asked = _drawing(request, pk)
    cancel(asked, by=request.user)
    messages.success(request, f"« {asked.title} » ne sera pas composé.")
    return redirect(asked.origin or "conventions:home")
