"""The address where who coordinates asks for the archive and downloads it."""

from django.views.decorators.http import require_http_methods

from conventions.access.pages import visible_convention
from conventions.archive.document import ArchiveDocument
from documents.drawing.handing_out import hand_out


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request, slug):
    """Show the page that asks for the archive, ask for it (POST), or download it."""
    convention = visible_convention(request, slug)
    return hand_out(request, ArchiveDocument.name, convention.pk, {"extension": "zip"})
