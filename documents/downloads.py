"""Responses that hand out stored files, once a view has checked the right."""

from pathlib import PurePosixPath
from typing import TypeVar

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from ctg_portal.hosting.integrity import Stored, open_whole
from ctg_portal.rules import Gone
from ctg_portal.templatetags.french import long_date
from documents.stored_files import StoredFile

Response = TypeVar("Response", bound=HttpResponseBase)

# A file up to this size is read into memory to be handed out.
AT_ONCE = 10 * 1024**2
IMAGE_TYPES = {".png": "image/png", ".jpg": "image/jpeg"}


def serve_image(file: FieldFile) -> HttpResponse:
    """Return an image as a response whose headers let it load or run nothing.

    Images are small (a logo has at most 1 MB), so the file is read whole and closed.
    Raises Http404 when the file is no longer stored.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError:
        raise Http404 from None
    return _image(content, IMAGE_TYPES[PurePosixPath(file.name).suffix.lower()])


def serve_picture(stored: StoredFile) -> HttpResponse:
    """Return a stored picture (``documents.uploads.PICTURES``) as ``serve_image`` does.

    Raises Http404 when it was erased or is no picture, Damaged when it is missing or was altered.
    """
    if stored.erased_at or stored.content_type not in IMAGE_TYPES.values():
        raise Http404
    with open_whole(stored, stored.name) as opened:
        return _image(opened.read(), stored.content_type)


def _image(content: bytes, content_type: str) -> HttpResponse:
    """Return an image as a response that loads and runs nothing, cached by the browser for an
    hour."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def serve_png(content: bytes) -> HttpResponse:
    """Return a PNG that is no file as ``serve_image`` does."""
    return _image(content, "image/png")


def serve_stored_file(stored: StoredFile) -> HttpResponse:
    """Return an uploaded document as an attachment under its name.

    It has at most 10 MB, so the file is read whole and closed.
    Raises Gone when the file was erased, Damaged when it is missing or was altered.
    """
    if stored.erased_at:
        day = long_date(timezone.localtime(stored.erased_at))
        raise Gone(
            f"Le fichier «\u00a0{stored.name}\u00a0» a été effacé le {day}, à la demande d’une"
            " personne qu’il concernait. Son nom, sa date et son empreinte restent."
        )
    return serve_file(stored, stored.name, stored.content_type)


def serve_file(row: Stored, name: str, content_type: str) -> HttpResponseBase:
    """Return the stored file of a row as ``attachment`` does, once it is compared with its digest;
    a large one is read while it is sent. Raises Damaged when it is missing or was altered."""
    opened = open_whole(row, name)
    if opened.size > AT_ONCE:
        return _to_save(FileResponse(opened, content_type=content_type), name)
    with opened:
        return attachment(opened.read(), name, content_type)


def attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return ``content`` as a response to be saved as ``name``: not shown in the browser, and not
    cached."""
    return _to_save(HttpResponse(content, content_type=content_type), name)


def _to_save(response: Response, name: str) -> Response:
    """Set the headers by which a browser saves a response as ``name``, without showing or caching
    it; return the response."""
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
