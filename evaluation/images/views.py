"""Images of the texts, served to who may read what shows them."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from conventions.access.pages import visible_convention
from documents.downloads import serve_picture
from evaluation.images.models import Illustration
from evaluation.images.rights import may_see


@require_safe
def image(request, slug, pk):
    """Serve an image to who may see it; Http404 for others."""
    convention = visible_convention(request, slug)
    rows = Illustration.objects.of(convention).select_related("stored")
    illustration = get_object_or_404(rows, pk=pk)
    illustration.convention = convention
    if may_see(request.user, illustration) is not None:
        raise Http404
    return serve_picture(illustration.stored)
