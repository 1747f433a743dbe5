"""The addresses where who coordinates takes along the archive and the file of the convention."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from conventions.access.pages import visible_convention
from conventions.access.rights import coordinates
from conventions.archive.document import ArchiveDocument
from conventions.loading.dump import zip_of
from documents.downloads import attachment
from documents.drawing.handing_out import hand_out


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request, slug):
    """Show the page that asks for the archive, ask for it (POST), or download it."""
    convention = visible_convention(request, slug)
    return hand_out(request, ArchiveDocument.name, convention.pk, {"extension": "zip"})


@require_safe
def convention_file(request, slug) -> HttpResponse:
    """Return the convention as ``load_convention`` reads it, its logos beside, in a ZIP; for who
    coordinates it."""
    convention = visible_convention(request, slug)
    if not coordinates(request.user, convention):
        raise PermissionDenied
    return attachment(zip_of(convention), f"{convention.slug}.zip", "application/zip")
