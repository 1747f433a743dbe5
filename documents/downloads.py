"""Handing out stored files, once a view has checked who asks."""

from pathlib import PurePosixPath

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse

IMAGE_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


def serve_image(file: FieldFile) -> HttpResponse:
    """An image of a page, closed in itself: an SVG opened alone can load or run nothing.

    Images are small (a logo has at most 1 MB), so the file is read whole and closed.
    Raises Http404 when the file is gone from its folder.
    """
    try:
        content = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    with content:
        response = HttpResponse(
            content.read(), content_type=IMAGE_TYPES[PurePosixPath(file.name).suffix.lower()]
        )
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
